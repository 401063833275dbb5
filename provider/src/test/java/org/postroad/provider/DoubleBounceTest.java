// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Session;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.DeliveryEvent;
import org.postroad.fixtures.ReceivedMessage;
import org.postroad.provider.internal.log.DeliveryLog;
import org.postroad.spi.DeliveryListener;

/** A notice that cannot be delivered (a double bounce) is always logged. */
@Timeout(120)
class DoubleBounceTest extends TransportTesting {

    @TempDir
    Path directory;

    private final List<DeliveryEvent.DoubleBounced> given = new CopyOnWriteArrayList<>();
    private LogTap log;

    @BeforeEach
    void useTheQueue() throws Exception {
        log = LogTap.of(DeliveryLog.LOGGER);
        properties.setProperty("mail.transport.protocol.rfc822", "mxqueue");
        properties.setProperty("mail.transport.protocol", "mxqueue");
        properties.setProperty("mail.mx.queue.url", "jdbc:sqlite:" + directory.resolve("private/queue.db"));
        properties.put("mail.mx.listener", (DeliveryListener) event -> {
            if (event instanceof DeliveryEvent.DoubleBounced bounced) {
                given.add(bounced);
            }
        });
        // Neither the sender nor the recipient exists.
        mx4.onCommand("RCPT TO:<gone@v4.test>", "550 5.1.1 no such recipient");
        mx4.onCommand("RCPT TO:<me@v4.test>", "550 5.1.1 no such sender");
        properties.setProperty("mail.mx.from", "me@v4.test");
    }

    @AfterEach
    void closeLog() {
        log.close();
    }

    private void sendInVain() throws Exception {
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            var message = message("gone@v4.test");
            message.setFrom("me@v4.test");
            message.setSubject("Lost");
            send(message);
            assertThat(queue.drain(Duration.ofSeconds(60))).isTrue();
        }
    }

    @Test
    void doubleBounce_isLoggedAndReportedToTheListener() throws Exception {
        sendInVain();
        assertThat(given).singleElement().satisfies(bounced -> {
            assertThat(bounced.mail().sender()).isEmpty();
            assertThat(bounced.recipients()).singleElement().satisfies(report -> {
                assertThat(report.recipient()).hasToString("me@v4.test");
                assertThat(report.status()).hasToString("5.1.1");
            });
        });
        assertThat(log.problems()).hasSize(2);
        assertThat(log.problems().get(0)).startsWith("WARNING PR-201 failed queue=");
        assertThat(log.problems().get(1))
                .startsWith("WARNING PR-203 double-bounce queue="
                        + given.get(0).mail().queueId().orElseThrow())
                .contains(" domain=v4.test ", " status=5.1.1 reply=550 ");
        assertThat(mx4.received()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sender", "listener", "none"})
    void doubleBounce_anApplicationsMailFromTheNullSenderIsOne(String bounces) throws Exception {
        properties.setProperty("mail.mx.queue.bounces", bounces);
        properties.setProperty("mail.mx.from", "<>");
        sendInVain();
        assertThat(given).hasSize(1);
        assertThat(log.problems()).singleElement().asString().startsWith("WARNING PR-203 double-bounce ");
    }

    @Test
    void doubleBounce_goesToThePostmaster() throws Exception {
        properties.setProperty("mail.mx.queue.postmaster", "postmaster@v4.test");
        sendInVain();
        assertThat(mx4.received()).hasSize(1);
        ReceivedMessage notice = mx4.received().get(0);
        assertThat(notice.recipients()).containsExactly("<postmaster@v4.test>");
        assertThat(transcript.linesOf("mx4< MAIL")).last().asString().startsWith("mx4< MAIL FROM:<>");
        assertThat(notice.text())
                .contains(
                        "To: <postmaster@v4.test>\r\n",
                        "Subject: Undelivered notice: me@v4.test\r\n",
                        "A message from the null sender, mostly a notice about other mail,",
                        "550 5.1.1 no such sender",
                        "Final-Recipient: rfc822; me@v4.test\r\nAction: failed\r\nStatus: 5.1.1\r\n",
                        // Returned: the notice that failed, which contains the message.
                        "Subject: Undelivered mail: gone@v4.test\r\n",
                        "550 5.1.1 no such recipient",
                        "Subject: Lost\r\n")
                .doesNotContain(
                        "Your message could not",
                        "What you can do: Check the address for typing errors, correct\r\n"
                                + "                it, and send the message again. If it is right, ask the person\r\n"
                                + "                in another way which address to use.\r\n\r\n"
                                + "        The mail server mx4.v4.test answered:\r\n\r\n            550 5.1.1 no such sender");
        assertThat(log.problems()).hasSize(2);
        assertThat(given).hasSize(1);
    }

    /** Otherwise notices about notices would never end. */
    @Test
    void doubleBounce_toThePostmasterIsNotSentToThePostmaster() throws Exception {
        properties.setProperty("mail.mx.queue.postmaster", "postmaster@v4.test");
        mx4.onCommand("RCPT TO:<postmaster@v4.test>", "550 5.1.1 no postmaster");
        sendInVain();
        assertThat(mx4.received()).isEmpty();
        assertThat(log.problems()).hasSize(3);
        assertThat(given)
                .extracting(bounced -> bounced.recipients().get(0).recipient().toString())
                .containsExactly("me@v4.test", "postmaster@v4.test");
        assertThat(transcript.linesOf("mx4< RCPT")).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"postmaster", "a@b@", "@v4.test"})
    void postmaster_mustBeAMailbox(String value) throws Exception {
        assertUnreadable("mail.mx.queue.postmaster", value, "a mailbox such as postmaster@example.org");
    }
}
