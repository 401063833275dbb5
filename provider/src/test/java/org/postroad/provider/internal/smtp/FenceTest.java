// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.api.Deadline;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.Mailbox;
import org.postroad.api.Outcome;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.Transcript;
import org.postroad.provider.internal.envelope.Envelope;

/** RETRY-04: neither content that another process may send nor its end is sent. */
@Timeout(300)
class FenceTest {

    private static final Deadline LATER = Deadline.after(Duration.ofMinutes(1));

    private final Watchdog watchdog = new Watchdog();
    private FakeSmtpServer server;

    @BeforeEach
    void start() throws Exception {
        server = FakeSmtpServer.start("mx", Family.IPV4, new Transcript());
    }

    @AfterEach
    void stop() throws Exception {
        watchdog.close();
        server.close();
    }

    private SmtpSession opened() throws Exception {
        return TestSessions.opened(
                SecuredSocket.plain(server.connect()),
                SmtpSettings.defaults(HostName.parse("client.test")),
                watchdog,
                DialogueLog.NONE,
                LATER);
    }

    private static TransactionResult send(SmtpSession session, Fence fence, int octets) {
        Envelope envelope =
                Envelope.of(Optional.of(Mailbox.parse("me@client.test")), List.of(Mailbox.parse("a@example.test")));
        ContentChoice content =
                ContentChoice.only(TestContent.of("Subject: x\r\n\r\n" + "12345678\r\n".repeat(octets / 10)));
        return session.send(envelope, content, new ContentConditions(DataGate.OPEN, fence), LATER);
    }

    @ParameterizedTest
    @CsvSource({
        "1, '', 100", "1, PIPELINING, 100", "1, CHUNKING, 100", "1, PIPELINING CHUNKING, 100",
        "1, PIPELINING CHUNKING, 2500000", "2, '', 100", "2, '', 100000", "2, PIPELINING CHUNKING, 100",
        "2, PIPELINING CHUNKING, 100000", "2, CHUNKING, 2500000"
    })
    void RETRY_04_theServerGetsNoMessageIfTheClaimIsLost(int refusedAt, String keywords, int octets) throws Exception {
        server.keywords(keywords.split(" "));
        AtomicInteger asked = new AtomicInteger();
        Fence fence =
                new Fence(() -> asked.incrementAndGet() < refusedAt ? Optional.empty() : Optional.of("taken over"));
        try (SmtpSession session = opened()) {
            TransactionResult result = send(session, fence, octets);
            assertThat(result.outcomes())
                    .singleElement()
                    .satisfies(each -> assertThat(each.outcome())
                            .isEqualTo(new Outcome.HostUnsuitable(EnhancedStatus.MAIL_SYSTEM_4_3_0, "taken over")));
            assertThat(session.isUsable()).isFalse();
            assertThat(fence.refusal()).contains("taken over");
            assertThat(asked).hasValue(refusedAt);
        }
        server.close(); // nothing more can arrive after this
        assertThat(server.received()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"''", "PIPELINING", "PIPELINING CHUNKING"})
    void RETRY_04_theClaimIsCheckedInEachTransactionWithoutARoundTrip(String keywords) throws Exception {
        server.keywords(keywords.split(" "));
        AtomicInteger asked = new AtomicInteger();
        Fence fence = new Fence(() -> {
            asked.incrementAndGet();
            return Optional.empty();
        });
        try (SmtpSession session = opened()) {
            send(session, Fence.NONE, 100);
            send(session, Fence.NONE, 100);
            int before = server.turns();
            send(session, Fence.NONE, 100);
            int without = server.turns() - before;
            send(session, fence, 100);
            assertThat(server.turns() - before - without).isEqualTo(without);
        }
        assertThat(asked).hasValue(2); // before the content and before its end
        assertThat(server.received()).hasSize(4);
    }
}
