// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.postroad.api.MailHistory;
import org.postroad.api.QueueDestination;
import org.postroad.api.QueuedMail;
import org.postroad.api.SuppressedAddress;
import org.postroad.provider.internal.management.TableType;
import org.postroad.provider.internal.queue.QueueCounters;
import org.postroad.provider.internal.queue.store.QueueSummary;

/** The tables in the bean of a queue: their columns, in words. */
final class QueueTables {

    static final TableType<QueueSummary.DomainFigures> BIGGEST = TableType.<QueueSummary.DomainFigures>of(
                    "DestinationFigures", "The deliveries to a domain")
            .text("domain", "The recipient domain", QueueSummary.DomainFigures::domain)
            .number("waiting", "Deliveries that wait until they are due", QueueSummary.DomainFigures::waiting)
            .number("inProgress", "Deliveries that are being attempted", QueueSummary.DomainFigures::inProgress)
            .number("held", "Deliveries that wait for an operator", QueueSummary.DomainFigures::held)
            .number("scheduled", "Deliveries that are to be sent later", QueueSummary.DomainFigures::scheduled)
            .number(
                    "oldestSeconds",
                    "Seconds since the oldest of their messages was queued",
                    figures -> secondsSince(figures.oldest()))
            .flag("paused", "Whether an operator has paused the domain", QueueSummary.DomainFigures::paused)
            .number(
                    "backingOffSeconds",
                    "Seconds until a domain that did not answer is tried again; 0 if it answers",
                    figures -> secondsUntil(figures.retryAt()))
            .build();

    static final TableType<QueueCounters.ClassCount> BOUNCE_CLASSES = TableType.<QueueCounters.ClassCount>of(
                    "BounceClass", "The results of one class")
            .text(
                    "bounceClass",
                    "The class, such as SPAM or MAILBOX_FULL",
                    count -> count.bounceClass().name())
            .number("deferred", "Counter: results after which a recipient waits", QueueCounters.ClassCount::deferred)
            .number("failed", "Counter: recipients given up", QueueCounters.ClassCount::failed)
            .build();

    private static final TableType<NumberedAttempt> ATTEMPTS = TableType.<NumberedAttempt>of(
                    "PastAttempt", "An attempt that has ended")
            .number("number", "In the order of the attempts shown, from 1", NumberedAttempt::number)
            .time("startedAt", "When it started", attempt -> attempt.attempt().startedAt())
            .text(
                    "report",
                    "Its result, in several lines",
                    attempt -> attempt.attempt().report())
            .build();

    private static final TableType<QueuedMail.Delivery> DELIVERIES = TableType.<QueuedMail.Delivery>of(
                    "Delivery", "The delivery of a message to a domain")
            .optional("domain", "The recipient domain", delivery -> Optional.of(delivery.domain()))
            .text(
                    "state",
                    "OPEN: waits until it is due; TRYING: is being attempted; HELD: waits for an operator; FUTURE: is to be sent later",
                    delivery -> delivery.state().name())
            .time("dueAt", "When the next attempt is due", QueuedMail.Delivery::dueAt)
            .number("attempts", "Attempts started", QueuedMail.Delivery::attempts)
            .flag("inDoubt", "Whether an attempt may have delivered the message", QueuedMail.Delivery::inDoubt)
            .text(
                    "priority",
                    "HIGH, NORMAL or LOW",
                    delivery -> delivery.priority().name())
            .text(
                    "recipients",
                    "The pending recipients, separated by spaces",
                    delivery ->
                            delivery.recipients().stream().map(Object::toString).collect(Collectors.joining(" ")))
            .table(
                    "history",
                    "The latest attempts, in order; only if one message is shown",
                    ATTEMPTS,
                    delivery -> numbered(delivery.history()))
            .build();

    static final TableType<QueuedMail> MESSAGES = TableType.<QueuedMail>of("Message", "A message in the queue")
            .text("id", "The id in the queue; a later message has a greater id", QueuedMail::id)
            .time("queuedAt", "When it was queued", QueuedMail::queuedAt)
            .number("ageSeconds", "Seconds since then", mail -> secondsSince(Optional.of(mail.queuedAt())))
            .time("expiresAt", "When it expires", QueuedMail::expiresAt)
            .optional("sender", "The reverse-path; empty for the null sender", QueuedMail::sender)
            .optional("messageId", "The Message-ID field", QueuedMail::messageId)
            .optional("subject", "The subject, cleaned and possibly shortened", QueuedMail::subject)
            .number("size", "Octets", QueuedMail::size)
            .optional("damage", "What cannot be read, and why; empty if all can", QueuedMail::damage)
            .table("deliveries", "What is pending, by domain", DELIVERIES, QueuedMail::deliveries)
            .build();

