// SPDX-License-Identifier: Apache-2.0
package org.postroad.embedding.boot;

import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.postroad.embedding.TwoDomains;
import org.postroad.provider.Postroad;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.mail.SimpleMailMessage;
import org.springframework.mail.javamail.JavaMailSenderImpl;

/** Starts an application with properties that could be in its {@code application.properties}. */
abstract class BootTesting {

    TwoDomains net;
    private ConfigurableApplicationContext context;

    @BeforeEach
    void startServers() throws IOException {
        net = TwoDomains.start();
    }

    @AfterEach
    void stop() throws IOException {
        close();
        Postroad.close();
        net.close();
    }

    /** Starts the application, and closes the one before. */
    ConfigurableApplicationContext run(Class<?> application, WebApplicationType type, Map<String, String> properties) {
        close();
        Map<String, Object> all = new TreeMap<>(properties);
        net.settings().forEach((name, value) -> all.put("spring.mail.properties." + name, value));
        context = new SpringApplicationBuilder(application)
                .web(type)
                .properties(all)
                .run();
        return context;
    }

    void close() {
        if (context != null) {
            context.close();
        }
    }

    <T> T bean(Class<T> type) {
        return Objects.requireNonNull(context).getBean(type);
    }

    void send() {
        SimpleMailMessage message = new SimpleMailMessage();
        message.setFrom(TwoDomains.SENDER);
        message.setTo(TwoDomains.ONE, TwoDomains.TWO);
        message.setSubject("Your purchase");
        message.setText("Thank you.\n");
        bean(JavaMailSenderImpl.class).send(message);
    }
}
