// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/** Options of one message in a queue. {@link #NONE} has none. */
public final class QueueOptions {

    /** No key, sent immediately, given up after the lifetime of the queue, {@link Priority#NORMAL}. */
    public static final QueueOptions NONE =
            new QueueOptions(Optional.empty(), Optional.empty(), Optional.empty(), Priority.NORMAL);

    /** Maximum length of a key, in characters. */
    public static final int MAX_KEY = 200;

    /** How far in the future a message can be sent, and given up, at most: 366 days. */
    public static final Duration MAX_AHEAD = Duration.ofDays(366);

    private static final Pattern KEY = Pattern.compile("[!-~]{1," + MAX_KEY + "}");

    private final Optional<String> key;
    private final Optional<Instant> sendAt;
    private final Optional<Instant> giveUpBy;
    private final Priority priority;

    private QueueOptions(
            Optional<String> key, Optional<Instant> sendAt, Optional<Instant> giveUpBy, Priority priority) {
        if (sendAt.isPresent() && giveUpBy.isPresent() && !giveUpBy.get().isAfter(sendAt.get())) {
            throw new IllegalArgumentException("The message would be given up at " + giveUpBy.get()
                    + ", which is not later than " + sendAt.get() + ", when it would be sent");
        }
        this.key = key;
        this.sendAt = sendAt;
        this.giveUpBy = giveUpBy;
        this.priority = priority;
    }

    /**
     * Returns these options with a key, of which the queue has one message only: if a message with this key was queued before, a second one
     * is not stored. So a send whose result is unknown can be repeated. The queue knows a key as long as its message is in the history.
     *
     * @param unique 1 to {@value #MAX_KEY} printable ASCII characters without spaces; upper and lower case differ
     * @return new options
     * @throws IllegalArgumentException if the key has other characters or another length
     */
    public QueueOptions withKey(String unique) {
        if (!KEY.matcher(unique).matches()) {
            throw new IllegalArgumentException("The key " + Printable.quote(unique) + " with " + unique.length()
                    + " characters is not 1 to " + MAX_KEY + " characters of printable ASCII without spaces");
        }
        return new QueueOptions(Optional.of(unique), sendAt, giveUpBy, priority);
    }

    /**
     * Returns these options with a time before which the message is not sent.
     *
     * @param earliest at most 366 days ahead; if it has passed, the message is sent immediately
     * @return new options
     * @throws IllegalArgumentException if the message would be given up before
     */
    public QueueOptions withSendAt(Instant earliest) {
        return new QueueOptions(key, Optional.of(earliest), giveUpBy, priority);
    }

    /**
     * Returns these options with a time at which the message is given up, in place of the lifetime of the queue. One last attempt is made
     * at this time.
     *
     * @param latest in the future, and at most 366 days ahead
     * @return new options
     * @throws IllegalArgumentException if it is not later than the time of sending
     */
    public QueueOptions withGiveUpBy(Instant latest) {
        return new QueueOptions(key, sendAt, Optional.of(latest), priority);
    }

    /** {@return these options with a priority} */
    public QueueOptions withPriority(Priority precedence) {
        return new QueueOptions(key, sendAt, giveUpBy, precedence);
    }

    /** {@return the key of which the queue has one message only} */
    public Optional<String> key() {
        return key;
    }

    /** {@return the time before which the message is not sent} */
    public Optional<Instant> sendAt() {
        return sendAt;
    }

    /** {@return the time at which the message is given up} */
    public Optional<Instant> giveUpBy() {
        return giveUpBy;
    }

    /** {@return the precedence over other messages that are due} */
    public Priority priority() {
        return priority;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof QueueOptions that
                && key.equals(that.key)
                && sendAt.equals(that.sendAt)
                && giveUpBy.equals(that.giveUpBy)
                && priority == that.priority;
    }

    @Override
    public int hashCode() {
        return Objects.hash(key, sendAt, giveUpBy, priority);
    }

    @Override
    public String toString() {
        return "QueueOptions[key=" + key + ", sendAt=" + sendAt + ", giveUpBy=" + giveUpBy + ", priority=" + priority
                + "]";
    }
}
