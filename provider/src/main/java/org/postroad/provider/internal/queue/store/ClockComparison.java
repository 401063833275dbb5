// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;

/**
 * Compares this machine's clock with the database's, which all processes of a queue share. Each process decides by its own clock
 * whether another one is alive. If two clocks differ by most of the lease, one process takes over deliveries that the other is
 * still making, and messages are sent twice.
 */
public final class ClockComparison {

    /** A difference of more than the lease divided by this prevents the queue from opening. */
    static final int REFUSE_DIVISOR = 2;

    /** A difference of more than the lease divided by this is logged as a warning. */
    static final int WARN_DIVISOR = 8;

    /** Number of measurements. The one with the shortest round trip is used. */
    private static final int QUESTIONS = 3;

    private ClockComparison() {}

    /**
     * Difference between the two clocks.
     *
     * @param ahead how far the database's clock is ahead of ours; negative if it is behind
     * @param uncertainty limit of the error: half the round trip of the query
     */
    private record Difference(Duration ahead, Duration uncertainty) {

        /** Returns the size of the difference less the uncertainty. */
        Duration minimum() {
            Duration certain = ahead.abs().minus(uncertainty);
            return certain.isNegative() ? Duration.ZERO : certain;
        }
    }

    /**
     * Compares the clocks, and logs a warning if they differ too much.
     *
     * @throws QueueException if they differ by more than half the lease; the message includes the remedy
     */
    public static void check(Database database, InstantSource clock, Duration lease) throws SQLException {
        Difference difference = compare(database, clock);
        if (difference.minimum().compareTo(lease.dividedBy(WARN_DIVISOR)) <= 0) {
            return;
        }
        String text =
                "The clock of this machine is " + seconds(difference.ahead().abs())
                        + (difference.ahead().isNegative() ? " ahead of" : " behind") + " that of the database in "
                        + database.description() + "; with a lease of " + seconds(lease)
                        + " (mail.mx.queue.lease), processes whose clocks differ by most of that send messages twice.";
        if (difference.minimum().compareTo(lease.dividedBy(REFUSE_DIVISOR)) > 0) {
            throw new QueueException(text
                    + " The queue is not opened, because the difference is more than half the lease. Synchronize the clocks by NTP,"
                    + " or set mail.mx.queue.lease to more than "
                    + seconds(difference.ahead().abs().multipliedBy(REFUSE_DIVISOR))
                    + " in all processes");
        }
        System.getLogger(ClockComparison.class.getName())
                .log(
                        System.Logger.Level.WARNING,
                        text + " At more than half the lease, the queue would not open. Synchronize the clocks by NTP");
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1fs", duration.toMillis() / 1000.0);
    }

    private static Difference compare(Database database, InstantSource clock) throws SQLException {
        Difference best = measure(database, clock);
        for (int i = 1; i < QUESTIONS; i++) {
            Difference next = measure(database, clock);
            if (next.uncertainty().compareTo(best.uncertainty()) < 0) {
                best = next;
            }
        }
        return best;
    }

    private static Difference measure(Database database, InstantSource clock) throws SQLException {
        return database.read(connection -> {
            Instant asked = clock.instant();
            Instant there = database.dialect().now(connection);
            Duration half = Duration.between(asked, clock.instant()).dividedBy(2);
            return new Difference(Duration.between(asked.plus(half), there), half.abs());
        });
    }
}
