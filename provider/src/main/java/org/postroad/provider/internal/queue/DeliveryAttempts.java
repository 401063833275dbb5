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
import org.postroad.api.DomainReport;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;
import org.postroad.api.RecipientReport;
import org.postroad.api.Stage;
import org.postroad.api.Verdict;
import org.postroad.provider.internal.deliver.BrokenClassPathException;
import org.postroad.provider.internal.deliver.MailObject;
import org.postroad.provider.internal.deliver.MessageForms;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.jfr.FlightEvents;
import org.postroad.provider.internal.jfr.FlightSpan;
import org.postroad.provider.internal.message.SpoolSettings;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.queue.DestinationMeter.Activity;
import org.postroad.provider.internal.queue.store.AttemptRows;
import org.postroad.provider.internal.queue.store.ContentRows;
import org.postroad.provider.internal.queue.store.QueuedDelivery;
import org.postroad.provider.internal.queue.store.QueuedMessage;
import org.postroad.provider.internal.queue.store.RetryingDatabase;
import org.postroad.provider.internal.smtp.Fence;

/** Makes one attempt at a delivery: reads the message, has it delivered and evaluates the result. Thread-safe. */
final class DeliveryAttempts {

    private final RetryingDatabase retrying;
    private final DeliveryAgent agent;
    private final AttemptResults results;
    private final InstantSource clock;
    private final AtomicReference<String> brokenClassPath = new AtomicReference<>("");

    DeliveryAttempts(RetryingDatabase retrying, DeliveryAgent agent, AttemptResults results, Environment environment) {
        this.retrying = retrying;
        this.agent = agent;
        this.results = results;
        this.clock = environment.clock();
    }

    /**
     * Makes the attempt. An interrupt cancels the delivery soon; the result is evaluated all the same.
     *
     * @param lease of the visit to the destination; content is sent only while this process holds it
     * @param meter learns when the message is being delivered, and when that waits for a connection
     */
    FinishedAttempt attempt(QueuedDelivery delivery, DestinationLease lease, DestinationMeter meter) {
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
            DomainReport report = deliver(delivery, forms, fence, meter);
            while (isContentRefused(report) && forms.reduce()) {
                report = deliver(delivery, forms, fence, meter);
            }
            span.end(report.recipients());
            return results.publish(
                    results.finished(delivery, report, fence.refusal().isPresent()));
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

    private DomainReport deliver(QueuedDelivery delivery, MessageForms forms, Fence fence, DestinationMeter meter) {
        meter.change(Activity.DATABASE, Activity.ATTEMPT);
        try {
            return agent.deliver(
                    new MailObject(envelope(delivery), forms, delivery.context(), fence, meter.connectionWaits()),
                    new DeliveryAgent.RetryHints(delivery.attempts() > 1, delivery.hint()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return deferred(delivery, "The delivery was cancelled before it began");
        } finally {
            meter.change(Activity.ATTEMPT, Activity.DATABASE);
        }
    }

    /** Evaluates a delivery without an attempt, because the destination does not answer. The report of another message applies. */
    FinishedAttempt settleWithoutAttempt(QueuedDelivery delivery, DomainReport other) {
        return results.publish(results.finished(delivery, forOthers(other, delivery.mailboxes()), false));
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
            results.earlier(begun.get(), ofOpen, at).write(connection);
        }
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

    /** Handles a local error, which does not count against the destination. The delivery waits, or is held if its content is damaged. */
    private FinishedAttempt localFailure(QueuedDelivery delivery, IOException e) {
        System.getLogger(DeliveryAttempts.class.getName())
                .log(
                        System.Logger.Level.ERROR,
                        "The message " + delivery.message().id() + " could not be handled",
                        e);
        DomainReport report = deferred(delivery, "The queue could not handle the message: " + Printable.describe(e));
        return e instanceof ContentRows.DamagedContentException
                ? results.notAttempted(delivery, report, RetryDecision.hold(delivery, report, clock.instant()))
                : postponed(delivery, report);
    }

    private FinishedAttempt postponed(QueuedDelivery delivery, DomainReport report) {
        return results.notAttempted(
                delivery,
                report,
                RetryDecision.reschedule(delivery, report, results.nextTry(delivery, clock.instant())));
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
