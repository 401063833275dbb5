// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.api.Deadline;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.RemoteMta;
import org.postroad.fixtures.VirtualClock;
import org.postroad.provider.internal.tls.TlsHandshakes.Groups;

/** Which servers are offered hybrid groups, and how long a handshake with them may take. */
class HybridGroupFailuresTest {

    private final VirtualClock clock = new VirtualClock();
    private final HybridGroupFailures failures = new HybridGroupFailures(clock);

    private static RemoteMta remote(int port) {
        return new RemoteMta(
                RemoteMta.Role.MAIL_EXCHANGER, HostName.parse("mx.test"), IpAddress.parse("192.0.2.1"), port);
    }

    @Test
    void tls_aServerThatFailedWithHybridGroupsGetsClassicalOnesForALimitedTime() {
        failures.failed(remote(25));
        assertThat(failures.groupsFor(remote(25))).isEqualTo(Groups.CLASSICAL);
        assertThat(failures.groupsFor(remote(26))).isEqualTo(Groups.ALL);
        clock.advance(HybridGroupFailures.REMEMBERED.plusNanos(1));
        assertThat(failures.groupsFor(remote(25))).isEqualTo(Groups.ALL);
    }

    @Test
    void tls_aServerThatFailsWithClassicalGroupsTooGetsAllAgain() {
        failures.failed(remote(25));
        failures.sizeWasNotTheCause(remote(25));
        assertThat(failures.groupsFor(remote(25))).isEqualTo(Groups.ALL);
    }

    /** Half of the time is left for a second handshake. */
    @ParameterizedTest
    @CsvSource({"PT4S, PT2S", "PT19S, PT9.5S", "PT20S, PT10S", "PT21S, PT10S", "PT10M, PT10S"})
    void tls_aHandshakeWithHybridGroupsLeavesTimeForAnother(Duration time, Duration limit) {
        Deadline until = Deadline.after(time, clock);
        assertThat(HybridGroupFailures.limit(until).remaining()).isEqualTo(limit);
    }
}
