// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.DomainReport;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;
import org.postroad.api.RecipientReport;
import org.postroad.api.Stage;
import org.postroad.api.SuppressedAddress;
import org.postroad.api.Verdict;
import org.postroad.provider.internal.deliver.BrokenClassPathException;
import org.postroad.provider.internal.deliver.MailObject;
import org.postroad.provider.internal.deliver.MessageForms;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.envelope.MessageId;
import org.postroad.provider.internal.message.SpoolSettings;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.queue.QueueRows.EndResult;
import org.postroad.provider.internal.queue.QueueSettings.Bounces;
import org.postroad.provider.internal.route.ErrorPolicy;
import org.postroad.provider.internal.smtp.Fence;

/** Makes one attempt at a delivery: reads the message, has it delivered and evaluates the result. Thread-safe. */
final class DeliveryAttempts {

    private final RetryingDatabase patience;
    private final DeliveryAgent courier;
    private final QueueSettings settings;
    private final AttemptListener witness;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final AtomicReference<String> brokenClassPath = new AtomicReference<>("");

    /** Receives the results of deliveries. Implementations must be fast and must not throw. */
    interface AttemptListener {
        void judged(QueuedDelivery delivery, RetryDecision judgement);
    }

    DeliveryAttempts(
            RetryingDatabase patience,
            DeliveryAgent courier,
            QueueSettings settings,
            AttemptListener witness,
            Environment surroundings) {
        this.patience = patience;
        this.courier = courier;
        this.settings = settings;
        this.witness = witness;
        this.clock = surroundings.clock();
        this.random = surroundings.random();
    }

    /**
     * A finished attempt whose result is not yet written.
     *
     * @param tried whether the result concerns the destination; false if the message could not be handled here
     * @param news the pending notices for the sender or the postmaster
     * @param suppressed addresses that accept no further mail
     */
    record FinishedAttempt(
            QueuedDelivery delivery,
            DomainReport report,
            boolean tried,
            RetryDecision judgement,
            Instant at,
            List<PendingNotice> news,
            List<SuppressedAddress> suppressed) {

        /**
         * Writes the result within the caller's transaction. If another process has taken over the delivery, neither notices nor
         * suppressed addresses are recorded.
         */
        EndResult write(Connection connection) throws SQLException {
            EndResult ended = QueueRows.end(connection, delivery, judgement.ending(), news, at);
            if (ended != EndResult.OVERTAKEN) {
                for (SuppressedAddress address : suppressed) {
                    SuppressionRows.add(connection, address);
                }
            }
            return ended;
        }
    }

    /**
     * Makes the attempt. An interrupt cancels the delivery soon; the result is evaluated all the same.
     *
     * @param lease of the visit to the destination; content is sent only while this process holds it
     */
    FinishedAttempt attempt(QueuedDelivery delivery, DestinationLease lease) {
        MessageForms forms;
        try {
            SpooledMessage content = ContentRows.read(patience::read, delivery.message());
            boolean isNotice = delivery.message().sender().isEmpty();
            forms = isNotice
                    ? MessageForms.ofNotice(content, SpoolSettings.DEFAULTS)
                    : new MessageForms(content, SpoolSettings.DEFAULTS);
        } catch (IOException e) {
            return unread(delivery, e);
        }
        Fence fence = new Fence(new DeliveryClaim(delivery, lease, patience, clock));
        try {
            DomainReport report = deliver(delivery, forms, fence);
            while (isContentRefused(report) && forms.reduce()) {
                report = deliver(delivery, forms, fence);
            }
            return announced(judged(delivery, report, fence.refusal().isPresent()));
        } catch (BrokenClassPathException e) {
            return undeliverableHere(delivery, e);
        } finally {
            close(forms);
        }
    }

    /** Keeps the mail, whatever its age and without a bounce, until the class path is corrected, which needs a restart. */
    private FinishedAttempt undeliverableHere(QueuedDelivery delivery, BrokenClassPathException e) {
        String why = String.valueOf(e.getMessage());
        // Logged as an error once per reason, because it affects every message.
        boolean isNew = !why.equals(brokenClassPath.getAndSet(why));
        System.getLogger(DeliveryAttempts.class.getName())
                .log(
                        isNew ? System.Logger.Level.ERROR : System.Logger.Level.DEBUG,
                        "The queue cannot deliver, and keeps its mail",
                        e);
        return postponed(delivery, deferred(delivery, EnhancedStatus.SYSTEM_MISCONFIGURED_4_3_5, why));
    }

