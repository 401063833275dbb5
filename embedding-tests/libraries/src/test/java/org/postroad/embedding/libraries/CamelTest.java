// SPDX-License-Identifier: Apache-2.0
package org.postroad.embedding.libraries;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Properties;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.component.mail.MailComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.embedding.TwoDomains;
import org.postroad.provider.MxTransport;

/** Camel. Its URIs demand a host, which is not used. */
@Timeout(60)
class CamelTest extends LibraryTesting {

    private static final String PARAMETERS = "://unused.invalid?from=" + TwoDomains.SENDER + "&to=" + TwoDomains.ONE
            + "," + TwoDomains.TWO + "&subject=Hello&additionalJavaMailProperties=#settings";

    private DefaultCamelContext camel;

    @BeforeEach
    void startCamel() {
        camel = new DefaultCamelContext();
        camel.addComponent("mx", new MailComponent());
        camel.start();
    }

    @AfterEach
    void stopCamel() {
        camel.stop();
    }

    private void send(String scheme, Properties settings) throws Exception {
        camel.getRegistry().bind("settings", settings);
        camel.createProducerTemplate().sendBody(scheme + PARAMETERS, "Hello\n");
    }

    @Test
    void mx_byComponent() throws Exception {
        send("mx", properties());
        assertArrived();
    }

    @Test
    void mx_byTheClassOfSmtp() throws Exception {
        Properties settings = new Properties();
        settings.putAll(net.settings());
        settings.setProperty("mail.smtp.class", MxTransport.class.getName());
        send("smtp", settings);
        assertArrived();
    }

    @Test
    void mx_theReportIsInTheCause() {
        refuseTheSecond();
        assertTells(catchThrowableOfType(CamelExecutionException.class, () -> send("mx", properties()))
                .getCause());
    }
}
