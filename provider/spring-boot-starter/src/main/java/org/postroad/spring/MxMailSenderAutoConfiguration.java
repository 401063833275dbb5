// SPDX-License-Identifier: Apache-2.0
package org.postroad.spring;

import java.nio.charset.StandardCharsets;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.mail.MailSender;
import org.springframework.mail.javamail.JavaMailSenderImpl;

/** Configures the {@code JavaMailSender} for {@code mx} and {@code mxqueue}, which Boot itself configures only if there is a host. */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.autoconfigure.mail.MailSenderAutoConfiguration",
            "org.springframework.boot.mail.autoconfigure.MailSenderAutoConfiguration"
        })
@ConditionalOnClass(JavaMailSenderImpl.class)
@ConditionalOnMissingBean(MailSender.class)
@ConditionalOnExpression("{'mx', 'mxqueue'}.contains('${spring.mail.protocol:}')")
public class MxMailSenderAutoConfiguration {

    /** Called by Spring. */
    public MxMailSenderAutoConfiguration() {}

    @Bean
    JavaMailSenderImpl mailSender(Environment environment) {
        JavaMailSenderImpl sender = new JavaMailSenderImpl();
        String protocol = environment.getRequiredProperty("spring.mail.protocol");
        sender.setProtocol(protocol);
        // Code that takes the Session from the sender and calls Transport.send gets the same transport.
        sender.getJavaMailProperties().setProperty("mail.transport.protocol", protocol);
        sender.getJavaMailProperties().setProperty("mail.transport.protocol.rfc822", protocol);
        sender.setDefaultEncoding(
                environment.getProperty("spring.mail.default-encoding", StandardCharsets.UTF_8.name()));
        Binder.get(environment)
                .bind("spring.mail.properties", Bindable.mapOf(String.class, String.class))
                .ifBound(sender.getJavaMailProperties()::putAll);
        return sender;
    }
}
