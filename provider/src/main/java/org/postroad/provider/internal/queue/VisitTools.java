// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.postroad.provider.internal.queue.notice.NoticeSender;
import org.postroad.provider.internal.queue.store.Database;
import org.postroad.provider.internal.queue.store.QueueRows;
import org.postroad.provider.internal.queue.store.RetryingDatabase;

/**
 * Services and settings that a visit to a destination uses.
 *
 * @param database where the queue is stored
 * @param retrying access to the database that retries
 * @param agent delivers messages
 * @param attempts makes one attempt at one delivery
 * @param throttle limits deliveries to a destination
 * @param settings of the queue
 * @param workers threads for deliveries beside the visit's own
 * @param noticeSender sends notices to senders
 * @param closing is at zero when the queue is closed
 * @param environment clock, random numbers and threads
 */
record VisitTools(
        Database database,
        RetryingDatabase retrying,
        DeliveryAgent agent,
        DeliveryAttempts attempts,
        Throttle throttle,
        QueueSettings settings,
        Executor workers,
        NoticeSender noticeSender,
        CountDownLatch closing,
        Environment environment) {

    InstantSource clock() {
        return environment.clock();
    }

    RandomGenerator random() {
        return environment.random();
    }

    boolean isClosing() {
        return closing.getCount() == 0;
    }

    QueueRows.Window window() {
        return window(clock(), settings);
    }

    /**
     * Returns the range of times that are due now. A time later than the longest wait from now is due, too: it was written by a
     * clock that was ahead.
     */
    static QueueRows.Window window(InstantSource clock, QueueSettings settings) {
        Instant now = clock.instant();
        return new QueueRows.Window(now, horizon(now, settings));
    }

    QueueRows.OverdueBy late() {
        Instant now = clock().instant();
        return new QueueRows.OverdueBy(now, settings.retrying().delayWarning().map(now::minus));
    }

    boolean isFuture(Instant moment, Instant now) {
        return moment.isAfter(now) && !moment.isAfter(horizon(now, settings));
    }

    private static Instant horizon(Instant now, QueueSettings settings) {
        return now.plus(settings.retrying().schedule().longest());
    }

    /** Writes what must not be lost, as {@link RetryingDatabase#write} does. */
    <T> T patiently(Database.Work<T> work) throws SQLException {
        return retrying.write(work);
    }
}
