// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.postroad.api.BounceClass;
import org.postroad.api.QueuedMail.State;
import org.postroad.api.RecipientReport;
import org.postroad.api.Verdict;
import org.postroad.provider.internal.queue.store.QueuedDelivery;

/** What this process did since it opened the queue. No count ever decreases. Thread-safe. */
public final class QueueCounters implements AttemptResults.AttemptListener {

    private final LongAdder submitted = new LongAdder();
    private final LongAdder attempts = new LongAdder();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder deferred = new LongAdder();
    private final LongAdder inDoubt = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder expired = new LongAdder();
    private final LongAdder doubleBounced = new LongAdder();
    private final LongAdder held = new LongAdder();
    /** By the ordinal of the class. */
    private final List<LongAdder> deferredByClass = perClass();

    private final List<LongAdder> failedByClass = perClass();

    QueueCounters() {}

    private static List<LongAdder> perClass() {
        return Stream.generate(LongAdder::new)
                .limit(BounceClass.values().length)
                .toList();
    }

    void submitted() {
        submitted.increment();
    }

    @Override
    public void decided(QueuedDelivery delivery, RetryDecision decision) {
        attempts.increment();
        delivered.add(decision.delivered().size());
        List<RecipientReport> givenUp = decision.failed();
        failed.add(givenUp.size());
        givenUp.forEach(report -> {
            expired.add(report.verdict() == Verdict.FAILED ? 0 : 1);
            count(failedByClass, report);
        });
        doubleBounced.add(delivery.message().sender().isEmpty() ? givenUp.size() : 0);
        countOpen(decision);
    }

    @Override
    public void notAttempted(QueuedDelivery delivery, RetryDecision decision) {
        countOpen(decision);
    }

    private void countOpen(RetryDecision decision) {
        List<RecipientReport> open = decision.open();
        deferred.add(open.size());
        open.forEach(report -> {
            inDoubt.add(report.verdict() == Verdict.IN_DOUBT ? 1 : 0);
            count(deferredByClass, report);
        });
        held.add(!open.isEmpty() && decision.end().next().state() == State.HELD ? 1 : 0);
    }

    private static void count(List<LongAdder> counts, RecipientReport report) {
        report.bounceClass().ifPresent(one -> counts.get(one.ordinal()).increment());
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

    /** Returns the number of results after which a recipient waits for another attempt, or is held. */
    public long recipientsDeferred() {
        return deferred.sum();
    }

    /** Returns the number of those results that are in doubt. */
    public long recipientsInDoubt() {
        return inDoubt.sum();
    }

    /** Returns the number of recipients given up. */
    public long recipientsFailed() {
        return failed.sum();
    }

    /** Returns the number of recipients given up because the message expired. */
    public long recipientsExpired() {
        return expired.sum();
    }

    /** Returns the number of recipients given up of messages with the null sender. */
    public long recipientsDoubleBounced() {
        return doubleBounced.sum();
    }

    /** Returns the number of deliveries that the queue held, in doubt or damaged. */
    public long deliveriesHeld() {
        return held.sum();
    }

    /** Returns how many of the deferred and of the failed results have this class. */
    public ClassCount ofClass(BounceClass bounceClass) {
        int index = bounceClass.ordinal();
        return new ClassCount(
                bounceClass,
                deferredByClass.get(index).sum(),
                failedByClass.get(index).sum());
    }

    /** The counts of one class. */
    public record ClassCount(BounceClass bounceClass, long deferred, long failed) {}
}
