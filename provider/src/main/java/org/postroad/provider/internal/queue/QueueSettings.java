// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.time.Duration;
import java.util.Optional;
import org.postroad.api.Mailbox;

/**
 * How a queue works.
 *
 * @param admission what may come in
 * @param retrying when it is tried again
 * @param limits how hard a destination is pressed
 * @param pace how often the queue looks up by itself
 * @param bounces who hears of failures
 * @param postmaster who receives notices that could not be delivered to the sender (double bounces); empty: they are logged only
 */
public record QueueSettings(
        Admission admission,
        Retrying retrying,
        Limits limits,
        Pace pace,
        Bounces bounces,
        Optional<Mailbox> postmaster) {

    /** Without a postmaster. */
    public QueueSettings(Admission admission, Retrying retrying, Limits limits, Pace pace, Bounces bounces) {
        this(admission, retrying, limits, pace, bounces, Optional.empty());
    }

    /**
     * What may come in.
     *
     * @param lifetime how long a message is tried
     * @param maxSize octets in a message
     * @param createSchema whether missing tables are made
     * @param suppress whether addresses that do not exist are remembered and refused at once
     */
    public record Admission(Duration lifetime, long maxSize, boolean createSchema, boolean suppress) {

        public static final Admission DEFAULTS = new Admission(Duration.ofDays(5), 100L << 20, true, false);
    }

    /**
     * When a message is tried again.
     *
     * @param schedule how long to wait after which attempt
     * @param inDoubt what to do with doubts
     * @param delayWarning after how long a sender is told that a message waits; empty: never
     */
    public record Retrying(RetrySchedule schedule, InDoubt inDoubt, Optional<Duration> delayWarning) {

        public static final Retrying DEFAULTS = new Retrying(RetrySchedule.STANDARD, InDoubt.RETRY, Optional.empty());
    }

    /** What to do where an attempt may have delivered (TRY-05). */
    public enum InDoubt {
        /** Try again: the message arrives, perhaps twice. */
        RETRY,
        /** Wait for somebody who knows: the message arrives once at most. */
        HOLD
    }

    /**
     * How hard a destination is pressed: the same set of mail exchangers, whatever domains it serves. For each process.
     *
     * @param concurrency deliveries at once
     * @param rate deliveries in a time; empty: any
     */
    public record Limits(int concurrency, Optional<Rate> rate) {

        public static final Limits DEFAULTS = new Limits(5, Optional.empty());
    }

    /**
     * How often the queue looks up by itself.
     *
     * @param poll how long it looks at nothing, where nobody rings: what other processes and transactions put in waits so long at most
     * @param lease after so long without a sign of life a process is dead, and others take over what it had
     * @param destinations served at once
     * @param closing how long running deliveries may take to end when the queue is closed
     */
    public record Pace(Duration poll, Duration lease, int destinations, Duration closing) {

        /** Oftener than that, an idle queue would be a burden. */
        public static final Duration MIN_POLL = Duration.ofMillis(50);

        /** Shorter, and a pause of the garbage collector looks like death. */
        public static final Duration MIN_LEASE = Duration.ofSeconds(4);

        public Pace {
            if (poll.compareTo(MIN_POLL) < 0 || lease.compareTo(MIN_LEASE) < 0) {
                throw new IllegalArgumentException("The poll interval is at least " + MIN_POLL
                        + " and the lease at least " + MIN_LEASE + ", not " + poll + " and " + lease);
            }
        }

        public static final Pace DEFAULTS =
                new Pace(Duration.ofSeconds(5), Duration.ofMinutes(1), 200, Duration.ofSeconds(10));
    }

    /** Who hears of failures. */
    public enum Bounces {
        /** The sender, by mail (RFC 3464). */
        SENDER,
        /** The application, through its DeliveryListener. */
        LISTENER,
        /** Nobody. */
        NONE
    }

    public static final QueueSettings DEFAULTS =
            new QueueSettings(Admission.DEFAULTS, Retrying.DEFAULTS, Limits.DEFAULTS, Pace.DEFAULTS, Bounces.SENDER);
}
