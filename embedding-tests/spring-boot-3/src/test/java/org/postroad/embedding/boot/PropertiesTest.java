// SPDX-License-Identifier: Apache-2.0
package org.postroad.embedding.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import jakarta.mail.Session;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postroad.api.RecipientReport;
import org.postroad.api.Verdict;
import org.postroad.embedding.TwoDomains;
import org.postroad.provider.MailQueue;
import org.postroad.provider.MxSendFailedException;
import org.springframework.boot.WebApplicationType;
import org.springframework.mail.MailSendException;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.mail.javamail.JavaMailSenderImpl;

/** The provider alone, without the starter, in an application without a line of code for it. */
@Timeout(120)
class PropertiesTest extends BootTesting {

    private static final String STARTER =
            "org.postroad.spring.MxMailSenderAutoConfiguration,org.postroad.spring.MailQueueAutoConfiguration,"
                    + "org.postroad.spring.MailQueueActuatorAutoConfiguration";

    private void start(String protocol, Map<String, String> properties) {
        Map<String, String> all = new HashMap<>(properties);
        all.put("spring.mail.host", "");
        all.put("spring.mail.protocol", protocol);
        all.put("spring.autoconfigure.exclude", STARTER);
        run(PlainApplication.class, WebApplicationType.NONE, all);
    }

    @Test
    void mx_propertiesAreEnough() {
        start("mx", Map.of());
        send();
        assertThat(net.recipients()).containsExactly(TwoDomains.ONE, TwoDomains.TWO);
    }

    @Test
    void mx_theReportIsInTheFailedMessages() {
        net.two().onCommand("RCPT", "550 5.1.1 no such user");
        start("mx", Map.of());
        MailSendException thrown = catchThrowableOfType(MailSendException.class, this::send);
        assertThat(thrown).hasNoCause();
        assertThat(thrown.getMessage().lines().toList())
                .singleElement()
                .asString()
                .contains("Not accepted for 1 of 2 recipients: <b@two.test> FAILED 5.1.1")
                .containsOnlyOnce("no such user");
        assertThat(thrown.getFailedMessages().values())
                .singleElement()
                .isInstanceOfSatisfying(
                        MxSendFailedException.class,
                        failure -> assertThat(failure.report().recipients())
                                .extracting(RecipientReport::verdict)
                                .containsExactly(Verdict.DELIVERED, Verdict.FAILED));
    }

    @Test
    void mxqueue_propertiesAreEnoughForAQueueInAFile(@TempDir Path directory) throws Exception {
        start(
                "mxqueue",
                Map.of("spring.mail.properties.mail.mx.queue.url", "jdbc:sqlite:" + directory.resolve("queue.db")));
        send();
        Session session = ((JavaMailSenderImpl) bean(JavaMailSender.class)).getSession();
        try (MailQueue queue = MailQueue.open(session)) {
            assertThat(queue.drain(Duration.ofSeconds(60))).isTrue();
        }
        assertThat(net.recipients()).containsExactly(TwoDomains.ONE, TwoDomains.TWO);
    }
}
