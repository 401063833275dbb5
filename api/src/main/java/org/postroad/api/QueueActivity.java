// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** What a queue received and settled in equal intervals of time, as its history has it. */
public final class QueueActivity {

    private final Duration length;
    private final List<Interval> intervals;

    /**
     * Creates an activity.
     *
     * @param length of each interval
     * @param intervals in the order of their times, without gaps
     */
    public QueueActivity(Duration length, List<Interval> intervals) {
        this.length = length;
        this.intervals = List.copyOf(intervals);
    }

    /** {@return the length of each interval} */
    public Duration length() {
        return length;
    }

    /** {@return the intervals in the order of their times, without gaps} */
    public List<Interval> intervals() {
        return intervals;
    }

    /** What happened in an interval. */
    public static final class Interval {

        private final Instant start;
        private final long queued;
        private final long delivered;
        private final long failed;
        private final long removed;

        /** Creates an interval. */
        public Interval(Instant start, long queued, long delivered, long failed, long removed) {
            this.start = start;
            this.queued = queued;
            this.delivered = delivered;
            this.failed = failed;
            this.removed = removed;
        }

        /** {@return when it begins} */
        public Instant start() {
            return start;
        }

        /** {@return the number of messages that were queued} */
        public long queued() {
            return queued;
        }

        /** {@return the number of recipients whose mail was accepted by a server} */
        public long delivered() {
            return delivered;
        }

        /** {@return the number of recipients given up, after a permanent failure or because the message expired} */
        public long failed() {
            return failed;
        }

        /** {@return the number of recipients from whom an operator took the message} */
        public long removed() {
            return removed;
        }

        private JsonObject json() {
            return new JsonObject()
                    .with("start", QueueJson.time(start))
                    .with("queued", queued)
                    .with("delivered", delivered)
                    .with("failed", failed)
                    .with("removed", removed);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Interval that
                    && start.equals(that.start)
                    && queued == that.queued
                    && delivered == that.delivered
                    && failed == that.failed
                    && removed == that.removed;
        }

        @Override
        public int hashCode() {
            return Objects.hash(start, queued, delivered, failed, removed);
        }

        /** {@return {@code 2026-03-01T08:00:00Z: 5 queued, 7 delivered, 1 failed, 0 removed}} */
        @Override
        public String toString() {
            return start + ": " + queued + " queued, " + delivered + " delivered, " + failed + " failed, " + removed
                    + " removed";
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof QueueActivity that && length.equals(that.length) && intervals.equals(that.intervals);
    }

    @Override
    public int hashCode() {
        return Objects.hash(length, intervals);
    }

    /** {@return the activity as JSON in one line of ASCII characters; {@code QUEUE.md} of the provider describes it} */
    public String toJson() {
        return new JsonObject()
                .with("version", QueueJson.VERSION)
                .with("length", length.toString())
                .with("intervals", intervals.stream().map(Interval::json).toList())
                .toString();
    }

    /** {@return one line for each interval} */
    @Override
    public String toString() {
        return intervals.stream().map(Interval::toString).collect(Collectors.joining("\n"));
    }
}
