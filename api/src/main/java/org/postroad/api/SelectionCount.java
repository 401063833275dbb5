// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** How much of a queue a filter selects. */
public final class SelectionCount {

    private final long messages;
    private final long deliveries;
    private final long recipients;
    private final Optional<Instant> oldest;

    /** Creates a count. */
    public SelectionCount(long messages, long deliveries, long recipients, Optional<Instant> oldest) {
        this.messages = messages;
        this.deliveries = deliveries;
        this.recipients = recipients;
        this.oldest = oldest;
    }

    /** {@return the number of messages with a selected delivery} */
    public long messages() {
        return messages;
    }

    /** {@return the number of selected deliveries, each of one message to one domain} */
    public long deliveries() {
        return deliveries;
    }

    /** {@return the number of recipients of these deliveries for whom delivery is still pending} */
    public long recipients() {
        return recipients;
    }

    /** {@return when the oldest of the messages was queued; empty if none is selected} */
    public Optional<Instant> oldest() {
        return oldest;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SelectionCount that
                && messages == that.messages
                && deliveries == that.deliveries
                && recipients == that.recipients
                && oldest.equals(that.oldest);
    }

    @Override
    public int hashCode() {
        return Objects.hash(messages, deliveries, recipients, oldest);
    }

    @Override
    public String toString() {
        return "SelectionCount[messages=" + messages
                + ", deliveries=" + deliveries
                + ", recipients=" + recipients
                + ", oldest=" + oldest + "]";
    }
}
