// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.URLName;
import java.io.IOException;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postroad.api.DeliveryReport;
import org.postroad.api.DomainReport;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Mailbox;
import org.postroad.api.QueueOptions;
import org.postroad.api.RecipientReport;
import org.postroad.api.SuppressedAddress;
import org.postroad.api.Verdict;
import org.postroad.provider.internal.config.QueueReader;
import org.postroad.provider.internal.config.SettingsException;
import org.postroad.provider.internal.deliver.MessageForms;
import org.postroad.provider.internal.engine.Engine;
import org.postroad.provider.internal.engine.OpenQueues;
import org.postroad.provider.internal.engine.PluginDiscovery;
import org.postroad.provider.internal.engine.SendOptions;
import org.postroad.provider.internal.jakarta.ExplainedException;
import org.postroad.provider.internal.jakarta.QueueLabels;
import org.postroad.provider.internal.message.SpoolSettings;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.queue.QueueClosedException;
import org.postroad.provider.internal.queue.QueueManager;
import org.postroad.provider.internal.queue.store.NewMessages;
import org.postroad.provider.internal.queue.store.QueueException;
import org.postroad.provider.internal.queue.store.QueuedMessage;

/**
 * Transport for the protocol {@code mxqueue}: stores messages in a durable queue. From there they are delivered to the recipients' mail
 * exchangers and retried until they are accepted or expire; failures are reported to the sender. The first send opens the queue unless a
 * {@link MailQueue} did; {@link Postroad#close()} closes it.
 *
 * <p>If the queue is in a DataSource that joins the transaction of the calling thread, such as a container's in a JTA transaction or
 * Spring's {@code TransactionAwareDataSourceProxy}, the message is part of that transaction: it is sent if and only if that commits. For
 * plain JDBC, {@link MailQueue#send} does the same. With any other DataSource the message is stored in a transaction of its own.
 *
 * <p>As with every {@link Transport}, an instance must not be used by two threads at a time. {@code connect} checks the settings and opens
 * the queue, without network IO except to a database. Its arguments have no effect; if they name a server, a warning says so.
 */
public class MxQueueTransport extends PostroadTransport {

    static final String PROTOCOL = "mxqueue";

    private final Optional<Connection> transaction;

    /** The options of the message; empty if Jakarta Mail made this transport. */
    private final Optional<QueueOptions> options;

    /**
     * Constructor that Jakarta Mail calls. Does no IO and throws nothing.
     *
     * @param session has the settings
     * @param url has no effect; if it names a server, {@code connect} logs a warning
     */
    public MxQueueTransport(Session session, URLName url) {
        this(session, url, Optional.empty(), Optional.empty());
    }

    private MxQueueTransport(
            Session session, URLName url, Optional<Connection> transaction, Optional<QueueOptions> options) {
        super(session, url);
        this.transaction = transaction;
        this.options = options;
    }

    /** {@return a transport that stores messages with these options, and does not send them directly first} */
    static MxQueueTransport storing(Session session, QueueOptions options) {
        return new MxQueueTransport(session, url(), Optional.empty(), Optional.of(options));
    }

    /** {@return a transport that stores messages with these options within the transaction of the connection} */
    static MxQueueTransport within(Session session, QueueOptions options, Connection transaction) {
        return new MxQueueTransport(session, url(), Optional.of(transaction), Optional.of(options));
    }

    private static URLName url() {
        return new URLName(PROTOCOL, null, -1, null, null, null);
    }

    /**
     * Stores the message and returns when it is durable, or part of the caller's transaction. With
     * {@code mail.mx.queue.firstattempt=sync}, the message is first sent directly, as {@code mx} does, and queued only for the recipients
     * that are deferred or in doubt.
     *
     * @param message a {@code MimeMessage}, written once on the calling thread
     * @param addresses the envelope recipients, {@code InternetAddress} objects; the header fields of the message are not used
     * @throws MxSendFailedException if the address of a recipient is invalid or suppressed, or a direct attempt failed permanently. The
     *     message is stored or delivered for the other recipients, unless {@code mail.mx.sendpartial} is false. Without a usable sender
     *     nothing is stored. With {@code mail.mx.reportsuccess}, also if all recipients were accepted
     * @throws jakarta.mail.SendFailedException if there are no recipients, or one is not an {@code InternetAddress}
     * @throws MessagingException if the message cannot be written, a property cannot be read, or the queue cannot store the message.
     *     Nothing was stored, unless the exception says that this is unknown because the database connection was lost at the commit. If
     *     the message was sent directly before, the text of the exception contains the report of that attempt
     * @throws IllegalStateException if this transport is not connected
     */
    @Override
    public void sendMessage(Message message, Address @Nullable [] addresses) throws MessagingException {
        super.sendMessage(message, addresses);
    }

