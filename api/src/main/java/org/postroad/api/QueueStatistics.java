// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** Statistics of a queue. */
public final class QueueStatistics {

    private final long messages;
    private final Optional<Instant> oldest;
    private final long submitted;
    private final long attempted;
    private final long delivered;
    private final long failed;

    /** Creates statistics. */
    public QueueStatistics(
            long messages, Optional<Instant> oldest, long submitted, long attempted, long delivered, long failed) {
        this.messages = messages;
        this.oldest = oldest;
        this.submitted = submitted;
        this.attempted = attempted;
        this.delivered = delivered;
        this.failed = failed;
    }

    /** {@return the number of messages in the queue, of all processes} */
    public long messages() {
        return messages;
    }

    /** {@return when the oldest of them was queued} */
    public Optional<Instant> oldest() {
        return oldest;
    }

    /**
     * {@return the number of messages submitted by this process since it opened the queue, including those in transactions that were rolled
     * back}
     */
    public long submitted() {
        return submitted;
    }

    /** {@return the number of deliveries attempted by this process since then; a delivery is one message to one domain} */
    public long attempted() {
        return attempted;
    }

    /** {@return the number of recipients whose mail was accepted by a server, in deliveries of this process since then} */
    public long delivered() {
        return delivered;
    }

    /** {@return the number of recipients given up by this process since then} */
    public long failed() {
        return failed;
    }

    /** {@return these statistics as one line of JSON (RFC 8259), of ASCII characters; the format is described in {@code provider/QUEUE.md}} */
    public String toJson() {
        return new JsonObject()
                .with("version", QueueJson.VERSION)
                .with("messages", messages)
                .with("oldest", oldest.map(QueueJson::time))
                .with("submitted", submitted)
                .with("attempted", attempted)
                .with("delivered", delivered)
                .with("failed", failed)
                .toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof QueueStatistics that
                && messages == that.messages
                && oldest.equals(that.oldest)
                && submitted == that.submitted
                && attempted == that.attempted
                && delivered == that.delivered
                && failed == that.failed;
    }

    @Override
    public int hashCode() {
        return Objects.hash(messages, oldest, submitted, attempted, delivered, failed);
    }

    @Override
    public String toString() {
        return "QueueStatistics[messages=" + messages
                + ", oldest=" + oldest
                + ", submitted=" + submitted
                + ", attempted=" + attempted
                + ", delivered=" + delivered
                + ", failed=" + failed + "]";
    }
}
