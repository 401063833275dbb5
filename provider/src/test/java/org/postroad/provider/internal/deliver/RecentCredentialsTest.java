// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.postroad.api.Credentials;
import org.postroad.api.Relay;
import org.postroad.fixtures.VirtualClock;

/** Which credentials are remembered for a relay, and for how long. */
class RecentCredentialsTest {

    private static final Relay RELAY = Relay.parse("smtp://relay.test:587");
    private static final Relay OTHER = Relay.parse("smtp://relay.test:588");

    private final VirtualClock clock = new VirtualClock();
    private final RecentCredentials recent = new RecentCredentials(clock);

    private static Credentials token(int number) {
        return new Credentials("me", "token-" + number);
    }

    @Test
    void RELAY_04_theLatestCredentialsOfARelayAreRemembered() {
        for (int number = 0; number < 6; number++) {
            recent.add(RELAY, token(number));
        }
        recent.add(RELAY, token(2));
        recent.add(RELAY, token(2));
        assertThat(recent.of(RELAY)).containsExactlyInAnyOrder(token(3), token(4), token(5), token(2));
        assertThat(recent.of(OTHER)).isEmpty();
    }

    @Test
    void RELAY_04_credentialsAreForgottenAfterAnHour() {
        recent.add(RELAY, token(1));
        clock.advance(Duration.ofHours(1).plusSeconds(1));
        assertThat(recent.of(RELAY)).isEmpty();
    }
}