    @Override
    String deferralHint() {
        return "DEFERRED: nothing was put into the queue for these recipients, so delivery is not retried. Send again.";
    }

    @Override
    SendResult dispatch(OutgoingMail mail) throws MessagingException {
        try {
            Admitted admitted = withQueue(mail, queue -> admit(mail, queue));
            if (admitted.others().isEmpty()) {
                return withSuppressed(new SendResult(new DeliveryReport(List.of())), admitted.suppressed());
            }
            OutgoingMail taken = mail.only(admitted.others());
            return withSuppressed(admitted.first() ? sendFirst(taken) : submit(taken), admitted.suppressed());
        } catch (QueueException e) {
            throw new ExplainedException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MessagingException("The thread was interrupted before the message was stored", e);
        }
    }

    /**
     * Result of the checks before a message is stored or sent.
     *
     * @param others the recipients that are not suppressed
     * @param first whether the message is sent directly first
     */
    private record Admitted(List<SuppressedAddress> suppressed, List<Mailbox> others, boolean first) {}

    private Admitted admit(OutgoingMail mail, QueueManager queue) throws MessagingException {
        List<SuppressedAddress> suppressed = queue.suppressed(mail.envelope().mailboxes());
        // A rollback could not undo a direct send, and a key could not prevent a second one.
        boolean first = Engines.read(() -> QueueReader.triesFirst(mail.properties()))
                && options.isEmpty()
                && !queue.isCallerInTransaction();
        return new Admitted(suppressed, without(mail.envelope().mailboxes(), suppressed), first);
    }

    /** An operation on the queue that does nothing if the queue is closed. */
    @FunctionalInterface
    private interface QueueStep<T> {
        T with(QueueManager queue) throws MessagingException, InterruptedException;
    }

    /** Runs a step. If the queue is being closed, as during JVM shutdown, waits for that, opens the queue again and repeats the step. */
    private static <T> T withQueue(OutgoingMail mail, QueueStep<T> step)
            throws MessagingException, InterruptedException {
        while (true) {
            QueueManager queue = queue(mail.engine(), mail.properties());
            try {
                return step.with(queue);
            } catch (QueueClosedException closed) {
                // The next call waits until it is closed, and opens it again.
            }
        }
    }

    private static List<Mailbox> without(List<Mailbox> mailboxes, List<SuppressedAddress> suppressed) {
        Set<Mailbox> refused =
                suppressed.stream().map(SuppressedAddress::mailbox).collect(Collectors.toSet());
        return mailboxes.stream().filter(mailbox -> !refused.contains(mailbox)).toList();
    }

    private static SendResult withSuppressed(SendResult sent, List<SuppressedAddress> suppressed) {
        List<DomainReport> domains = new ArrayList<>(sent.report().domains());
        for (SuppressedAddress address : suppressed) {
            RecipientReport refusal = new RecipientReport(
                    address.mailbox(),
                    Verdict.FAILED,
                    EnhancedStatus.BAD_MAILBOX_5_1_1,
                    new RecipientReport.Decision(
                            "RETRY-01", "Suppressed since " + address.since() + ": " + address.reason()),
                    Optional.empty());
            domains.add(DomainReport.withoutContact(address.mailbox().domain(), List.of(refusal)));
        }
        return sent.withReport(sent.report().withDomains(domains));
    }

    /** Also opens the queue. */
    @Override
    void check(Engine engine, Properties properties) throws MessagingException {
        super.check(engine, properties);
        QueueReader.triesFirst(properties);
        try {
            queue(engine, properties);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MessagingException("The thread was interrupted before the queue was open", e);
        }
    }

