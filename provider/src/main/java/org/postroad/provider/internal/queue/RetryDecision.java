// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.postroad.api.DomainReport;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.IpAddress;
import org.postroad.api.MailHistory.Fate;
import org.postroad.api.Outcome;
import org.postroad.api.QueuedMail.State;
import org.postroad.api.RecipientReport;
import org.postroad.api.RecipientReport.DecidedBy;
import org.postroad.api.RemoteMta;
import org.postroad.api.Stage;
import org.postroad.api.Verdict;
import org.postroad.provider.internal.queue.QueueSettings.InDoubt;
import org.postroad.provider.internal.queue.store.AttemptRows;
import org.postroad.provider.internal.queue.store.HistoryRows.RecipientResult;
import org.postroad.provider.internal.queue.store.QueuedDelivery;
import org.postroad.provider.internal.route.ErrorPolicy;

/**
 * Decision on a delivery after an attempt. Pure.
 *
 * <p>A 2yz reply settles a recipient, and so does a 5yz reply (RETRY-01), with one exception: after a policy rejection at the first
 * attempt, the recipient is retried once at an address of the same host in the other family, if there is one. A temporary failure
 * is retried later; if the message has expired, the recipient is given up with the last status as it stands (RETRY-02). A result in
 * doubt (TRY-05) is retried or held, as configured. After greylisting, the next attempt begins with the same address, so that it
 * comes from the same source address.
 *
 * @param end what is written
 * @param delivered recipients that got the message
 * @param failed recipients given up, which the sender must be notified of
 * @param open recipients still pending
 * @param delayed recipients still pending, whose delay the sender must be notified of
 */
