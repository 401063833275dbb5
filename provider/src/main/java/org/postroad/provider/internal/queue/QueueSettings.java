// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.time.Duration;
import java.util.Optional;
import org.postroad.api.Mailbox;

/**
 * Settings of a queue.
 *
 * @param admission which messages are accepted
 * @param retrying when delivery is retried
 * @param limits load limits per destination
 * @param timing timing, and limits of the queue as a whole
 * @param bounces who is notified of failures
 * @param history how long is remembered what became of messages
 * @param postmaster who receives notices that could not be delivered to the sender (double bounces); empty: they are logged only
 */
public record QueueSettings(
        Admission admission,
        Retrying retrying,
        DestinationLimits limits,
        Timing timing,
        Bounces bounces,
        History history,
        Optional<Mailbox> postmaster) {

    /** With the standard history and without a postmaster. */
    public QueueSettings(
            Admission admission, Retrying retrying, DestinationLimits limits, Timing timing, Bounces bounces) {
        this(admission, retrying, limits, timing, bounces, History.DEFAULTS, Optional.empty());
    }

    /**
     * Which messages are accepted.
     *
     * @param lifetime how long delivery is retried; a message expires only after one attempt later than this
     * @param maxSize maximum size of a message in octets
     * @param createSchema whether missing tables are created
     * @param suppress whether addresses that do not exist are stored and refused immediately from then on
     */
    public record Admission(Duration lifetime, long maxSize, boolean createSchema, boolean suppress) {

        public static final Admission DEFAULTS = new Admission(Duration.ofDays(5), 100L << 20, true, false);
    }

    /**
     * When delivery is retried.
     *
     * @param schedule the delay after each attempt
     * @param inDoubt how to treat deliveries in doubt
     * @param delayWarning after how long the sender is notified that a message is delayed; empty: never
     */
    public record Retrying(RetrySchedule schedule, InDoubt inDoubt, Optional<Duration> delayWarning) {

        public static final Retrying DEFAULTS = new Retrying(RetrySchedule.STANDARD, InDoubt.RETRY, Optional.empty());
    }

    /** How to treat a delivery if an attempt may have succeeded (TRY-05). */
    public enum InDoubt {
        /** Retry: the message arrives, perhaps twice. */
        RETRY,
        /** Hold until an operator decides: the message arrives at most once. */
        HOLD
    }

    /**
     * Load limits per destination, in each process. A destination is a set of mail exchangers, however many domains it serves.
     *
     * @param concurrency maximum number of concurrent deliveries
     * @param rate maximum rate of deliveries; empty: unlimited
     */
    public record DestinationLimits(int concurrency, Optional<Rate> rate) {

        public static final DestinationLimits DEFAULTS = new DestinationLimits(5, Optional.empty());
    }

    /**
     * Timing of the queue.
     *
     * @param poll interval of the periodic poll of the tables: messages added by other processes or foreign transactions wait at most this
     *     long
     * @param lease a process that has not sent a heartbeat for this long is considered dead; others take over its deliveries
     * @param destinations maximum number of destinations served concurrently
     * @param closeTimeout how long running deliveries get to finish when the queue is closed
     */
    public record Timing(Duration poll, Duration lease, int destinations, Duration closeTimeout) {

        /** Below this, an idle queue would put load on the database. */
        public static final Duration MIN_POLL = Duration.ofMillis(50);

        /** Below this, a pause of the garbage collector could be mistaken for a dead process. */
        public static final Duration MIN_LEASE = Duration.ofSeconds(4);

        public Timing {
            if (poll.compareTo(MIN_POLL) < 0 || lease.compareTo(MIN_LEASE) < 0) {
                throw new IllegalArgumentException("The poll interval is at least " + MIN_POLL
                        + " and the lease at least " + MIN_LEASE + ", not " + poll + " and " + lease);
            }
        }

        /** Longest pause between two checks, however long the poll interval is: what waits for the queue has a time limit. */
        private static final Duration LONGEST_MOMENT = Duration.ofMillis(500);

        public static final Timing DEFAULTS =
                new Timing(Duration.ofSeconds(5), Duration.ofMinutes(1), 200, Duration.ofSeconds(10));

        /** Returns the pause between two checks of what the queue has done meanwhile. */
        public Duration moment() {
            Duration part = poll.dividedBy(10);
            return part.compareTo(LONGEST_MOMENT) < 0 ? part : LONGEST_MOMENT;
        }
    }

    /**
     * How long is remembered what became of messages.
     *
     * @param keep how long after the end of a message; zero: no history is kept
     * @param rows maximum number of recipients in the history, except for messages in the queue
     */
    public record History(Duration keep, int rows) {

        public static final History DEFAULTS = new History(Duration.ofDays(7), 1_000_000);

        /** Returns whether a history is kept. */
        public boolean isKept() {
            return !keep.isZero();
        }
    }

    /** Who is notified of failures. */
    public enum Bounces {
        /** The sender, by mail (RFC 3464). */
        SENDER,
        /** The application, by its DeliveryListener. */
        LISTENER,
        /** No report. */
        NONE
    }

    public static final QueueSettings DEFAULTS = new QueueSettings(
            Admission.DEFAULTS, Retrying.DEFAULTS, DestinationLimits.DEFAULTS, Timing.DEFAULTS, Bounces.SENDER);
}
