// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.RecipientReport;
import org.postroad.api.RecordType;
import org.postroad.api.Verdict;
import org.postroad.fixtures.DnsFault;
import org.postroad.fixtures.Misbehaviour;
import org.postroad.fixtures.SilentPort;

/** Interrupting the sending thread stops the send, and the report shows how far it got. */
@Timeout(300)
class InterruptTest extends TransportTesting {

    /** The result on the sending thread. */
    private record Ended(MxSendFailedException failure, boolean stillInterrupted) {

        List<RecipientReport> reports() {
            return failure.report().recipients();
        }
    }

    private Ended interruptedAfter(List<String> lines, String... recipients) throws Exception {
        FutureTask<Ended> sending = new FutureTask<>(
                () -> new Ended(failure(recipients), Thread.currentThread().isInterrupted()));
        Thread thread = new Thread(sending);
        thread.start();
        for (String line : lines) {
            transcript.await(said -> said.startsWith(line), Duration.ofSeconds(30));
        }
        thread.interrupt();
        return sending.get();
    }

    @Test
    void interrupt_recipientsThatWereDeliveredAreReported() throws Exception {
        mx6.onCommand("MAIL", Misbehaviour.STALL);
        Ended ended = interruptedAfter(List.of("mx6: STALL", "mx4: closed"), "a@v4.test", "b@v6.test");
        assertThat(ended.reports())
                .extracting(RecipientReport::verdict)
                .containsExactly(Verdict.DELIVERED, Verdict.DEFERRED);
        assertThat(ended.stillInterrupted()).isTrue();
        assertThat(mx4.received()).hasSize(1);
    }

    @Test
    void TRY_05_aRecipientIsInDoubtIfAnInterruptComesAfterTheFinalDot() throws Exception {
        mx4.onEndOfData(Misbehaviour.STALL);
        assertThat(interruptedAfter(List.of("mx4: STALL"), "a@v4.test").reports())
                .extracting(RecipientReport::verdict)
                .containsExactly(Verdict.IN_DOUBT);
    }

    @Test
    void interrupt_endsTheWaitForDns() throws Exception {
        dns.fault("mx4.v4.test", RecordType.A, DnsFault.HELD);
        assertThat(interruptedAfter(List.of("dns: A mx4.v4.test"), "a@v4.test").reports())
                .singleElement()
                .satisfies(report -> {
                    assertThat(report.verdict()).isEqualTo(Verdict.DEFERRED);
                    assertThat(report.status()).isEqualTo(EnhancedStatus.MAIL_SYSTEM_4_3_0);
                });
        assertThat(mx4.connections()).isZero();
    }

    @Test
    void interrupt_endsADial() throws Exception {
        connector.hold("192.0.2.4");
        properties.setProperty("mail.mx.connectiontimeout", "10m");
        assertThat(interruptedAfter(List.of("connect: mx4.v4.test[192.0.2.4]:25 -> held"), "a@v4.test")
                        .reports())
                .extracting(RecipientReport::verdict)
                .containsExactly(Verdict.DEFERRED);
        transcript.await(line -> line.endsWith("given up"), Duration.ofSeconds(30));
    }

    @Test
    void interrupt_endsADialOfTheBuiltInConnector() throws Exception {
        try (SilentPort silent = SilentPort.open("127.0.0.1")) {
            dialThere(silent);
            assertThat(interruptedAfter(List.of("connecting"), "a@v4.test").reports())
                    .extracting(RecipientReport::verdict)
                    .containsExactly(Verdict.DEFERRED);
        }
    }

    @Test
    void interrupt_aDeliveryThatHasNotStartedDoesNotStart() throws Exception {
        mx4.onConnect(Misbehaviour.STALL);
        // One domain more than can be served concurrently, all with the same silent server.
        properties.setProperty("mail.mx.maxconnections", "32");
        properties.setProperty("mail.mx.routes", "*=[192.0.2.4]");
        String[] recipients =
                IntStream.range(0, 33).mapToObj(i -> "u@d" + i + ".test").toArray(String[]::new);
        assertThat(interruptedAfter(List.of("mx4: STALL"), recipients).reports())
                .hasSize(33)
                .extracting(RecipientReport::verdict)
                .containsOnly(Verdict.DEFERRED);
        assertThat(mx4.connections()).isLessThan(33);
    }

    @Test
    void interrupt_doesNotAffectAnotherSend() throws Exception {
        mx4.onCommand("MAIL", Misbehaviour.STALL, 1);
        assertThat(interruptedAfter(List.of("mx4: STALL"), "a@v4.test").reports())
                .hasSize(1);
        send(message("a@v4.test"));
        assertThat(mx4.received()).hasSize(1);
    }
}
