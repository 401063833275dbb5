// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.util.concurrent.atomic.LongAdder;
import org.postroad.provider.internal.queue.store.QueuedDelivery;

/** Statistics since the queue was opened in this process. Thread-safe. */
public final class QueueCounters implements AttemptResults.AttemptListener {

    private final LongAdder submitted = new LongAdder();
    private final LongAdder attempts = new LongAdder();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder failed = new LongAdder();

    QueueCounters() {}

    void submitted() {
        submitted.increment();
    }

    @Override
    public void decided(QueuedDelivery delivery, RetryDecision decision) {
        attempts.increment();
        delivered.add(decision.delivered().size());
        failed.add(decision.failed().size());
    }

    /** Returns the number of messages submitted. */
    public long messagesSubmitted() {
        return submitted.sum();
    }

    /** Returns the number of attempts, each of one message to one domain. */
    public long deliveriesAttempted() {
        return attempts.sum();
    }

    /** Returns the number of recipients whose mail was accepted. */
    public long recipientsDelivered() {
        return delivered.sum();
    }

    /** Returns the number of recipients given up. */
    public long recipientsFailed() {
        return failed.sum();
    }
}