record RetryDecision(
        AttemptRows.AttemptEnd end,
        List<RecipientReport> delivered,
        List<RecipientReport> failed,
        List<RecipientReport> open,
        List<RecipientReport> delayed) {

    private static final String CRASHED = "the process ended before the result was written; it may have been delivered";

    static RetryDecision of(
            QueuedDelivery delivery,
            DomainReport report,
            QueueSettings.Retrying rules,
            Instant now,
            RandomGenerator random) {
        List<RecipientReport> delivered = new ArrayList<>();
        List<RecipientResult> results = new ArrayList<>();
        List<RecipientReport> failed = new ArrayList<>();
        List<RecipientReport> open = new ArrayList<>();
        Optional<IpAddress> hint = Optional.empty();
        boolean doubt = delivery.inDoubt();
        boolean expired = !now.isBefore(delivery.message().expiresAt());
        for (RecipientReport recipient : report.recipients()) {
            Optional<IpAddress> chance = secondChance(delivery, report, recipient);
            if (recipient.verdict() == Verdict.DELIVERED) {
                delivered.add(recipient);
                results.add(new RecipientResult(Fate.DELIVERED, recipient));
            } else if (expired || (recipient.verdict() == Verdict.FAILED && chance.isEmpty())) {
                results.add(new RecipientResult(
                        recipient.verdict() == Verdict.FAILED ? Fate.FAILED : Fate.EXPIRED, recipient));
                failed.add(recipient);
            } else {
                results.add(pending(recipient));
                open.add(recipient);
                doubt |= recipient.verdict() == Verdict.IN_DOUBT;
                hint = hint.or(() -> chance).or(() -> greylistedAt(recipient));
            }
        }
        boolean held = rules.inDoubt() == InDoubt.HOLD
                && open.stream().anyMatch(recipient -> recipient.verdict() == Verdict.IN_DOUBT);
        boolean warn = !delivery.warned() && !open.isEmpty() && isLate(delivery, rules, now);
        Instant due = now.plus(rules.schedule().after(delivery.attempts(), random));
        AttemptRows.Rescheduling next = new AttemptRows.Rescheduling(
                held ? State.HELD : State.OPEN,
                due.isBefore(delivery.message().expiresAt())
                        ? due
                        : delivery.message().expiresAt(),
                doubt,
                delivery.warned() || warn,
                hint);
        return new RetryDecision(
                new AttemptRows.AttemptEnd(results, next, report.toString()),
                delivered,
                failed,
                List.copyOf(open),
                warn ? List.copyOf(open) : List.of());
    }

    private static RecipientResult pending(RecipientReport recipient) {
        return new RecipientResult(recipient.verdict() == Verdict.IN_DOUBT ? Fate.IN_DOUBT : Fate.DEFERRED, recipient);
    }

    /** Returns this decision on a delivery that an operator removed. */
    RetryDecision removedByOperator() {
        List<RecipientResult> removed = end.results().stream()
                .map(result -> new RecipientResult(Fate.REMOVED, result.report()))
                .toList();
        return new RetryDecision(
                new AttemptRows.AttemptEnd(removed, end.next(), end.report()), delivered, failed, open, delayed);
    }

    /** Returns whether the destination is down, whatever the message: all recipients are deferred, and no dialogue reached MAIL. */
    static boolean isDestinationDown(DomainReport report) {
        return report.recipients().stream().allMatch(recipient -> recipient.verdict() == Verdict.DEFERRED)
                && report.attempts().stream()
                        .filter(attempt -> !attempt.superseded())
                        .flatMap(attempt -> attempt.outcomes().stream())
                        .allMatch(outcome -> outcome.stage().compareTo(Stage.MAIL) < 0
                                && !(outcome.outcome() instanceof Outcome.HostUnsuitable));
    }

    /** Decides on a delivery that was in progress when its process died (TRY-05). */
    static AttemptRows.AttemptEnd ofInterruptedByCrash(
            QueuedDelivery delivery, QueueSettings.Retrying rules, Instant now) {
        AttemptRows.Rescheduling next = new AttemptRows.Rescheduling(
                rules.inDoubt() == InDoubt.HOLD ? State.HELD : State.OPEN,
                now,
                true,
                delivery.warned(),
                delivery.hint());
        List<RecipientResult> results = delivery.mailboxes().stream()
                .map(mailbox -> new RecipientReport(
                        mailbox,
                        Verdict.IN_DOUBT,
                        EnhancedStatus.BAD_CONNECTION_4_4_2,
                        new RecipientReport.Decision("TRY-05", CRASHED),
                        Optional.empty()))
                .map(RetryDecision::pending)
                .toList();
        return new AttemptRows.AttemptEnd(results, next, delivery.domain() + "\n  result   unknown: " + CRASHED);
    }

    /** Decides on a delivery that could not be attempted here or was cancelled: it waits until the given time, whatever its age. */
    static RetryDecision reschedule(QueuedDelivery delivery, DomainReport report, Instant dueAt) {
        return waiting(delivery, report, State.OPEN, dueAt);
    }

    /** Decides on a delivery whose message is damaged: it is held for the operator. */
    static RetryDecision hold(QueuedDelivery delivery, DomainReport report, Instant now) {
        return waiting(delivery, report, State.HELD, now);
    }

    private static RetryDecision waiting(QueuedDelivery delivery, DomainReport report, State state, Instant dueAt) {
        AttemptRows.Rescheduling next =
                new AttemptRows.Rescheduling(state, dueAt, delivery.inDoubt(), delivery.warned(), delivery.hint());
        return new RetryDecision(
                new AttemptRows.AttemptEnd(
                        report.recipients().stream().map(RetryDecision::pending).toList(), next, report.toString()),
                List.of(),
                List.of(),
                report.recipients(),
                List.of());
    }

    private static boolean isLate(QueuedDelivery delivery, QueueSettings.Retrying rules, Instant now) {
        return rules.delayWarning()
                .filter(limit -> !now.isBefore(delivery.firstDueAt().plus(limit)))
                .isPresent();
    }

    private static Optional<IpAddress> secondChance(
            QueuedDelivery delivery, DomainReport report, RecipientReport recipient) {
        return delivery.attempts() > 1
                ? Optional.empty()
                : recipient
                        .decidedBy()
                        .filter(by -> ErrorPolicy.isPolicyRefusal(by.outcome()))
                        .flatMap(by -> inTheOtherFamily(report, by.remote()));
    }

    /** Returns an address of the same host in the other family. */
    private static Optional<IpAddress> inTheOtherFamily(DomainReport report, RemoteMta remote) {
        return report.lookups().stream()
                .filter(lookup -> lookup.name().equals(remote.host()))
                .flatMap(lookup -> lookup.answer().recordsOrNone().stream())
                .filter(IpAddress.class::isInstance)
                .map(IpAddress.class::cast)
                .filter(address -> address.family() != remote.family())
                .findFirst();
    }

    private static Optional<IpAddress> greylistedAt(RecipientReport recipient) {
        return recipient
                .decidedBy()
                .filter(by -> ErrorPolicy.isGreylisting(by.stage(), by.outcome()))
                .map(DecidedBy::remote)
                .map(RemoteMta::address);
    }
}
