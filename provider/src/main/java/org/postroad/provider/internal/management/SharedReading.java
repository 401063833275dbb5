// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.management;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads figures for all attributes that are polled at about the same time. A result, and a failure as well, is used for
 * {@link #LEAST_AGE}, or for {@value #RATIO} times as long as reading took, whichever is longer: so reading takes at most a small share of
 * the time, however slow it is and however often it is asked for. Threads that ask while another one reads wait for its result.
 * Thread-safe.
 */
public final class SharedReading<T> {

    /** How long a result is used at least: less than the interval of any poll, and longer than a poll of all attributes takes. */
    static final Duration LEAST_AGE = Duration.ofSeconds(5);

    /** How many times as long as it took to read it a result is used. */
    static final int RATIO = 20;

    private final Supplier<T> source;
    private final InstantSource clock;
    private final AtomicReference<@Nullable Reading<T>> latest = new AtomicReference<>();

    public SharedReading(Supplier<T> source, InstantSource clock) {
        this.source = source;
        this.clock = clock;
    }

    private static final class Reading<T> {

        private final FutureTask<T> task;
        private final InstantSource clock;
        private final Instant start;
        private volatile Instant goodUntil = Instant.MAX;

        Reading(Supplier<T> source, InstantSource clock) {
            this.task = new FutureTask<>(source::get);
            this.clock = clock;
            this.start = clock.instant();
        }

        boolean isGood() {
            return clock.instant().isBefore(goodUntil);
        }

        void run() {
            task.run();
            Instant end = clock.instant();
            Duration good = Duration.between(start, end).multipliedBy(RATIO);
            goodUntil = end.plus(good.compareTo(LEAST_AGE) > 0 ? good : LEAST_AGE);
        }

        T result() {
            try {
                return task.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException(
                        String.valueOf(Objects.requireNonNull(e.getCause()).getMessage()), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("The thread was interrupted while it waited for the figures", e);
            }
        }
    }

    /** @throws IllegalStateException if the figures cannot be read; the message is that of the reason */
    public T get() {
        @Nullable Reading<T> current = latest.get();
        if (current != null && current.isGood()) {
            return current.result();
        }
        Reading<T> next = new Reading<>(source, clock);
        if (latest.compareAndSet(current, next)) {
            next.run();
            return next.result();
        }
        return get();
    }
}
