// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Local validation of zones signed by ldns and served by NSD, compared with a validating unbound. */
@Tag("peers")
@ExtendWith(PeerLabExtension.class)
class DnssecPeerTest {

    @ParameterizedTest
    @ValueSource(strings = {"nsec.test", "nsec3.test", "rsa.test", "p384.test", "ed25519.test"})
    void dnssec_zonesOfEachAlgorithmHaveTheResultsOfUnbound(String zone, PeerLab lab) {
        assertThat(lab.provedHere(names(zone)))
                .isEqualTo(lab.provedThere(names(zone)))
                .containsExactly(
                        zone + " A no data SECURE",
                        zone + " TXT no data SECURE",
                        "mx." + zone + " A found SECURE",
                        "mx." + zone + " TXT no data SECURE",
                        "any.wild." + zone + " A found SECURE",
                        "any.wild." + zone + " TXT no data SECURE",
                        "here.wild." + zone + " A no data SECURE",
                        "here.wild." + zone + " TXT found SECURE",
                        "b." + zone + " A no data SECURE",
                        "b." + zone + " TXT no data SECURE",
                        "none." + zone + " A no such name SECURE",
                        "none." + zone + " TXT no such name SECURE",
                        "alias." + zone + " A found SECURE",
                        "alias." + zone + " TXT no data SECURE",
                        "x.child." + zone + " A found INSECURE",
                        "x.child." + zone + " TXT no data INSECURE");
    }

    /** NSEC3 opt-out (RFC 5155 §6): where an unsigned delegation is possible, the absence of a name is not proved. */
    @Test
    void dnssec_anOptOutZoneHasTheResultsOfUnbound(PeerLab lab) {
        String zone = "optout.test";
        List<String> theirs = lab.provedThere(names(zone));
        assertThat(theirs)
                .contains(
                        "mx.optout.test A found SECURE",
                        "mx.optout.test TXT no data SECURE",
                        "any.wild.optout.test A found INSECURE",
                        "none.optout.test A no such name INSECURE",
                        "x.child.optout.test A found INSECURE");
        // The absence of a type at a wildcard is insecure here, but dnsjava considers it bogus, so mail is deferred
        // until
        // the zone is corrected.
        assertThat(lab.provedHere(names(zone)))
                .isEqualTo(theirs.stream()
                        .map(line -> line.matches("(any.wild|alias).optout.test TXT no data INSECURE")
                                ? line.replace("no data INSECURE", "failed")
                                : line)
                        .toList());
    }

    private static String[] names(String zone) {
        return Stream.of("", "mx.", "any.wild.", "here.wild.", "b.", "none.", "alias.", "x.child.")
                .map(label -> label + zone)
                .toArray(String[]::new);
    }
}
