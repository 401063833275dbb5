// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.api.Attempt;
import org.postroad.api.Outcome;
import org.postroad.api.Verdict;
import org.postroad.spi.Connector;

/** Overlapping dials in a whole send to a host with both families. */
@Timeout(300)
class OverlappingDialsTransportTest extends TransportTesting {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @BeforeEach
    void ipv6First() {
        properties.setProperty("mail.mx.addressorder", "ipv6");
        properties.setProperty("mail.mx.attemptdelay", "10");
        properties.setProperty("mail.mx.reportsuccess", "true"); // for the report
    }

    @ParameterizedTest
    @CsvSource({"ipv6, 2001:db8::6, 192.0.2.4", "ipv4, 192.0.2.4, 2001:db8::6"})
    void ORDER_06_mailIsSentOverTheOtherFamilyIfOneIsSilent(String first, String silent, String other)
            throws Exception {
        properties.setProperty("mail.mx.addressorder", first);
        connector.hold(silent);

        MxSendFailedException told = failure("a@both.test");

        assertThat(told.report().isComplete()).isTrue();
        List<Attempt> attempts = told.report().domains().get(0).attempts();
        assertThat(attempts)
                .extracting(attempt -> attempt.remote().address().toString())
                .containsExactly(silent, other);
        assertThat(attempts.get(0).outcomes())
                .singleElement()
                .satisfies(result -> assertThat(result.outcome())
                        .isEqualTo(new Outcome.NoAnswer(attempts.get(0).remote() + ": lost the race to " + other)));
        assertThat(attempts.get(0).duration()).isGreaterThanOrEqualTo(Duration.ofMillis(10));
        assertThat(attempts.get(1).outcomes())
                .singleElement()
                .satisfies(result -> assertThat(result.outcome()).isInstanceOf(Outcome.Accepted.class));
    }

    @Test
    void TRY_03_anAddressThatLostTheRaceIsDialledAgainIfTheWinnerFails() throws Exception {
        connector.hold("2001:db8::6");
        mx4.onCommand("MAIL", "451 4.3.0 not now");
        FutureTask<MxSendFailedException> sending = new FutureTask<>(() -> failure("a@both.test"));
        new Thread(sending).start();
        transcript.await(line -> line.startsWith("mx4> 451"), PATIENCE);
        connector.release("2001:db8::6");

        MxSendFailedException told = sending.get();

        assertThat(told.report().isComplete()).isTrue();
        assertThat(mx6.received()).hasSize(1);
        assertThat(told.report().domains().get(0).attempts())
                .extracting(attempt -> attempt.remote().address().toString())
                .containsExactly("192.0.2.4", "2001:db8::6");
    }

    @Test
    void reachability_aSilentFamilyIsDialledFirstOnlyOnce() throws Exception {
        properties.setProperty("mail.mx.idletimeout", "0"); // otherwise no connection would be opened again
        properties.remove("mail.mx.attemptdelay"); // long enough for the working family on a busy machine
        BlockingQueue<String> dials = new LinkedBlockingQueue<>();
        properties.put("mail.mx.connector", (Connector) dial -> {
            dials.add(dial.remote().address().toString());
            return connector.connect(dial);
        });
        connector.hold("2001:db8::6");

        List<String> first = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            assertThat(failure("a@both.test").report().isComplete()).isTrue();
            first.add(dials.remove());
            dials.clear();
        }

        assertThat(first).containsExactly("2001:db8::6", "192.0.2.4", "192.0.2.4");
        assertThat(mx4.received()).hasSize(3);
    }

    @Test
    void ORDER_06_withoutAttemptDelayNothingOverlaps() throws Exception {
        properties.setProperty("mail.mx.attemptdelay", "off");
        properties.setProperty("mail.mx.idletimeout", "0");
        connector.hold("2001:db8::6");
        GrowingTimeout.of(Duration.ofMillis(100), timeout -> {
            int before = transcript.linesOf("connect:").size();
            properties.setProperty("mail.mx.connectiontimeout", String.valueOf(timeout.toMillis()));

            assertThat(failure("a@both.test").report().recipients())
                    .singleElement()
                    .satisfies(report -> assertThat(report.verdict()).isEqualTo(Verdict.DELIVERED));

            List<String> dials = transcript.linesOf("connect:");
            assertThat(dials.subList(before, dials.size()))
                    .containsExactly(
                            "connect: both.test[2001:db8::6]:25 -> held",
                            "connect: both.test[2001:db8::6]:25 -> no answer",
                            "connect: both.test[192.0.2.4]:25 -> connected");
        });
    }
}
