// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Mailbox;
import org.postroad.api.Outcome;
import org.postroad.api.RecipientReport;
import org.postroad.provider.internal.dsn.Event;
import org.postroad.provider.internal.dsn.NoticeRules;
import org.postroad.provider.internal.dsn.RecipientStatus;
import org.postroad.provider.internal.dsn.Wish;
import org.postroad.provider.internal.smtp.Envelope;

/**
 * Something that happened to a recipient and that the sender has not been notified of yet.
 *
 * @param event what happened
 * @param address the recipient
 * @param status the last status, unchanged
 * @param lastAttempt the attempt that led to it
 */
record PendingNotice(
        Event event, RecipientStatus.Address address, EnhancedStatus status, RecipientStatus.LastAttempt lastAttempt) {

    /** Returns the notices that result from an attempt, as far as the sender requested them (RFC 3461 NOTIFY). Pure. */
    static List<PendingNotice> of(QueuedDelivery delivery, RetryDecision decision, Instant now) {
        List<PendingNotice> news = new ArrayList<>();
        addDue(news, Event.FAILED, decision.failed(), delivery, now);
        addDue(news, Event.DELAYED, decision.delayed(), delivery, now);
        List<RecipientReport> outOfSight = decision.delivered().stream()
                .filter(report -> !reportsItself(report))
                .toList();
        addDue(news, Event.RELAYED, outOfSight, delivery, now);
        return news;
    }

    /**
     * Returns the notices to the postmaster about a message from the null sender. A message to the postmaster causes none, to avoid a loop.
     * NOTIFY=NEVER, which notices carry, does not apply here: it is about notices to the sender.
     */
    static List<PendingNotice> forPostmaster(
            QueuedDelivery delivery, RetryDecision decision, Mailbox postmaster, Instant now) {
        List<PendingNotice> news = new ArrayList<>();
        List<RecipientReport> others = decision.failed().stream()
                .filter(report -> !report.recipient().equals(postmaster))
                .toList();
        add(news, Event.FAILED, others, delivery, recipient -> true, now);
        return news;
    }

    private static boolean reportsItself(RecipientReport report) {
        return report.decidedBy()
                .filter(by -> by.outcome() instanceof Outcome.Accepted accepted && accepted.dsn())
                .isPresent();
    }

    private static void addDue(
            List<PendingNotice> news,
            Event event,
            List<RecipientReport> reports,
            QueuedDelivery delivery,
            Instant now) {
        Optional<Mailbox> sender = delivery.message().sender();
        add(news, event, reports, delivery, recipient -> NoticeRules.isDue(event, sender, wishes(recipient)), now);
    }

    private static void add(
            List<PendingNotice> news,
            Event event,
            List<RecipientReport> reports,
            QueuedDelivery delivery,
            Predicate<Envelope.Recipient> isDue,
            Instant now) {
        Map<Mailbox, RecipientReport> reported = new HashMap<>();
        reports.forEach(report -> reported.put(report.recipient(), report));
        for (Envelope.Recipient recipient : delivery.recipients()) {
            RecipientReport report = reported.remove(recipient.mailbox());
            if (report != null && isDue.test(recipient)) {
                news.add(new PendingNotice(
                        event,
                        new RecipientStatus.Address(recipient.mailbox(), recipient.original()),
                        report.status(),
                        new RecipientStatus.LastAttempt(
                                now, report.decidedBy().map(RecipientReport.DecidedBy::remote), report.reply())));
            }
        }
    }

    private static Set<Wish> wishes(Envelope.Recipient recipient) {
        return recipient.reports().stream()
                .map(notify -> Wish.valueOf(notify.name()))
                .collect(Collectors.toSet());
    }
}
