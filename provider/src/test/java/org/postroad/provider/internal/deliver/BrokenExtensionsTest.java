// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.RemoteMta;
import org.postroad.fixtures.VirtualClock;
import org.postroad.provider.internal.smtp.SmtpSettings;

/** Servers that are remembered because they fail when an extension is used. */
class BrokenExtensionsTest {

    private static final SmtpSettings ALL = SmtpSettings.defaults(HostName.parse("client.test"));

    private final VirtualClock clock = new VirtualClock();
    private final BrokenExtensions broken = new BrokenExtensions(clock);

    private static RemoteMta remote(int number) {
        return new RemoteMta(
                RemoteMta.Role.MAIL_EXCHANGER,
                HostName.parse("mx.test"),
                IpAddress.parse("192.0." + number / 256 + "." + number % 256),
                25);
    }

    @Test
    void extensions_anExtensionThatAServerFailsOnIsNotUsedForALimitedTime() {
        broken.learn(remote(1), true);
        broken.learn(remote(2), false);
        assertThat(broken.fit(remote(0), ALL)).isEqualTo(ALL);
        assertThat(broken.fit(remote(1), ALL)).isEqualTo(ALL.with(true, false));
        assertThat(broken.fit(remote(2), ALL)).isEqualTo(ALL.with(false, false));
        clock.advance(BrokenExtensions.REMEMBERED);
        assertThat(broken.fit(remote(2), ALL)).isEqualTo(ALL.with(false, false));
        clock.advance(Duration.ofNanos(1));
        assertThat(broken.fit(remote(2), ALL)).isEqualTo(ALL);
    }

    @Test
    void extensions_anExtensionThatIsSwitchedOffStaysOff() {
        broken.learn(remote(1), true);
        assertThat(broken.fit(remote(1), ALL.with(false, true))).isEqualTo(ALL.with(false, false));
    }

    @Test
    void extensions_theMoreRestrictiveOfTwoEntriesApplies() {
        broken.learn(remote(1), false);
        broken.learn(remote(1), true);
        assertThat(broken.fit(remote(1), ALL)).isEqualTo(ALL.with(false, false));
    }

    @Test
    void extensions_aSecondFailureOfChunkingSaysNothingAboutPipelining() {
        broken.learn(remote(1), true);
        broken.learn(remote(1), true);
        assertThat(broken.fit(remote(1), ALL)).isEqualTo(ALL.with(true, false));
    }

    @Test
    void extensions_theNumberOfServersRememberedHasALimit() {
        for (int i = 0; i <= BrokenExtensions.MAX_SERVERS; i++) {
            broken.learn(remote(i), true);
        }
        assertThat(broken.fit(remote(0), ALL)).isEqualTo(ALL);
        assertThat(broken.fit(remote(1), ALL)).isEqualTo(ALL.with(true, false));
    }
}
