// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.util.concurrent.atomic.LongAdder;

/** What was counted since the queue was opened here. Thread-safe. */
public final class Figures implements Attempts.Witness {

    private final LongAdder submitted = new LongAdder();
    private final LongAdder attempts = new LongAdder();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder failed = new LongAdder();

    Figures() {}

    void submitted() {
        submitted.increment();
    }

    @Override
    public void judged(QueuedDelivery delivery, Judgement judgement) {
        attempts.increment();
        delivered.add(judgement.delivered().size());
        failed.add(judgement.failed().size());
    }

    /** Messages that were put in. */
    public long messagesSubmitted() {
        return submitted.sum();
    }

    /** Deliveries that were tried: one message to one domain each. */
    public long deliveriesTried() {
        return attempts.sum();
    }

    /** Recipients whose mail was accepted. */
    public long recipientsDelivered() {
        return delivered.sum();
    }

    /** Recipients who were given up. */
    public long recipientsFailed() {
        return failed.sum();
    }
}
