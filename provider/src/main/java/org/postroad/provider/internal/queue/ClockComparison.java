// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;

/**
 * Compares the clock of this machine with the database's, which all processes of a queue have in common. By their clocks they see
 * whether another one is alive: where two differ by most of the lease, one takes over what the other is delivering, and messages are
 * sent twice.
 */
final class ClockComparison {

    /** A difference of more than the lease divided by this is refused. */
    static final int REFUSED = 2;

    /** A difference of more than the lease divided by this is warned of. */
    static final int WARNED = 8;

    /** The answer that came fastest says most. */
    private static final int QUESTIONS = 3;

    private ClockComparison() {}

    /**
     * How far the database's clock is ahead of ours.
     *
     * @param ahead negative: it is behind
     * @param uncertainty how much of that may be the time that the question and its answer took
     */
    private record Difference(Duration ahead, Duration uncertainty) {

        /** What is certain of it. */
        Duration certain() {
            Duration certain = ahead.abs().minus(uncertainty);
            return certain.isNegative() ? Duration.ZERO : certain;
        }
    }

    /** @throws QueueException if the clocks differ by more than half the lease; the message says what to do */
    static void check(Database database, InstantSource clock, Duration lease) throws SQLException {
        Difference difference = compare(database, clock);
        if (difference.certain().compareTo(lease.dividedBy(WARNED)) <= 0) {
            return;
        }
        String text =
                "The clock of this machine is " + seconds(difference.ahead().abs())
                        + (difference.ahead().isNegative() ? " ahead of" : " behind") + " that of the database in "
                        + database.place() + "; with a lease of " + seconds(lease)
                        + " (mail.mx.queue.lease), processes whose clocks differ by most of that send messages twice.";
        if (difference.certain().compareTo(lease.dividedBy(REFUSED)) > 0) {
            throw new QueueException(text
                    + " The queue is not opened, for the difference is more than half the lease: set the clocks by NTP, or give"
                    + " mail.mx.queue.lease more than "
                    + seconds(difference.ahead().abs().multipliedBy(REFUSED))
                    + " in all processes");
        }
        System.getLogger(ClockComparison.class.getName())
                .log(
                        System.Logger.Level.WARNING,
                        text + " More than half the lease would be refused: set the clocks by NTP");
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1fs", duration.toMillis() / 1000.0);
    }

    private static Difference compare(Database database, InstantSource clock) throws SQLException {
        Difference best = once(database, clock);
        for (int i = 1; i < QUESTIONS; i++) {
            Difference next = once(database, clock);
            if (next.uncertainty().compareTo(best.uncertainty()) < 0) {
                best = next;
            }
        }
        return best;
    }

    private static Difference once(Database database, InstantSource clock) throws SQLException {
        return database.read(connection -> {
            Instant asked = clock.instant();
            Instant there = database.dialect().now(connection);
            Duration half = Duration.between(asked, clock.instant()).dividedBy(2);
            return new Difference(Duration.between(asked.plus(half), there), half.abs());
        });
    }
}
