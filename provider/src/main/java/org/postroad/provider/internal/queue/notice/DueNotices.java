// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.notice;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.postroad.api.Mailbox;
import org.postroad.api.Outcome;
import org.postroad.api.RecipientReport;
import org.postroad.provider.internal.dsn.Event;
import org.postroad.provider.internal.dsn.NoticeRules;
import org.postroad.provider.internal.dsn.RecipientStatus;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.queue.store.PendingNotice;
import org.postroad.provider.internal.queue.store.QueuedDelivery;

/**
 * Selects the notices that result from an attempt: those that the sender requested (RFC 3461 NOTIFY), or those for the postmaster. Pure.
 */
public final class DueNotices {

    private DueNotices() {}

    /**
     * Returns the notices to the sender, as far as requested.
     *
     * @param failed recipients given up
     * @param delayed recipients still pending, whose delay the sender must be notified of
     * @param delivered recipients that got the message
     */
    public static List<PendingNotice> forSender(
            QueuedDelivery delivery,
            List<RecipientReport> failed,
            List<RecipientReport> delayed,
            List<RecipientReport> delivered,
            Instant now) {
        List<PendingNotice> notices = new ArrayList<>();
        addDue(notices, Event.FAILED, failed, delivery, now);
        addDue(notices, Event.DELAYED, delayed, delivery, now);
        List<RecipientReport> withoutOwnNotice =
                delivered.stream().filter(report -> !reportsItself(report)).toList();
        addDue(notices, Event.RELAYED, withoutOwnNotice, delivery, now);
        return notices;
    }

    /**
     * Returns the notices to the postmaster about a message from the null sender. A message to the postmaster causes none, to avoid a loop.
     * NOTIFY=NEVER, which notices carry, does not apply here: it is about notices to the sender.
     */
    public static List<PendingNotice> forPostmaster(
            QueuedDelivery delivery, List<RecipientReport> failed, Mailbox postmaster, Instant now) {
        List<PendingNotice> notices = new ArrayList<>();
        List<RecipientReport> others = failed.stream()
                .filter(report -> !report.recipient().equals(postmaster))
                .toList();
        add(notices, Event.FAILED, others, delivery, recipient -> true, now);
        return notices;
    }

    private static boolean reportsItself(RecipientReport report) {
        return report.decidedBy()
                .filter(by -> by.outcome() instanceof Outcome.Accepted accepted && accepted.dsn())
                .isPresent();
    }

    private static void addDue(
            List<PendingNotice> notices,
            Event event,
            List<RecipientReport> reports,
            QueuedDelivery delivery,
            Instant now) {
        Optional<Mailbox> sender = delivery.message().sender();
        add(
                notices,
                event,
                reports,
                delivery,
                recipient -> NoticeRules.isDue(event, sender, recipient.notifyOn()),
                now);
    }

    private static void add(
            List<PendingNotice> notices,
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
                notices.add(new PendingNotice(
                        event,
                        new RecipientStatus.Address(recipient.mailbox(), recipient.original()),
                        report.status(),
                        new RecipientStatus.LastAttempt(
                                now, report.decidedBy().map(RecipientReport.DecidedBy::remote), report.reply())));
            }
        }
    }
}
