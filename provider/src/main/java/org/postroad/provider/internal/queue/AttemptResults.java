// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.postroad.api.DomainReport;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Mailbox;
import org.postroad.api.RecipientReport;
import org.postroad.api.SuppressedAddress;
import org.postroad.api.Verdict;
import org.postroad.provider.internal.queue.QueueSettings.Bounces;
import org.postroad.provider.internal.queue.notice.DueNotices;
import org.postroad.provider.internal.queue.store.PendingNotice;
import org.postroad.provider.internal.queue.store.QueuedDelivery;
import org.postroad.provider.internal.queue.store.StoredReport;
import org.postroad.provider.internal.route.ErrorPolicy;

/** Decides what follows from the end of an attempt: the next try, notices and suppressed addresses. Reports it. Thread-safe. */
final class AttemptResults {

    private final QueueSettings settings;
    private final AttemptListener listener;
    private final QueueEvents events;
    private final InstantSource clock;
    private final RandomGenerator random;

    /** Receives the results of deliveries. Implementations must be fast and must not throw. */
    interface AttemptListener {
        void decided(QueuedDelivery delivery, RetryDecision decision);

        /** Receives what is done with a delivery that could not be attempted. */
        default void notAttempted(QueuedDelivery delivery, RetryDecision decision) {}
    }

    AttemptResults(QueueSettings settings, AttemptListener listener, QueueEvents events, Environment environment) {
        this.settings = settings;
        this.listener = listener;
        this.events = events;
        this.clock = environment.clock();
        this.random = environment.random();
    }

    /**
     * Returns the result of a delivery that an operator removes from the queue.
     *
     * @param tell whether the sender is notified; if so, the caller passes the result to {@link #publish} once it is written
     */
    FinishedAttempt removedByOperator(QueuedDelivery delivery, boolean tell) {
        List<RecipientReport> reports = new ArrayList<>();
        for (Mailbox mailbox : delivery.mailboxes()) {
            reports.add(new RecipientReport(
                    mailbox,
                    Verdict.FAILED,
                    EnhancedStatus.UNDEFINED_5_0_0,
                    new RecipientReport.Decision("RETRY-01", "Removed from the queue by an operator"),
                    Optional.empty()));
        }
        DomainReport report = DomainReport.withoutContact(delivery.domain(), reports);
        Instant now = clock.instant();
        RetryDecision decision = RetryDecision.of(delivery, report, settings.retrying(), now, random)
                .removedByOperator();
        return new FinishedAttempt(
                delivery,
                report,
                true,
                decision,
                now,
                tell ? notices(delivery, decision, now) : List.of(),
                List.of(),
                stored(report));
    }

    /** @param withdrawn whether the content was withheld because another process may own the delivery */
    FinishedAttempt finished(QueuedDelivery delivery, DomainReport report, boolean withdrawn) {
        Instant now = clock.instant();
        boolean interrupted = Thread.currentThread().isInterrupted();
        boolean brokenOff = (interrupted || withdrawn)
                && report.recipients().stream().allMatch(recipient -> recipient.verdict() == Verdict.DEFERRED);
        RetryDecision decision = brokenOff
                ? RetryDecision.reschedule(delivery, report, interrupted ? now : nextTry(delivery, now))
                : RetryDecision.of(delivery, report, settings.retrying(), now, random);
        List<PendingNotice> notices = notices(delivery, decision, now);
        return new FinishedAttempt(
                delivery, report, true, decision, now, notices, unknownMailboxes(decision, now), stored(report));
    }

    /** Returns the result of a delivery that could not be attempted here, and reports it. */
    FinishedAttempt notAttempted(QueuedDelivery delivery, DomainReport report, RetryDecision decision) {
        events.decided(delivery, report, decision);
        listener.notAttempted(delivery, decision);
        return new FinishedAttempt(
                delivery, report, false, decision, clock.instant(), List.of(), List.of(), stored(report));
    }

    /** Returns the result of an attempt that was made before the message was queued. It is not published: the caller of the send has its report. */
    FinishedAttempt earlier(QueuedDelivery delivery, DomainReport report, Instant at) {
        RetryDecision decision = RetryDecision.of(delivery, report, settings.retrying(), at, random);
        return new FinishedAttempt(delivery, report, true, decision, at, List.of(), List.of(), stored(report));
    }

    private List<PendingNotice> notices(QueuedDelivery delivery, RetryDecision decision, Instant now) {
        if (delivery.message().sender().isEmpty()) {
            return settings.postmaster()
                    .map(postmaster -> DueNotices.forPostmaster(delivery, decision.failed(), postmaster, now))
                    .orElse(List.of());
        }
        return settings.bounces() == Bounces.SENDER
                ? DueNotices.forSender(delivery, decision.failed(), decision.delayed(), decision.delivered(), now)
                : List.of();
    }

    /** Returns the form of a report for the history; empty if the settings exclude it. */
    private Optional<StoredReport> stored(DomainReport report) {
        boolean isWanted = settings.history().isKept()
                && switch (settings.history().reports()) {
                    case ALL -> true;
                    case FAILURES ->
                        report.recipients().stream().anyMatch(recipient -> recipient.verdict() != Verdict.DELIVERED);
                    case NONE -> false;
                };
        return isWanted ? StoredReport.of(report) : Optional.empty();
    }

    /** Returns when the next attempt follows by the schedule. */
    Instant nextTry(QueuedDelivery delivery, Instant now) {
        return now.plus(settings.retrying().schedule().after(delivery.attempts(), random));
    }

    /** Passes the result to the statistics, the application's listener and the log. Returns the same result. */
    FinishedAttempt publish(FinishedAttempt over) {
        events.decided(over.delivery(), over.report(), over.decision());
        listener.decided(over.delivery(), over.decision());
        return over;
    }

    /** Returns the addresses to suppress, if that is configured: failed recipients whose mailbox the server does not have. */
    private List<SuppressedAddress> unknownMailboxes(RetryDecision decision, Instant now) {
        return settings.admission().suppress()
                ? decision.failed().stream()
                        .filter(report -> report.decidedBy()
                                .filter(by -> ErrorPolicy.isUnknownMailbox(by.stage(), by.outcome()))
                                .isPresent())
                        .map(report -> new SuppressedAddress(
                                report.recipient(), now, report.decision().explanation()))
                        .toList()
                : List.of();
    }
}
