// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.fixtures.VirtualClock;

/** Polls share one look at the database, whatever it costs. */
@Timeout(60)
class SharedReadingTest {

    private final VirtualClock clock = new VirtualClock();
    private final AtomicInteger reads = new AtomicInteger();

    @Test
    void reading_isReusedForFiveSeconds() {
        SharedReading<Integer> reading = new SharedReading<>(reads::incrementAndGet, clock);
        assertThat(reading.get()).isEqualTo(1);
        clock.advance(SharedReading.LEAST_AGE.minusMillis(1));
        assertThat(reading.get()).isEqualTo(1);
        clock.advance(Duration.ofMillis(1));
        assertThat(reading.get()).isEqualTo(2);
    }

    @Test
    void reading_thatTakesLongIsReusedForTwentyTimesAsLong() {
        SharedReading<Integer> reading = new SharedReading<>(
                () -> {
                    clock.advance(Duration.ofSeconds(2));
                    return reads.incrementAndGet();
                },
                clock);
        assertThat(reading.get()).isEqualTo(1);
        clock.advance(Duration.ofSeconds(40).minusMillis(1));
        assertThat(reading.get()).isEqualTo(1);
        clock.advance(Duration.ofMillis(1));
        assertThat(reading.get()).isEqualTo(2);
    }

    @Test
    void reading_aFailureIsSharedAsWell() {
        SharedReading<Integer> reading = new SharedReading<>(
                () -> {
                    throw new IllegalArgumentException("no database " + reads.incrementAndGet());
                },
                clock);
        assertThatThrownBy(reading::get).hasMessage("no database 1");
        assertThatThrownBy(reading::get).hasMessage("no database 1");
        clock.advance(SharedReading.LEAST_AGE);
        assertThatThrownBy(reading::get).hasMessage("no database 2");
    }

    @Test
    void reading_threadsThatAskMeanwhileWaitForIt() throws Exception {
        CountDownLatch asked = new CountDownLatch(3);
        CountDownLatch begun = new CountDownLatch(1);
        SharedReading<Integer> reading = new SharedReading<>(
                () -> {
                    begun.countDown();
                    await(asked);
                    return reads.incrementAndGet();
                },
                clock);
        CompletableFuture<Integer> first = CompletableFuture.supplyAsync(reading::get, thread());
        begun.await();
        List<CompletableFuture<Integer>> others = IntStream.range(0, 3)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> {
                            asked.countDown();
                            return reading.get();
                        },
                        thread()))
                .toList();
        assertThat(first.get()).isEqualTo(1);
        for (CompletableFuture<Integer> other : others) {
            assertThat(other.get()).isEqualTo(1);
        }
    }

    private static Executor thread() {
        return work -> new Thread(work).start();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
