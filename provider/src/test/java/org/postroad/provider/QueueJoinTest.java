// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.api.Domain;
import org.postroad.provider.internal.engine.OpenQueues;
import org.postroad.spi.DeliveryListener;

/** Sessions that join an open queue, and sends into a queue that is not open. */
@Timeout(120)
class QueueJoinTest extends TransportTesting {

    @TempDir
    Path directory;

    @BeforeEach
    void useTheQueue() {
        properties.setProperty("mail.transport.protocol.rfc822", "mxqueue");
        properties.setProperty("mail.mx.queue.url", "jdbc:sqlite:" + directory.resolve("queue.db"));
    }

    private Session session() {
        return Session.getInstance(properties);
    }

    private static List<String> logged(LogTap log, String level) {
        return log.records().stream()
                .filter(entry -> entry.getLevel().getName().equals(level))
                .map(LogRecord::getMessage)
                .toList();
    }

    @Test
    void queue_aRefusedSettingLeavesNothingOpen() throws Exception {
        properties.setProperty("mail.mx.queue.lease", "soon");
        assertThatThrownBy(() -> MailQueue.open(session())).hasMessageContaining("mail.mx.queue.lease");
        properties.setProperty("mail.mx.queue.lease", "1m");
        try (MailQueue queue = MailQueue.open(session())) {
            assertThat(queue.size()).isZero();
        }
    }

    @Test
    void queue_thePasswordOfAnotherDatabaseIsNotShown() {
        properties.setProperty("mail.mx.queue.url", "jdbc:postgresql://me:tops3cret@db.test/mail?password=tops3cret");
        assertThatThrownBy(() -> MailQueue.open(session()))
                .hasMessageContaining("jdbc:postgresql:")
                .hasMessageContaining("jdbc:sqlite:")
                .satisfies(e -> assertThat(e.toString()).doesNotContain("tops3cret"));
    }

    @Test
    void queue_settingsWithoutEffectAreNamedOnce() throws Exception {
        try (LogTap log = LogTap.of(OpenQueues.class);
                MailQueue first = MailQueue.open(session())) {
            properties.setProperty("mail.mx.queue.concurrency", "7");
            properties.put("mail.mx.timeout", Duration.ofMinutes(1));
            properties.setProperty("mail.mx.from", "each.send@client.test");
            properties.setProperty("mail.mx.relay", "smtp://me:tops3cret@relay.test");
            MailQueue.open(session()).close();
            MailQueue.open(session()).close();
            Transport.send(message("a@v4.test"));
            assertThat(logged(log, "WARNING"))
                    .singleElement()
                    .asString()
                    .contains("mail.mx.queue.concurrency", "mail.mx.timeout", "mail.mx.relay", "queue.db")
                    .doesNotContain("tops3cret", "mail.mx.from", "mail.mx.localhost");
            assertThat(first.drain(Duration.ofSeconds(60))).isTrue();
        }
    }

    @Test
    void queue_anotherListenerHasNoEffect() throws Exception {
        properties.put("mail.mx.listener", (DeliveryListener) event -> {});
        try (LogTap log = LogTap.of(OpenQueues.class);
                MailQueue first = MailQueue.open(session())) {
            MailQueue.open(session()).close();
            assertThat(logged(log, "WARNING")).isEmpty();
            properties.put("mail.mx.listener", (DeliveryListener) event -> {});
            MailQueue.open(session()).close();
            assertThat(logged(log, "WARNING")).singleElement().asString().contains(": mail.mx.listener");
            assertThat(first.size()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"queue.poll, never", "queue.schedule, 1", "queue.suppress, perhaps", "queue.lease, 1s"})
    void queue_settingsOfALaterSessionAreChecked(String name, String value) throws Exception {
        try (LogTap log = LogTap.of(OpenQueues.class);
                MailQueue first = MailQueue.open(session())) {
            properties.setProperty("mail.mx." + name, value);
            assertThatThrownBy(() -> MailQueue.open(session()))
                    .isInstanceOf(MessagingException.class)
                    .hasMessageContaining("mail.mx." + name);
            assertThatThrownBy(() -> Transport.send(message("a@v4.test")))
                    .isInstanceOf(MessagingException.class)
                    .hasMessageContaining("mail.mx." + name);
            assertThat(first.size()).isZero();
            assertThat(logged(log, "WARNING")).isEmpty();
        }
        properties.remove("mail.mx." + name);
        MailQueue.open(session()).close(); // a rejected handle does not keep the queue open
    }

    @Test
    void queue_aSendThatOpensItLogsTheNumberOfWaitingMessages() throws Exception {
        try (MailQueue queue = MailQueue.open(session())) {
            queue.pause(Domain.parse("v4.test"));
            Transport.send(message("a@v4.test"));
            Transport.send(message("b@v4.test"));
        }
        try (LogTap log = LogTap.of(OpenQueues.class)) {
            Transport.send(message("c@v4.test"));
            Transport.send(message("d@v4.test"));
            assertThat(logged(log, "WARNING"))
                    .singleElement()
                    .asString()
                    .contains("2 messages are waiting", "queue.db", "MailQueue.open");
        }
    }

    @Test
    void queue_aSendIntoAnOpenQueueLogsNothing() throws Exception {
        try (LogTap log = LogTap.of(OpenQueues.class);
                MailQueue queue = MailQueue.open(session())) {
            Transport.send(message("a@v4.test"));
            assertThat(logged(log, "INFO")).isEmpty();
            assertThat(queue.drain(Duration.ofSeconds(60))).isTrue();
        }
    }
}