    private static QueueManager queue(Engine engine, Properties properties)
            throws MessagingException, InterruptedException {
        OpenQueues.QueueRequest wanted = Engines.queueRequest(properties, engine);
        try {
            return Engines.queues().forSending(wanted);
        } catch (SettingsException e) {
            throw new ExplainedException(e.getMessage(), e);
        }
    }

    private SendResult submit(OutgoingMail mail) throws MessagingException, InterruptedException {
        try (SpooledMessage content = spool(mail, SpoolSettings.DEFAULTS)) {
            QueuedMessage.Labels labels = QueueLabels.of(content);
            QueueOptions wanted = options.orElse(QueueOptions.NONE);
            NewMessages.Added added = withQueue(
                    mail,
                    queue -> transaction.isPresent()
                            ? queue.submitInTransaction(transaction.get(), mail.envelope(), content, labels, wanted)
                            : queue.submit(mail.envelope(), content, labels, wanted));
            String what = added.isNew()
                    ? storedAs(added.id())
                    : "Not stored again: the key belongs to the message " + added.id() + ", which was stored before";
            DeliveryReport report = DeliveryReport.withoutContact(mail.envelope().mailboxes().stream()
                    .map(mailbox -> queued(mailbox, what))
                    .toList());
            return new SendResult(report).withQueueId(added.id());
        } catch (IOException e) {
            throw new ExplainedException("The message cannot be written: " + e.getMessage(), e);
        }
    }

    private SendResult sendFirst(OutgoingMail mail) throws MessagingException, InterruptedException {
        try (PluginDiscovery implementations = Engines.read(() -> new PluginDiscovery(mail.properties()))) {
            SendOptions options = sendOptions(mail, implementations.plugins(), SendOptions.Retry.FIRST);
            try (MessageForms forms = new MessageForms(spool(mail, SpoolSettings.DEFAULTS), SpoolSettings.DEFAULTS)) {
                QueuedMessage.Labels labels = QueueLabels.of(forms.original());
                DeliveryReport report = send(mail, forms, labels.messageId(), options);
                return isAnybodyOpen(report)
                        ? queueTheRest(mail, forms.original(), labels, report)
                        : new SendResult(report);
            } catch (IOException e) {
                throw new ExplainedException("The message cannot be written: " + e.getMessage(), e);
            }
        }
    }

    private SendResult queueTheRest(
            OutgoingMail mail, SpooledMessage content, QueuedMessage.Labels labels, DeliveryReport report)
            throws MessagingException, InterruptedException {
        List<Mailbox> open = report.recipients().stream()
                .filter(MxQueueTransport::isOpen)
                .map(RecipientReport::recipient)
                .toList();
        String id;
        try {
            id = withQueue(
                    mail,
                    queue -> queue.submitAttempted(mail.envelope().only(open), content, labels, report.domains()));
        } catch (QueueException e) {
            throw new ExplainedException(
                    "The queue did not take what was open after the first attempt: " + e.getMessage() + "\n" + report,
                    e);
        }
        List<DomainReport> domains = new ArrayList<>();
        for (DomainReport domain : report.domains()) {
            domains.add(domain.with(domain.recipients().stream()
                    .map(recipient -> isOpen(recipient) ? queued(recipient.recipient(), storedAs(id)) : recipient)
                    .toList()));
        }
        return new SendResult(report.withDomains(domains)).withQueueId(id);
    }

    private static boolean isAnybodyOpen(DeliveryReport report) {
        return report.recipients().stream().anyMatch(MxQueueTransport::isOpen);
    }

    private static boolean isOpen(RecipientReport report) {
        return report.verdict() == Verdict.DEFERRED || report.verdict() == Verdict.IN_DOUBT;
    }

    private static String storedAs(String id) {
        return "Stored in the queue as " + id;
    }

    private static RecipientReport queued(Mailbox mailbox, String explanation) {
        return new RecipientReport(
                mailbox,
                Verdict.QUEUED,
                EnhancedStatus.SUCCESS_2_0_0,
                new RecipientReport.Decision("RETRY-04", explanation),
                Optional.empty());
    }
}
