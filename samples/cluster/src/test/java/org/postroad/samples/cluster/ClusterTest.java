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

/** The sample does what its README says. */
class ClusterTest {

    @Test
    @Timeout(90)
    void theOtherNodeDeliversWhatTheKilledOneLeft() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        boolean asPromised = Cluster.runs(new PrintStream(printed, true, StandardCharsets.UTF_8));
        String text = printed.toString(StandardCharsets.UTF_8);
        assertThat(asPromised).as(text).isTrue();
        assertThat(text).contains("node-1 was killed when", "arrived: 300 of 300", "as promised");
    }

    @Test
    void aMessageThatWasNotInDoubtMayNotArriveTwice() {
        Arrived arrived = new Arrived(Map.of("one", 2, "other", 1));
        assertThat(arrived.isAsPromised(2, Set.of("other"))).isFalse();
        assertThat(arrived.isAsPromised(2, Set.of("one"))).isTrue();
        assertThat(arrived.isAsPromised(3, Set.of("one"))).isFalse();
        assertThat(new Arrived(Map.of("one", 3)).isAsPromised(1, Set.of("one"))).isFalse();
    }
}
