// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.samples.benchmarks.client.ClientTask;
import org.postroad.samples.benchmarks.client.Contender;
import org.postroad.samples.benchmarks.client.Destination;
import org.postroad.samples.benchmarks.client.SampleMessage;
import org.postroad.samples.benchmarks.client.Start;
import org.postroad.samples.benchmarks.wire.Offers;
import org.postroad.samples.benchmarks.wire.Tally;

/** Rounds of several client threads: connections, failures and counts. */
@NullMarked
@Timeout(300)
class ClientThreadsTest {

    @Test
    void everyThreadSendsItsMessagesOverItsOwnConnection() throws Exception {
        try (Destination destination = Destination.near(Offers.PIPELINING_AND_CHUNKING);
                ClientThreads clientThreads = clientThreads(destination, 4)) {
            assertThat(clientThreads.round(1)).isPositive();
            assertThat(clientThreads.lastRound().connections()).isEqualTo(4);
            clientThreads.round(5);
            assertThat(clientThreads.lastRound().connections()).isZero();
            assertThat(clientThreads.lastRound().messages()).isEqualTo(20);
            assertThat(clientThreads.lastRound().roundTripsPerMessage()).isEqualTo(1);
        }
    }

    @Test
    void theRoundFailsIfOneThreadFails() throws Exception {
        Destination gone = Destination.near(Offers.NEITHER);
        try (ClientThreads clientThreads = clientThreads(gone, 2)) {
            gone.close();
            assertThatThrownBy(() -> clientThreads.round(1)).isInstanceOf(IllegalStateException.class);
        }
    }

    private static ClientThreads clientThreads(Destination destination, int size) throws Exception {
        ClientTask task = new ClientTask(destination.route(), Start.WARM, 1, SampleMessage.SMALL);
        return new ClientThreads(Contender.RAW, task, size, destination::tally);
    }

    @Test
    void earlierMessagesAreNotCounted() {
        Tally since = new Tally(5, 40, 400, 80).since(new Tally(2, 10, 100, 20));
        assertThat(since).isEqualTo(new Tally(3, 30, 300, 60));
        assertThat(since.roundTripsPerMessage()).isEqualTo(2);
    }
}
