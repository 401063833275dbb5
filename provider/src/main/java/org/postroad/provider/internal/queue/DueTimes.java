// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.time.Instant;
import java.time.InstantSource;
import org.postroad.provider.internal.queue.store.QueueRows;

/**
 * Which stored times are due. A time later than the longest wait from now is due, too: it was written by a clock that was ahead.
 *
 * @param clock the wall clock, which may jump
 */
record DueTimes(InstantSource clock, QueueSettings.Retrying retrying) {

    /** Returns the range of times that are due now. */
    QueueRows.Window window() {
        Instant now = clock.instant();
        return new QueueRows.Window(now, latest(now));
    }

    /** Returns before which times a message has expired, or its sender is notified of the delay. */
    QueueRows.OverdueBy overdue() {
        Instant now = clock.instant();
        return new QueueRows.OverdueBy(now, retrying.delayWarning().map(now::minus));
    }

    /** Returns whether the time is still to come. */
    boolean isFuture(Instant time) {
        Instant now = clock.instant();
        return time.isAfter(now) && !time.isAfter(latest(now));
    }

    private Instant latest(Instant now) {
        return now.plus(retrying.schedule().longest());
    }
}
