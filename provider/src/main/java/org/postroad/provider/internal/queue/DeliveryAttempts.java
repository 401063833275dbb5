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
import org.postroad.provider.internal.jfr.FlightEvents;
import org.postroad.provider.internal.jfr.FlightSpan;
import org.postroad.provider.internal.message.SpoolSettings;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.queue.QueueSettings.Bounces;
import org.postroad.provider.internal.queue.notice.DueNotices;
import org.postroad.provider.internal.queue.store.AttemptRows;
import org.postroad.provider.internal.queue.store.AttemptRows.EndResult;
import org.postroad.provider.internal.queue.store.ContentRows;
import org.postroad.provider.internal.queue.store.PendingNotice;
import org.postroad.provider.internal.queue.store.QueuedDelivery;
import org.postroad.provider.internal.queue.store.QueuedMessage;
import org.postroad.provider.internal.queue.store.RetryingDatabase;
import org.postroad.provider.internal.queue.store.SuppressionRows;
import org.postroad.provider.internal.route.ErrorPolicy;
import org.postroad.provider.internal.smtp.Fence;

/** Makes one attempt at a delivery: reads the message, has it delivered and evaluates the result. Thread-safe. */
final class DeliveryAttempts {

    private final RetryingDatabase retrying;
    private final DeliveryAgent agent;
    private final QueueSettings settings;
    private final AttemptListener listener;
    private final QueueEvents events;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final AtomicReference<String> brokenClassPath = new AtomicReference<>("");

    /** Receives the results of deliveries. Implementations must be fast and must not throw. */
    interface AttemptListener {
        void decided(QueuedDelivery delivery, RetryDecision decision);

        /** Receives what is done with a delivery that could not be attempted. */
        default void notAttempted(QueuedDelivery delivery, RetryDecision decision) {}
    }

    DeliveryAttempts(
            RetryingDatabase retrying,
            DeliveryAgent agent,
            QueueSettings settings,
            AttemptListener listener,
            QueueEvents events,
            Environment environment) {
        this.retrying = retrying;
        this.agent = agent;
        this.settings = settings;
        this.listener = listener;
        this.events = events;
        this.clock = environment.clock();
        this.random = environment.random();
    }

