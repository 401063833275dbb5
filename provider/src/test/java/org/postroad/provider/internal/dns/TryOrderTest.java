// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postroad.api.Deadline;
import org.postroad.fixtures.VirtualClock;

/** When each server is queried if all are silent, in virtual time. */
class TryOrderTest {

    private static final Duration TWO_SECONDS = Duration.ofSeconds(2);
    private static final InetSocketAddress A = DnsTesting.server("192.0.2.1");
    private static final InetSocketAddress B = DnsTesting.server("192.0.2.2");
    private static final InetSocketAddress C = DnsTesting.server("192.0.2.3");

    private final VirtualClock clock = new VirtualClock();

    @Test
    void dns_theLastTryHasTheRemainingTime() {
        assertThat(silence(Duration.ofSeconds(10), 2, A)).containsExactly("1 for PT2S", "1 for PT8S");
        assertThat(silence(Duration.ofSeconds(30), 2, A)).containsExactly("1 for PT2S", "1 for PT28S");
        assertThat(silence(Duration.ofSeconds(30), 1, A)).containsExactly("1 for PT30S");
        assertThat(silence(Duration.ofSeconds(10), 2, A, B))
                .containsExactly("1 for PT2S", "2 for PT2S", "1 for PT2S", "2 for PT4S");
    }

    @Test
    void dns_aSilentServerLeavesTimeForTheNextHoweverShortItIs() {
        for (Duration all : List.of(Duration.ofSeconds(4), Duration.ofSeconds(1), Duration.ofMillis(4))) {
            Duration quarter = all.dividedBy(4);
            assertThat(silence(all, 2, A, B))
                    .containsExactly("1 for " + quarter, "2 for " + quarter, "1 for " + quarter, "2 for " + quarter);
        }
        assertThat(silence(Duration.ofMillis(900), 1, A, B, C))
                .containsExactly("1 for PT0.3S", "2 for PT0.3S", "3 for PT0.3S");
    }

    @Test
    void dns_aServerThatAnsweredLeavesItsTimeToTheOthers() {
        TryOrder order = order(Duration.ofSeconds(6), 2, A, B);
        assertThat(order.next()).contains(A);
        assertThat(order.share().remaining()).isEqualTo(Duration.ofMillis(1500));
        order.remove(A);
        assertThat(order.next()).contains(B);
        assertThat(order.share().remaining()).isEqualTo(TWO_SECONDS);
        clock.advance(TWO_SECONDS);
        assertThat(order.next()).contains(B);
        assertThat(order.share().remaining()).isEqualTo(Duration.ofSeconds(4));
        assertThat(order.next()).isEmpty();
    }

    @Test
    void dns_aServerThatIsNamedTwiceIsOneServer() {
        assertThat(silence(Duration.ofSeconds(10), 1, A, B, A)).containsExactly("1 for PT2S", "2 for PT8S");
    }

    private List<String> silence(Duration all, int rounds, InetSocketAddress... servers) {
        TryOrder order = order(all, rounds, servers);
        List<String> tries = new ArrayList<>();
        for (var next = order.next(); next.isPresent(); next = order.next()) {
            Duration share = order.share().remaining();
            tries.add(next.get().getAddress().getAddress()[3] + " for " + share);
            clock.advance(share);
        }
        return tries;
    }

    private TryOrder order(Duration all, int rounds, InetSocketAddress... servers) {
        return new TryOrder(List.of(servers), rounds, TWO_SECONDS, Deadline.after(all, clock));
    }
}
