// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Uses a real clock, so it only checks that nothing arrives too early. */
@NullMarked
@Timeout(300)
class LatencyProxyTest {

    private static final Duration ROUND_TRIP = Duration.ofMillis(40);

    @Test
    void theGreetingTakesTwoRoundTripsAndEachExchangeOne() throws Exception {
        try (Sink sink = Sink.start(Offers.PIPELINING_AND_CHUNKING);
                LatencyProxy proxy = LatencyProxy.start(sink.address(), ROUND_TRIP)) {
            long begin = System.nanoTime();
            try (Talk client = new Talk(proxy.address())) {
                client.reply();
                assertThat(since(begin)).isGreaterThanOrEqualTo(ROUND_TRIP.multipliedBy(2));
                client.say("EHLO client.test\r\n");
                client.reply();
                assertThat(since(begin)).isGreaterThanOrEqualTo(ROUND_TRIP.multipliedBy(3));
            }
        }
    }

    @Test
    void everythingArrives() throws Exception {
        int size = 5_000_000;
        try (Sink sink = Sink.start(Offers.PIPELINING_AND_CHUNKING);
                LatencyProxy proxy = LatencyProxy.start(sink.address(), ROUND_TRIP);
                Talk client = new Talk(proxy.address())) {
            client.reply();
            client.say("BDAT " + size + " LAST\r\n");
            client.say(new byte[size]);
            client.say("QUIT\r\n");
            assertThat(client.codes(2)).isEqualTo("250 221");
            assertThat(client.isOver()).isTrue();
            assertThat(sink.tally().octets()).isEqualTo(size);
        }
    }

    @Test
    void withoutAServerTheConnectionIsClosed() throws Exception {
        InetSocketAddress nobody;
        try (ServerSocket closedSoon = Loopback.listen()) {
            nobody = Loopback.at(closedSoon.getLocalPort());
        }
        try (LatencyProxy proxy = LatencyProxy.start(nobody, ROUND_TRIP);
                Talk client = new Talk(proxy.address())) {
            assertThat(client.isOver()).isTrue();
        }
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }
}