    /** Returns whether every recipient was permanently rejected because of the content or the size of the message. */
    private static boolean isContentRefused(DomainReport report) {
        return report.recipients().stream().allMatch(DeliveryAttempts::isContentRefused);
    }

    private static boolean isContentRefused(RecipientReport report) {
        boolean sawContent = report.decidedBy()
                .filter(by -> by.stage() == Stage.DATA || by.stage() == Stage.END_OF_DATA)
                .isPresent();
        boolean isTooBig = report.status().equals(EnhancedStatus.MESSAGE_TOO_BIG_5_3_4);
        return report.verdict() == Verdict.FAILED && (sawContent || isTooBig);
    }

    /** Only logs a failure: the result of the attempt must not be lost because a temporary file remains. */
    private static void close(MessageForms forms) {
        try {
            forms.close();
        } catch (IOException e) {
            System.getLogger(DeliveryAttempts.class.getName())
                    .log(System.Logger.Level.WARNING, "A temporary file of the queue remains", e);
        }
    }

    private DomainReport deliver(QueuedDelivery delivery, MessageForms forms, Fence fence) {
        try {
            return courier.deliver(
                    new MailObject(envelope(delivery), forms, fence),
                    new DeliveryAgent.RetryHints(delivery.attempts() > 1, delivery.hint()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return deferred(delivery, "The delivery was cancelled before it began");
        }
    }

    /** Evaluates a delivery without an attempt, because the destination does not answer. The report of another message applies. */
    FinishedAttempt withoutTrying(QueuedDelivery delivery, DomainReport other) {
        return announced(judged(delivery, forOthers(other, delivery.mailboxes()), false));
    }

    /**
     * Records an attempt that was made before the message was queued; it counts as the first. Runs in the transaction that adds the
     * message.
     */
    void wasMade(Connection connection, QueuedMessage message, DomainReport report) throws SQLException {
        Instant at = message.queuedAt();
        Optional<QueuedDelivery> begun = QueueRows.begin(connection, message.id(), report.domain(), at);
        if (begun.isPresent()) {
            Set<Mailbox> open = Set.copyOf(begun.get().mailboxes());
            DomainReport ofOpen = report.with(report.recipients().stream()
                    .filter(recipient -> open.contains(recipient.recipient()))
                    .toList());
            RetryDecision judgement = RetryDecision.of(begun.get(), ofOpen, settings.retrying(), at, random);
            QueueRows.end(connection, begun.get(), judgement.ending(), List.of(), at);
        }
    }

    /**
     * Returns the result of a delivery that an operator removes from the queue.
     *
     * @param tell whether the sender is notified; if so, the caller passes the result to {@link #announced} once it is written
     */
    FinishedAttempt dropped(QueuedDelivery delivery, boolean tell) {
        List<RecipientReport> reports = new ArrayList<>();
        for (Mailbox mailbox : delivery.mailboxes()) {
            reports.add(new RecipientReport(
                    mailbox,
                    Verdict.FAILED,
                    EnhancedStatus.UNDEFINED_5_0_0,
                    new RecipientReport.Decision("RETRY-01", "Taken out of the queue by its operator"),
                    Optional.empty()));
        }
        DomainReport report = DomainReport.withoutContact(delivery.domain(), reports);
        Instant now = clock.instant();
        if (!tell) {
            RetryDecision judgement = RetryDecision.of(delivery, report, settings.retrying(), now, random);
            return new FinishedAttempt(delivery, report, true, judgement, now, List.of(), List.of());
        }
        return judged(delivery, report, false);
    }

    /** Applies the report of a destination that does not answer to other recipients there. */
    private static DomainReport forOthers(DomainReport report, List<Mailbox> others) {
        RecipientReport one = report.recipients().get(0);
        List<RecipientReport> reports = others.stream()
                .map(mailbox ->
                        new RecipientReport(mailbox, one.verdict(), one.status(), one.decision(), one.decidedBy()))
                .toList();
        return report.with(reports);
    }

    /** @param withdrawn whether the content was withheld because another process may own the delivery */
    private FinishedAttempt judged(QueuedDelivery delivery, DomainReport report, boolean withdrawn) {
        Instant now = clock.instant();
        boolean interrupted = Thread.currentThread().isInterrupted();
        boolean brokenOff = (interrupted || withdrawn)
                && report.recipients().stream().allMatch(recipient -> recipient.verdict() == Verdict.DEFERRED);
        RetryDecision judgement = brokenOff
                ? RetryDecision.postponed(delivery, report, interrupted ? now : nextTry(delivery, now))
                : RetryDecision.of(delivery, report, settings.retrying(), now, random);
        List<PendingNotice> news = news(delivery, judgement, now);
        return new FinishedAttempt(delivery, report, true, judgement, now, news, unknownMailboxes(judgement, now));
    }

    private List<PendingNotice> news(QueuedDelivery delivery, RetryDecision judgement, Instant now) {
        if (delivery.message().sender().isEmpty()) {
            return settings.postmaster()
                    .map(postmaster -> PendingNotice.forPostmaster(delivery, judgement, postmaster, now))
                    .orElse(List.of());
        }
        return settings.bounces() == Bounces.SENDER ? PendingNotice.of(delivery, judgement, now) : List.of();
    }

    private Instant nextTry(QueuedDelivery delivery, Instant now) {
        return now.plus(settings.retrying().schedule().after(delivery.attempts(), random));
    }

    /**
     * Passes the result to the statistics, and to the application's listener after a double bounce or if so configured. Returns the
     * same result.
     */
    FinishedAttempt announced(FinishedAttempt over) {
        QueuedDelivery delivery = over.delivery();
        RetryDecision judgement = over.judgement();
        boolean doubleBounce = DoubleBounce.is(delivery, judgement);
        if (doubleBounce) {
            DoubleBounce.log(delivery, judgement, !over.news().isEmpty());
        }
        if (doubleBounce
                || (settings.bounces() == Bounces.LISTENER
                        && !judgement.failed().isEmpty())) {
            courier.tell(undeliverable(delivery, judgement));
        }
        witness.judged(delivery, judgement);
        return over;
    }

    /** Returns the addresses to suppress, if that is configured: failed recipients whose mailbox the server does not have. */
    private List<SuppressedAddress> unknownMailboxes(RetryDecision judgement, Instant now) {
        return settings.admission().suppress()
                ? judgement.failed().stream()
                        .filter(report -> report.decidedBy()
                                .filter(by -> ErrorPolicy.isUnknownMailbox(by.stage(), by.outcome()))
                                .isPresent())
                        .map(report -> new SuppressedAddress(
                                report.recipient(), now, report.decision().explanation()))
                        .toList()
                : List.of();
    }

    private static DeliveryEvent.Undeliverable undeliverable(QueuedDelivery delivery, RetryDecision judgement) {
        QueuedMessage message = delivery.message();
        return new DeliveryEvent.Undeliverable(
                delivery.domain(),
                new DeliveryEvent.AbandonedMail(
                        message.id(),
                        message.sender(),
                        message.envelopeId(),
                        message.labels().messageId().map(MessageId::text),
                        judgement.failed()));
    }

    /** Handles a local error, which does not count against the destination. The delivery waits, or is held if its content is damaged. */
    private FinishedAttempt unread(QueuedDelivery delivery, IOException e) {
        System.getLogger(DeliveryAttempts.class.getName())
                .log(
                        System.Logger.Level.ERROR,
                        "The message " + delivery.message().id() + " could not be handled",
                        e);
        DomainReport report = deferred(delivery, "The queue could not handle the message: " + Printable.describe(e));
        return e instanceof ContentRows.DamagedContentException
                ? untried(delivery, report, RetryDecision.setAside(delivery, report, clock.instant()))
                : postponed(delivery, report);
    }

    private FinishedAttempt postponed(QueuedDelivery delivery, DomainReport report) {
        return untried(delivery, report, RetryDecision.postponed(delivery, report, nextTry(delivery, clock.instant())));
    }

    private FinishedAttempt untried(QueuedDelivery delivery, DomainReport report, RetryDecision judgement) {
        return new FinishedAttempt(delivery, report, false, judgement, clock.instant(), List.of(), List.of());
    }

    private static Envelope envelope(QueuedDelivery delivery) {
        QueuedMessage message = delivery.message();
        return new Envelope(
                message.sender(), delivery.recipients(), message.returned(), message.envelopeId(), message.tls());
    }

    private static DomainReport deferred(QueuedDelivery delivery, String why) {
        return deferred(delivery, EnhancedStatus.MAIL_SYSTEM_4_3_0, why);
    }

    private static DomainReport deferred(QueuedDelivery delivery, EnhancedStatus status, String why) {
        List<RecipientReport> reports = new ArrayList<>();
        for (Mailbox mailbox : delivery.mailboxes()) {
            reports.add(new RecipientReport(
                    mailbox,
                    Verdict.DEFERRED,
                    status,
                    new RecipientReport.Decision("RETRY-01", why),
                    Optional.empty()));
        }
        return DomainReport.withoutContact(delivery.domain(), reports);
    }
}
