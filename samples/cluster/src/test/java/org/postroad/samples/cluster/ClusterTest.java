// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The sample works as its README says. */
class ClusterTest {

    @Test
    @Timeout(300)
    void theOtherNodeDeliversTheMailOfTheKilledOne() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        boolean asPromised = Cluster.runs(new PrintStream(printed, true, StandardCharsets.UTF_8));
        String text = printed.toString(StandardCharsets.UTF_8);
        assertThat(asPromised).as(text).isTrue();
        assertThat(text).contains(" was killed when ", "submitted 150", "as promised");
    }

    @Test
    void onlyMailInDoubtMayArriveTwice() {
        Arrived arrived = new Arrived(Map.of("one", 2, "other", 1));
        Set<String> both = Set.of("one", "other");
        assertThat(arrived.isAsPromised(both, Set.of(), Set.of("one"))).isTrue();
        assertThat(arrived.isAsPromised(both, Set.of(), Set.of("other"))).isFalse();
        assertThat(new Arrived(Map.of("one", 3)).isAsPromised(Set.of("one"), Set.of(), Set.of("one")))
                .isFalse();
    }

    @Test
    void submittedMailArrivesAndMailBeingSubmittedMayArrive() {
        Arrived arrived = new Arrived(Map.of("one", 1, "other", 1));
        assertThat(arrived.isAsPromised(Set.of("one", "other", "missing"), Set.of(), Set.of()))
                .isFalse();
        assertThat(arrived.isAsPromised(Set.of("one"), Set.of("other"), Set.of()))
                .isTrue();
        assertThat(arrived.isAsPromised(Set.of("one"), Set.of("another"), Set.of()))
                .isFalse();
    }
}
