// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.MessagingException;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postroad.fixtures.TestCertificates;
import org.postroad.samples.benchmarks.wire.Loopback;
import org.postroad.samples.benchmarks.wire.Offers;
import org.postroad.samples.benchmarks.wire.Tally;

/** Every client sends the whole message, in the expected number of round trips. */
@NullMarked
@Timeout(300)
class ContenderTest {

    @ParameterizedTest
    @EnumSource
    void everyClientSendsTheWholeMessage(Contender contender) throws Exception {
        for (Start start : Start.values()) {
            try (Destination destination = Destination.near(Offers.PIPELINING_AND_CHUNKING);
                    Client client =
                            contender.client(new ClientTask(destination.route(), start, 3, SampleMessage.SMALL))) {
                client.send();
                client.send();
                Tally tally = destination.tally();
                assertThat(tally.messages()).isEqualTo(2);
                assertThat(tally.octets()).isBetween(2 * 8000L, 2 * 8400L);
            }
        }
    }

    /** Uses a server that resets the connection instead of sending a greeting. */
    @ParameterizedTest
    @EnumSource
    void withoutAServerOnlySendingFails(Contender contender) throws Exception {
        try (Destination destination = Destination.near(Offers.NEITHER);
                ServerSocket leaving = Loopback.listen();
                Client client = contender.client(new ClientTask(
                        new Destination.Route(
                                leaving.getLocalPort(), destination.route().dns()),
                        Start.WARM,
                        1,
                        SampleMessage.SMALL))) {
            FutureTask<Void> resetting = new FutureTask<>(() -> {
                try (Socket connection = leaving.accept()) {
                    connection.setSoLinger(true, 0);
                }
                return null;
            });
            new Thread(resetting).start();
            assertThatThrownBy(client::send).isInstanceOfAny(IOException.class, MessagingException.class);
            resetting.get();
        }
    }

    /** The known behaviour of these clients shows whether the sink counts correctly. */
    @Test
    void theRoundTripsOfEachClientAreAsExpected() throws Exception {
        Offers encrypted =
                Offers.PIPELINING_AND_CHUNKING.with(TestCertificates.create().serverContext(Destination.EXCHANGER));
        assertThat(roundTrips(Contender.RAW, Start.COLD, Offers.PIPELINING_AND_CHUNKING))
                .isEqualTo(4 + 4);
        assertThat(roundTrips(Contender.RAW, Start.WARM, Offers.PIPELINING_AND_CHUNKING))
                .isEqualTo(4 + 1);
        // connect, greeting, EHLO, MAIL, three RCPT, DATA, content
        assertThat(roundTrips(Contender.ANGUS, Start.COLD, Offers.NEITHER)).isEqualTo(9 + 9);
        assertThat(roundTrips(Contender.ANGUS, Start.WARM, Offers.NEITHER)).isEqualTo(9 + 6);
        // STARTTLS, the handshake of TLS 1.3, EHLO again
        assertThat(roundTrips(Contender.ANGUS, Start.COLD, encrypted)).isEqualTo(12 + 12);
    }

    /** Returns the round trips of two messages. */
    private static long roundTrips(Contender contender, Start start, Offers offers) throws Exception {
        try (Destination destination = Destination.near(offers);
                Client client = contender.client(new ClientTask(destination.route(), start, 3, SampleMessage.SMALL))) {
            client.send();
            client.send();
            return destination.tally().roundTrips();
        }
    }
}