    static final TableType<QueueDestination> DESTINATIONS = TableType.<QueueDestination>of(
                    "Destination", "A recipient domain")
            .optional("domain", "The domain", destination -> Optional.of(destination.domain()))
            .number("waiting", "Its deliveries in the queue", QueueDestination::waiting)
            .optional("oldestDue", "When the earliest delivery was or is due", QueueDestination::oldestDue)
            .flag("paused", "Whether an operator has paused it", QueueDestination::paused)
            .optional("retryAt", "When it is tried again, if it did not answer", QueueDestination::retryAt)
            .optional("report", "The last attempt, if it did not answer, in several lines", QueueDestination::report)
            .build();

    private static final TableType<MailHistory.RecipientHistory> RECIPIENTS =
            TableType.<MailHistory.RecipientHistory>of("RecipientHistory", "What became of a recipient")
                    .optional("recipient", "The address", one -> Optional.of(one.recipient()))
                    .text(
                            "fate",
                            "WAITING, DEFERRED, IN_DOUBT, DELIVERED, FAILED, EXPIRED or REMOVED",
                            one -> one.fate().name())
                    .time("changedAt", "When that was recorded", MailHistory.RecipientHistory::changedAt)
                    .number("attempts", "Attempts started until then", MailHistory.RecipientHistory::attempts)
                    .optional(
                            "status",
                            "The enhanced status code of the last attempt",
                            one -> one.result().map(MailHistory.AttemptResult::status))
                    .optional(
                            "reason",
                            "Why, in one sentence",
                            one -> one.result().map(result -> result.decision().explanation()))
                    .optional(
                            "replyCode",
                            "The reply code of the server",
                            one -> one.result().flatMap(MailHistory.AttemptResult::replyCode))
                    .optional(
                            "remote",
                            "The host that was contacted",
                            one -> one.result().flatMap(MailHistory.AttemptResult::remote))
                    .optional(
                            "protection",
                            "The protection of the connection",
                            one -> one.result()
                                    .flatMap(MailHistory.AttemptResult::protection)
                                    .map(Enum::name))
                    .build();

    static final TableType<MailHistory> HISTORY = TableType.<MailHistory>of("History", "What became of a message")
            .text("id", "The id in the queue", MailHistory::id)
            .time("queuedAt", "When it was queued", MailHistory::queuedAt)
            .optional("sender", "The reverse-path; empty for the null sender", MailHistory::sender)
            .optional("messageId", "The Message-ID field", MailHistory::messageId)
            .optional("subject", "The subject, cleaned and possibly shortened", MailHistory::subject)
            .number("size", "Octets", MailHistory::size)
            .optional("key", "The key that the application gave it", MailHistory::key)
            .table("recipients", "What became of each recipient", RECIPIENTS, MailHistory::recipients)
            .build();

    static final TableType<SuppressedAddress> SUPPRESSED = TableType.<SuppressedAddress>of(
                    "SuppressedAddress", "An address to which mail is refused")
            .optional("mailbox", "The address", address -> Optional.of(address.mailbox()))
            .time("since", "Since when", SuppressedAddress::since)
            .text("reason", "Why", SuppressedAddress::reason)
            .build();

    private QueueTables() {}

    /** An attempt with its position. */
    private record NumberedAttempt(int number, QueuedMail.PastAttempt attempt) {}

    private static List<NumberedAttempt> numbered(List<QueuedMail.PastAttempt> attempts) {
        return IntStream.range(0, attempts.size())
                .mapToObj(i -> new NumberedAttempt(i + 1, attempts.get(i)))
                .toList();
    }

    private static long secondsSince(Optional<Instant> moment) {
        return moment.map(at -> Math.max(0, Duration.between(at, Instant.now()).toSeconds()))
                .orElse(0L);
    }

    private static long secondsUntil(Optional<Instant> moment) {
        return moment.map(at -> Math.max(0, Duration.between(Instant.now(), at).toSeconds()))
                .orElse(0L);
    }
}
