// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hybrid groups make the ClientHello larger than a TCP segment, which some middleboxes drop. A failed handshake is repeated without them
 * before the attempt fails or falls back to plaintext, and the server is remembered.
 */
@Timeout(540)
@EnabledForJreRange(min = JRE.JAVA_20, disabledReason = "groups cannot be chosen, and there are no hybrid ones")
class HybridGroupsTest {

    private static final String NOTED = "hybrid groups failed here, and were not offered";

    @TempDir
    Path directory;

    @Test
    void TLS_02_aFailureOfALargeClientHelloIsFollowedByASmallerOne() throws Exception {
        GrowingTimeout.of(Duration.ofSeconds(4), timeout -> {
            Path own = Files.createTempDirectory(directory, "run");
            Map<String, String> outcomes = TrustingJvm.outcomes(
                    HybridGroupsScenarios.class,
                    own,
                    HybridGroupsScenarios.EARLY_SHARES,
                    "-Dpostroad.test.timeout=" + timeout.toSeconds());
            assertPassed(outcomes, "opportunistic", "OPPORTUNISTIC");
            assertPassed(outcomes, "dane", "DANE");
            assertPassed(outcomes, "relay", "VERIFIED");
            assertPassed(outcomes, "implicit", "VERIFIED");
            assertThat(outcomes.get("pass policy")).isEqualTo("hellos large | MTA_STS | failures 0 | ");
            for (String treatment : new String[] {"drop", "reset"}) {
                assertRepeated(outcomes, treatment + " opportunistic", "OPPORTUNISTIC");
                assertRepeated(outcomes, treatment + " dane", "DANE");
                assertRepeated(outcomes, treatment + " relay", "VERIFIED");
                assertRepeated(outcomes, treatment + " implicit", "VERIFIED");
                assertThat(outcomes.get(treatment + " policy"))
                        .isEqualTo("hellos large small | MTA_STS | failures 0 | ");
            }
            assertThat(outcomes.get("only hybrid"))
                    .as("nothing else is offered that was not wanted")
                    .isEqualTo("hellos large large | NONE superseded, NONE, NONE superseded, NONE | failures 2 | ");
            assertThat(outcomes.get("only classical"))
                    .isEqualTo("hellos small small | OPPORTUNISTIC, OPPORTUNISTIC | failures 0 | ");
            assertThat(outcomes.get("tls 1.2"))
                    .isEqualTo("hellos small small | OPPORTUNISTIC, OPPORTUNISTIC | failures 0 | ");
            assertThat(outcomes.get("broken anyway"))
                    .as("what was not the cause is not remembered")
                    .endsWith(" | NONE superseded, NONE superseded, NONE, NONE superseded, NONE superseded, NONE"
                            + " | failures 2 | ");
        });
    }

    private static void assertPassed(Map<String, String> outcomes, String name, String level) {
        assertThat(outcomes.get("pass " + name))
                .isEqualTo("hellos large large | " + level + ", " + level + " | failures 0 | ");
    }

    /** Checks that the second message uses what was learned with the first one. */
    private static void assertRepeated(Map<String, String> outcomes, String name, String level) {
        assertThat(outcomes.get(name))
                .isEqualTo("hellos large small small | NONE superseded, " + level + ", " + level + " | failures 0 | "
                        + NOTED + ", " + NOTED);
    }
}
