// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * The JSON form of what a queue contains and remembers, documented in {@code provider/QUEUE.md}. Fields have the names of the accessors. A
 * value that does not exist is a field that does not exist.
 */
final class QueueJson {

    private static final int VERSION = 1;

    private QueueJson() {}

    static JsonObject of(QueuedMail mail) {
        return new JsonObject()
                .with("version", VERSION)
                .with("id", mail.id())
                .with("queuedAt", time(mail.queuedAt()))
                .with("expiresAt", time(mail.expiresAt()))
                .with("sender", mail.sender().map(Mailbox::toString))
                .with("messageId", mail.messageId())
                .with("subject", mail.subject())
                .with("size", mail.size())
                .with("damage", mail.damage())
                .with(
                        "deliveries",
                        mail.deliveries().stream().map(QueueJson::of).toList());
    }

    private static JsonObject of(QueuedMail.Delivery delivery) {
        return new JsonObject()
                .with("domain", delivery.domain().toString())
                .with("state", delivery.state())
                .with("priority", delivery.priority())
                .with("dueAt", time(delivery.dueAt()))
                .with("attempts", delivery.attempts())
                .with("inDoubt", delivery.inDoubt())
                .with("recipients", texts(delivery.recipients()))
                .with("history", delivery.history().stream().map(QueueJson::of).toList());
    }

    private static List<String> texts(List<Mailbox> mailboxes) {
        return mailboxes.stream().map(Mailbox::toString).toList();
    }

    private static JsonObject of(QueuedMail.PastAttempt attempt) {
        return new JsonObject().with("startedAt", time(attempt.startedAt())).with("report", attempt.report());
    }

    static JsonObject of(QueueActivity activity) {
        return new JsonObject()
                .with("version", VERSION)
                .with("length", activity.length().toString())
                .with(
                        "intervals",
                        activity.intervals().stream().map(QueueJson::of).toList());
    }

    private static JsonObject of(QueueActivity.Interval interval) {
        return new JsonObject()
                .with("start", time(interval.start()))
                .with("queued", interval.queued())
                .with("delivered", interval.delivered())
                .with("failed", interval.failed())
                .with("removed", interval.removed());
    }

    static JsonObject of(MailHistory mail) {
        return new JsonObject()
                .with("version", VERSION)
                .with("id", mail.id())
                .with("queuedAt", time(mail.queuedAt()))
                .with("sender", mail.sender().map(Mailbox::toString))
                .with("messageId", mail.messageId())
                .with("subject", mail.subject())
                .with("size", mail.size())
                .with("envelopeId", mail.envelopeId())
                .with("key", mail.key())
                .with(
                        "recipients",
                        mail.recipients().stream().map(QueueJson::of).toList());
    }

    private static JsonObject of(MailHistory.RecipientHistory recipient) {
        return new JsonObject()
                .with("recipient", recipient.recipient().toString())
                .with("fate", recipient.fate())
                .with("changedAt", time(recipient.changedAt()))
                .with("attempts", recipient.attempts())
                .with("result", recipient.result().map(QueueJson::of));
    }

    private static JsonObject of(MailHistory.AttemptResult result) {
        return new JsonObject()
                .with("status", result.status().toString())
                .with("rule", result.decision().rule())
                .with("explanation", result.decision().explanation())
                .with("replyCode", result.replyCode())
                .with("remote", result.remote().map(ReportJson::of))
                .with("protection", result.protection());
    }

    static JsonObject of(QueueDestination destination) {
        return new JsonObject()
                .with("version", VERSION)
                .with("domain", destination.domain().toString())
                .with("waiting", destination.waiting())
                .with("oldestDue", destination.oldestDue().map(QueueJson::time))
                .with("paused", destination.paused())
                .with("retryAt", destination.retryAt().map(QueueJson::time))
                .with("report", destination.report());
    }

    static JsonObject of(QueueStatistics statistics) {
        return new JsonObject()
                .with("version", VERSION)
                .with("messages", statistics.messages())
                .with("oldest", statistics.oldest().map(QueueJson::time))
                .with("submitted", statistics.submitted())
                .with("attempted", statistics.attempted())
                .with("delivered", statistics.delivered())
                .with("failed", statistics.failed());
    }

    private static String time(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
