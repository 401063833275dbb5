// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.samples.benchmarks.client.Contender;
import org.postroad.samples.benchmarks.client.Destination;
import org.postroad.samples.benchmarks.client.Errand;
import org.postroad.samples.benchmarks.client.Letter;
import org.postroad.samples.benchmarks.client.Start;
import org.postroad.samples.benchmarks.wire.Offers;
import org.postroad.samples.benchmarks.wire.Tally;

@NullMarked
@Timeout(300)
class CrewTest {

    @Test
    void everyThreadSendsItsMessagesOverItsOwnConnection() throws Exception {
        try (Destination destination = Destination.near(Offers.PIPELINING_AND_CHUNKING);
                Crew crew = crew(destination, 4)) {
            assertThat(crew.round(1)).isPositive();
            assertThat(crew.lastRound().connections()).isEqualTo(4);
            crew.round(5);
            assertThat(crew.lastRound().connections()).isZero();
            assertThat(crew.lastRound().messages()).isEqualTo(20);
            assertThat(crew.lastRound().roundTripsPerMessage()).isEqualTo(1);
        }
    }

    @Test
    void theRoundFailsIfOneThreadFails() throws Exception {
        Destination gone = Destination.near(Offers.NEITHER);
        try (Crew crew = crew(gone, 2)) {
            gone.close();
            assertThatThrownBy(() -> crew.round(1)).isInstanceOf(IllegalStateException.class);
        }
    }

    private static Crew crew(Destination destination, int size) throws Exception {
        Errand errand = new Errand(destination.route(), Start.WARM, 1, Letter.SMALL);
        return new Crew(Contender.RAW, errand, size, destination::tally);
    }

    @Test
    void earlierMessagesAreNotCounted() {
        Tally since = new Tally(5, 40, 400, 80).since(new Tally(2, 10, 100, 20));
        assertThat(since).isEqualTo(new Tally(3, 30, 300, 60));
        assertThat(since.roundTripsPerMessage()).isEqualTo(2);
    }
}
