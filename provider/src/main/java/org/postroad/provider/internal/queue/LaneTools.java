// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * What a visit to a destination takes.
 *
 * @param database where the queue is
 * @param patience the same, for who cannot do without it
 * @param courier who delivers
 * @param attempts one attempt at one delivery
 * @param throttle who may deliver where
 * @param settings how the queue works
 * @param workers threads for deliveries beside the first
 * @param teller who tells senders what happened
 * @param closing is at zero when the queue is closed
 * @param surroundings time and chance
 */
record LaneTools(
        Database database,
        Patience patience,
        Courier courier,
        Attempts attempts,
        Throttle throttle,
        QueueSettings settings,
        Executor workers,
        Teller teller,
        CountDownLatch closing,
        Surroundings surroundings) {

    InstantSource clock() {
        return surroundings.clock();
    }

    RandomGenerator random() {
        return surroundings.random();
    }

    boolean isClosing() {
        return closing.getCount() == 0;
    }

    QueueStore.Window window() {
        return window(clock(), settings);
    }

    /**
     * What is due now. The clock may have been ahead when something was written: nothing is ever due later than the longest wait
     * from now.
     */
    static QueueStore.Window window(InstantSource clock, QueueSettings settings) {
        Instant now = clock.instant();
        return new QueueStore.Window(now, horizon(now, settings));
    }

    QueueStore.Late late() {
        Instant now = clock().instant();
        return new QueueStore.Late(now, settings.retrying().delayWarning().map(now::minus));
    }

    boolean isFuture(Instant moment, Instant now) {
        return moment.isAfter(now) && !moment.isAfter(horizon(now, settings));
    }

    private static Instant horizon(Instant now, QueueSettings settings) {
        return now.plus(settings.retrying().schedule().longest());
    }

    /** Writes what must not be forgotten, as {@link Patience#write} does. */
    <T> T patiently(Database.Work<T> work) throws SQLException {
        return patience.write(work);
    }
}
