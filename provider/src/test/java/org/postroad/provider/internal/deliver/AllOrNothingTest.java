// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.api.Deadline;

/** All-or-nothing delivery: how domains wait for one another, and what ends the wait. */
@Timeout(300)
class AllOrNothingTest {

    private static final Deadline LATER = Deadline.after(Duration.ofMinutes(1));

    private static FutureTask<Boolean> waiting(AllOrNothing agreement) {
        FutureTask<Boolean> wait = new FutureTask<>(() -> agreement.await(LATER));
        Thread thread = new Thread(wait);
        thread.start();
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        return wait;
    }

    @Test
    void agreement_isReachedFromTheStartIfNoneIsNeeded() {
        AllOrNothing agreement = AllOrNothing.notNeeded();
        agreement.refuse();
        assertThat(agreement.isReached()).isTrue();
        assertThat(agreement.isRefused()).isFalse();
    }

    @Test
    void agreement_isReachedWhenTheLastDomainIsReady() throws Exception {
        AllOrNothing agreement = AllOrNothing.of(2);
        FutureTask<Boolean> first = waiting(agreement);
        assertThat(agreement.await(LATER)).isTrue();
        assertThat(first.get()).isTrue();
        agreement.refuse();
        assertThat(agreement.isRefused()).isFalse();
    }

    @Test
    void agreement_oneRefusalEndsAllWaits() throws Exception {
        AllOrNothing agreement = AllOrNothing.of(3);
        FutureTask<Boolean> first = waiting(agreement);
        FutureTask<Boolean> second = waiting(agreement);
        agreement.refuse();
        assertThat(first.get()).isFalse();
        assertThat(second.get()).isFalse();
        assertThat(agreement.isReached()).isFalse();
        assertThat(agreement.await(LATER)).isFalse();
    }

    @Test
    void agreement_aDomainThatAsksDoesNotBlockOthers() throws Exception {
        AllOrNothing agreement = AllOrNothing.of(1);
        assertThat(agreement.isReached()).isFalse();
        assertThat(agreement.isRefused()).isFalse();
        FutureTask<Boolean> other = new FutureTask<>(() -> agreement.await(LATER));
        new Thread(other).start();
        assertThat(other.get()).isTrue();
        assertThat(agreement.isReached()).isTrue();
    }

    @Test
    void agreement_theDeadlineRefuses() {
        AllOrNothing agreement = AllOrNothing.of(2);
        assertThat(agreement.await(Deadline.after(Duration.ZERO))).isFalse();
        assertThat(agreement.isRefused()).isTrue();
    }

    @Test
    void agreement_anInterruptRefusesAndIsKept() {
        AllOrNothing agreement = AllOrNothing.of(2);
        Thread.currentThread().interrupt();
        assertThat(agreement.await(LATER)).isFalse();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(agreement.isRefused()).isTrue();
    }
}