    /**
     * A finished attempt whose result is not yet written.
     *
     * @param tried whether the result concerns the destination; false if the message could not be handled here
     * @param notices the pending notices for the sender or the postmaster
     * @param suppressed addresses that accept no further mail
     */
    record FinishedAttempt(
            QueuedDelivery delivery,
            DomainReport report,
            boolean tried,
            RetryDecision decision,
            Instant at,
            List<PendingNotice> notices,
            List<SuppressedAddress> suppressed) {

        /**
         * Writes the result within the caller's transaction. If another process has taken over the delivery, neither notices nor
         * suppressed addresses are recorded.
         */
        EndResult write(Connection connection) throws SQLException {
            EndResult ended = AttemptRows.end(connection, delivery, decision.end(), notices, at);
            if (ended != EndResult.TAKEN_OVER) {
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
            SpooledMessage content = ContentRows.read(retrying::read, delivery.message());
            boolean isNotice = delivery.message().sender().isEmpty();
            forms = isNotice
                    ? MessageForms.ofNotice(content, SpoolSettings.DEFAULTS)
                    : new MessageForms(content, SpoolSettings.DEFAULTS);
        } catch (IOException e) {
            return localFailure(delivery, e);
        }
        Fence fence = new Fence(new DeliveryClaim(delivery, lease, retrying, clock));
        FlightSpan<List<RecipientReport>> span =
                FlightEvents.queueAttempt(delivery.message().id(), delivery.domain(), delivery.attempts());
        try {
            DomainReport report = deliver(delivery, forms, fence);
            while (isContentRefused(report) && forms.reduce()) {
                report = deliver(delivery, forms, fence);
            }
            span.end(report.recipients());
            return publish(finished(delivery, report, fence.refusal().isPresent()));
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
                        "The queue cannot deliver because the class path is incomplete; the mail is kept",
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
                    .log(System.Logger.Level.WARNING, "A temporary file of the queue could not be deleted", e);
        }
    }

    private DomainReport deliver(QueuedDelivery delivery, MessageForms forms, Fence fence) {
        try {
            return agent.deliver(
                    new MailObject(envelope(delivery), forms, delivery.context(), fence),
                    new DeliveryAgent.RetryHints(delivery.attempts() > 1, delivery.hint()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return deferred(delivery, "The delivery was cancelled before it began");
        }
    }

    /** Evaluates a delivery without an attempt, because the destination does not answer. The report of another message applies. */
    FinishedAttempt settleWithoutAttempt(QueuedDelivery delivery, DomainReport other) {
        return publish(finished(delivery, forOthers(other, delivery.mailboxes()), false));
    }

    /**
     * Records an attempt that was made before the message was queued; it counts as the first. Runs in the transaction that adds the
     * message.
     */
    void recordEarlierAttempt(Connection connection, QueuedMessage message, DomainReport report) throws SQLException {
        Instant at = message.queuedAt();
        Optional<QueuedDelivery> begun = AttemptRows.begin(connection, message.id(), report.domain(), at);
        if (begun.isPresent()) {
            Set<Mailbox> open = Set.copyOf(begun.get().mailboxes());
            DomainReport ofOpen = report.with(report.recipients().stream()
                    .filter(recipient -> open.contains(recipient.recipient()))
                    .toList());
            RetryDecision decision = RetryDecision.of(begun.get(), ofOpen, settings.retrying(), at, random);
            AttemptRows.end(connection, begun.get(), decision.end(), List.of(), at);
        }
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
                delivery, report, true, decision, now, tell ? notices(delivery, decision, now) : List.of(), List.of());
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
    private FinishedAttempt finished(QueuedDelivery delivery, DomainReport report, boolean withdrawn) {
        Instant now = clock.instant();
        boolean interrupted = Thread.currentThread().isInterrupted();
        boolean brokenOff = (interrupted || withdrawn)
                && report.recipients().stream().allMatch(recipient -> recipient.verdict() == Verdict.DEFERRED);
        RetryDecision decision = brokenOff
                ? RetryDecision.reschedule(delivery, report, interrupted ? now : nextTry(delivery, now))
                : RetryDecision.of(delivery, report, settings.retrying(), now, random);
        List<PendingNotice> notices = notices(delivery, decision, now);
        return new FinishedAttempt(delivery, report, true, decision, now, notices, unknownMailboxes(decision, now));
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

    private Instant nextTry(QueuedDelivery delivery, Instant now) {
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

    /** Handles a local error, which does not count against the destination. The delivery waits, or is held if its content is damaged. */
    private FinishedAttempt localFailure(QueuedDelivery delivery, IOException e) {
        System.getLogger(DeliveryAttempts.class.getName())
                .log(
                        System.Logger.Level.ERROR,
                        "The message " + delivery.message().id() + " could not be handled",
                        e);
        DomainReport report = deferred(delivery, "The queue could not handle the message: " + Printable.describe(e));
        return e instanceof ContentRows.DamagedContentException
                ? notAttempted(delivery, report, RetryDecision.hold(delivery, report, clock.instant()))
                : postponed(delivery, report);
    }

    private FinishedAttempt postponed(QueuedDelivery delivery, DomainReport report) {
        return notAttempted(
                delivery, report, RetryDecision.reschedule(delivery, report, nextTry(delivery, clock.instant())));
    }

    private FinishedAttempt notAttempted(QueuedDelivery delivery, DomainReport report, RetryDecision decision) {
        events.decided(delivery, report, decision);
        listener.notAttempted(delivery, decision);
        return new FinishedAttempt(delivery, report, false, decision, clock.instant(), List.of(), List.of());
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
