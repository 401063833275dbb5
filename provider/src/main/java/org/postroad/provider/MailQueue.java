// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.postroad.api.AttemptReport;
import org.postroad.api.DestinationPace;
import org.postroad.api.Domain;
import org.postroad.api.HistoryFilter;
import org.postroad.api.MailHistory;
import org.postroad.api.Mailbox;
import org.postroad.api.QueueActivity;
import org.postroad.api.QueueDestination;
import org.postroad.api.QueueFilter;
import org.postroad.api.QueueOptions;
import org.postroad.api.QueueShape;
import org.postroad.api.QueueStatistics;
import org.postroad.api.QueuedMail;
import org.postroad.api.SuppressedAddress;
import org.postroad.provider.internal.config.SettingsException;
import org.postroad.provider.internal.deliver.BrokenClassPathException;
import org.postroad.provider.internal.engine.Engine;
import org.postroad.provider.internal.engine.OpenQueues;
import org.postroad.provider.internal.engine.QueueAttachment;
import org.postroad.provider.internal.jakarta.ExplainedException;
import org.postroad.provider.internal.queue.QueueControl;
import org.postroad.provider.internal.queue.store.QueueException;

/**
 * Opens, inspects and administers the {@code mxqueue} queue. An application opens it at startup, so that queued messages continue to be
 * delivered, and closes it at shutdown. Handles to the same queue share it; closing the last one stops it. Another process inspects and
 * controls the queue by a handle of {@link #attach}.
 *
 * <p>The location of the queue is set by {@code mail.mx.queue.url} or {@code mail.mx.queue.datasource}. The queue works with the settings
 * of the Session that opened it first in this process. While it is open, it owns daemon threads and holds the plug-ins of that Session.
 *
 * <p>Lists are paged: pass the id of the last entry seen, or {@code ""} for the first page. Changes are durable when the method returns.
 * Deliveries in progress are not affected. If {@code mail.mx.queue.datasource} joins the transaction of the calling thread, changes are
 * part of that transaction: they become durable when it commits and are undone when it is rolled back.
 *
 * <p>Thread-safe. All methods wait for the database. They throw an unchecked exception whose message gives the reason if the queue cannot
 * be read or written, or is closed; the change was then not made, unless the message says that this is unknown. A method that throws
 * {@link InterruptedException} has changed nothing, except for {@link #release}, {@link #remove}, {@link #bounce} and
 * {@link #drain}, which work in several steps.
 */
public final class MailQueue implements AutoCloseable {

    /** Maximum number of entries in a page. */
    public static final int MAX_PAGE = QueueControl.MAX_PAGE;

    private final Session session;
    private final QueueControl control;
    private final Runnable release;
    private final boolean attached;

    private MailQueue(Session session, OpenQueues.QueueHandle use) {
        this.session = session;
        this.control = new QueueControl(use.manager());
        this.release = use::close;
        this.attached = false;
    }

    private MailQueue(Session session, QueueAttachment attachment) {
        this.session = session;
        this.control = attachment.control();
        this.release = attachment::close;
        this.attached = true;
    }

    /**
     * Opens the queue of the Session and starts delivering the messages in it. If it is open in this process already, returns another
     * handle to it; a warning names settings of this Session that differ and therefore have no effect.
     *
     * @param session has the settings of the queue
     * @return a handle, to be closed
     * @throws MessagingException if a property is wrong, a library is missing, the queue cannot be opened, or the thread was interrupted;
     *     the message says what to do
     */
    public static MailQueue open(Session session) throws MessagingException {
        Properties properties = Engines.properties(session);
        Engine engine = Engines.engine(properties);
        OpenQueues.QueueRequest wanted = Engines.queueRequest(properties, engine);
        return opened(() -> new MailQueue(session, Engines.queues().use(wanted)));
    }

    /**
     * Returns a handle to inspect and control a queue that other processes deliver: an operator's tool uses it, while the application runs or
     * not. The queue must exist. This handle never delivers; it creates and upgrades no table, and takes no lock of the queue. A queue in a
     * file may be attached by any number of processes.
     *
     * <p>Changes are durable when a method returns, as with {@link #open}; the processes that deliver the queue find them within
     * {@code mail.mx.queue.poll}. A notice that {@link #bounce} causes is sent by them. {@link #drain} waits for them.
     *
     * <p>Of the settings, the location counts ({@code mail.mx.queue.url} or {@code mail.mx.queue.datasource}), and what applies to a change
     * made here: {@code mail.mx.queue.bounces}, {@code mail.mx.queue.postmaster}, {@code mail.mx.log.addresses} and the listener, which gets
     * the events of these changes. No name of this host is needed.
     *
     * <p>A JVM that has the queue open does not attach to its file: there, {@link #open} returns another handle. A handle belongs to no
     * application and is closed by {@link #close} only.
     *
     * @param session has the settings
     * @return a handle, to be closed
     * @throws MessagingException if a property is wrong, there is no such queue or its tables have another version, it cannot be read, or the
     *     thread was interrupted; the message says what to do
     */
    public static MailQueue attach(Session session) throws MessagingException {
        Properties properties = Engines.properties(session);
        return opened(() -> new MailQueue(session, QueueAttachment.of(properties)));
    }

    /** Opens or attaches to a queue. */
    @FunctionalInterface
    private interface HandleSource {
        MailQueue open() throws InterruptedException;
    }

    private static MailQueue opened(HandleSource source) throws MessagingException {
        try {
            return source.open();
        } catch (SettingsException | QueueException e) {
            throw new ExplainedException(e.getMessage(), e);
        } catch (LinkageError e) {
            BrokenClassPathException broken = BrokenClassPathException.of(e);
            throw new ExplainedException(broken.getMessage(), broken);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MessagingException("The thread was interrupted before the queue was open", e);
        }
    }

    /**
     * Puts a message into the queue within a JDBC transaction of the caller: it is in the queue if and only if the caller commits.
     *
     * <p>Processes that have the queue open find the message after the commit: this one within about 50 milliseconds if the commit follows
     * within {@code mail.mx.queue.poll}, others at their next poll.
     *
     * @param message the message, written once on the calling thread
     * @param recipients the envelope recipients; the header fields of the message are not used
     * @param connection a connection to the database of the queue, not in auto-commit mode; it is neither committed nor closed
     * @return the result, with the id of the message in the queue, which exists once the transaction is committed
     * @throws MxSendFailedException if the address of a recipient is invalid or suppressed; the message is stored for the others, unless
     *     {@code mail.mx.sendpartial} is false and an address is invalid. Nothing is stored without a usable sender
     * @throws MessagingException as for {@link MxQueueTransport#sendMessage}; the caller may have to roll back the transaction
     * @throws IllegalStateException if this handle is of {@link #attach}
     */
    public SendResult send(MimeMessage message, Address[] recipients, Connection connection) throws MessagingException {
        return send(message, recipients, QueueOptions.NONE, connection);
    }

    /**
     * Puts a message with options into the queue within a JDBC transaction of the caller; see
     * {@link #send(MimeMessage, Address[], Connection)} and {@link #send(MimeMessage, Address[], QueueOptions)}.
     *
     * @param message the message, written once on the calling thread
     * @param recipients the envelope recipients; the header fields of the message are not used
     * @param options the options of this message
     * @param connection a connection to the database of the queue, not in auto-commit mode; it is neither committed nor closed
     * @return the result, with the id of the message in the queue, which exists once the transaction is committed
     * @throws MxSendFailedException as for {@link #send(MimeMessage, Address[], Connection)}
     * @throws MessagingException as for {@link #send(MimeMessage, Address[], QueueOptions)}. The transaction can go on if the reason is a
     *     key or a time; otherwise the caller may have to roll it back
     * @throws IllegalStateException if this handle is of {@link #attach}
     */
    public SendResult send(MimeMessage message, Address[] recipients, QueueOptions options, Connection connection)
            throws MessagingException {
        checkNotAttached();
        return send(MxQueueTransport.within(session, options, connection), message, recipients);
    }

    /**
     * Puts a message with options into the queue. When this returns, the message is durable, or part of the transaction of the calling
     * thread that {@code mail.mx.queue.datasource} joins. {@code mail.mx.queue.firstattempt} has no effect.
     *
     * <p>If the options have a key and a message with this key was queued before, by any process, nothing is stored, and the result has the
     * id of that message, whether or not it is still in the queue. If several threads or processes send messages with the same key
     * concurrently, one message is stored. Keys are kept with the history, for {@code mail.mx.queue.keep} after the end of a message. A
     * repeated message has the same sender, recipients and subject; the Message-ID, the date and the content are not compared. A message that
     * differs in these is refused.
     *
     * @param message the message, written once on the calling thread
     * @param recipients the envelope recipients; the header fields of the message are not used
     * @param options the options of this message
     * @return the result, with the id of the message in the queue
     * @throws MxSendFailedException if the address of a recipient is invalid or suppressed; the message is stored for the others, unless
     *     {@code mail.mx.sendpartial} is false and an address is invalid. Nothing is stored without a usable sender
     * @throws MessagingException as for {@link MxQueueTransport#sendMessage}, and if the key belongs to a different message, no history is kept
     *     that could have the key ({@code mail.mx.queue.keep=0}), the time of giving up has passed, or a time is more than 366 days ahead
     * @throws IllegalStateException if this handle is of {@link #attach}
     */
    public SendResult send(MimeMessage message, Address[] recipients, QueueOptions options) throws MessagingException {
        checkNotAttached();
        return send(MxQueueTransport.storing(session, options), message, recipients);
    }

    /** A send would open the queue and deliver. */
    private void checkNotAttached() {
        if (attached) {
            throw new IllegalStateException(
                    "A handle of MailQueue.attach sends nothing; use MailQueue.open in the process that delivers the queue");
        }
    }

    private static SendResult send(MxQueueTransport transport, MimeMessage message, Address[] recipients)
            throws MessagingException {
        try (transport) {
            transport.connect();
            transport.sendMessage(message, recipients);
            return transport.result();
        }
    }

    /**
     * Returns the statistics of the queue.
     *
     * @return the number of messages in the queue, and counts since it was opened in this process; these are 0 if this handle is of
     *     {@link #attach}
     */
    public QueueStatistics statistics() {
        return control().statistics();
    }

    /**
     * Returns the number of messages in the queue, from all processes.
     *
     * @return 0 or more
     */
    public long size() {
        return statistics().messages();
    }

    /**
     * Returns a page of messages, in the order in which they were queued, without their histories.
     *
     * @param filter which messages to list
     * @param after the id of the last message of the previous page; {@code ""} for the first page
     * @param limit the maximum number of messages, 1 to {@value #MAX_PAGE}
     * @return the messages; empty after the last page
     * @throws IllegalArgumentException if the limit is out of range
     */
    public List<QueuedMail> list(QueueFilter filter, String after, int limit) {
        return control().list(filter, after, limit);
    }

    /**
     * Returns a message with its history.
     *
     * @param id the id of the message
     * @return empty if it is not, or no longer, in the queue
     */
    public Optional<QueuedMail> show(String id) {
        return control().show(id);
    }

    /**
     * Returns a page of the history, the latest messages first: what became of each recipient so far, also of messages that have left the
     * queue. It is kept for {@code mail.mx.queue.keep} after the end of a message.
     *
     * <p>Each page is read by an index, whatever the size of the history, if the filter has a Message-ID, a key, a recipient, a domain, a
     * sender or a time. A fate or a reason alone is searched from the latest message on, until the page is full.
     *
     * @param filter which messages to list
     * @param after the id of the last message of the previous page; {@code ""} for the first page
     * @param limit the maximum number of messages, 1 to {@value #MAX_PAGE}
     * @return the messages, each with up to 100 of the recipients that the filter selects; empty after the last page
     * @throws IllegalArgumentException if the limit is out of range
     */
    public List<MailHistory> history(HistoryFilter filter, String after, int limit) {
        return control().history(filter, after, limit);
    }

    /**
     * Returns what is known of a message, whether or not it is in the queue.
     *
     * @param id the id of the message
     * @return its history with up to 10,000 recipients; empty if it was never in the queue, or no longer is in the history
     */
    public Optional<MailHistory> history(String id) {
        return control().history(id);
    }

    /**
     * Returns the reports of the attempts at a message that the history has: of {@code mail.mx.queue.keepreports}, by default those after
     * which a recipient had not been delivered; of each delivery the first and the latest nine; together at most 500. They are kept as long
     * as the history of the message.
     *
     * @param id the id of the message
     * @return the reports in the order of their times; empty if there are none
     */
    public List<AttemptReport> reports(String id) {
        return control().reports(id);
    }

    /**
     * Returns a page of the domains that have waiting deliveries or are paused, in the order of their names.
     *
     * @param after the last domain of the previous page; {@code ""} for the first page
     * @param limit the maximum number of domains, 1 to {@value #MAX_PAGE}
     * @return the domains; empty after the last page
     * @throws IllegalArgumentException if the limit is out of range
     */
    public List<QueueDestination> destinations(String after, int limit) {
        return control().destinations(after, limit);
    }

    /**
     * Returns the shape of the queue: what waits, by domain and age, as Postfix's {@code qshape} shows it, and by the reason of the last
     * failure. Reads all deliveries, in two statements; with a million of them this takes seconds.
     *
     * @param limit the maximum number of domains, and of reasons, 1 to {@value #MAX_PAGE}; the largest are listed, the others are one sum
     * @return the shape at this moment
     * @throws IllegalArgumentException if the limit is out of range
     */
    public QueueShape shape(int limit) {
        return control().shape(limit);
    }

    /**
     * Returns what was queued and settled in equal intervals of time, the last of which ends now; as far back as the history reaches. Reads the
     * history once; with a million recipients this takes seconds.
     *
     * @param length the length of each interval, 1 second to 30 days
     * @param intervals the number of intervals, 1 to {@value #MAX_PAGE}
     * @return the intervals in the order of their times
     * @throws IllegalArgumentException if the length or the number is out of range
     */
    public QueueActivity activity(Duration length, int intervals) {
        return control().activity(length, intervals);
    }

    /**
     * Returns a page of the domains for which deliveries wait, in the order of their names: how fast mail to each goes, and which limit keeps
     * it from going faster. The processes that deliver measure this and write it to the database about every 10 seconds, so that any process
     * can read it.
     *
     * @param after the last domain of the previous page; {@code ""} for the first page
     * @param limit the maximum number of domains, 1 to {@value #MAX_PAGE}
     * @return the domains; empty after the last page
     * @throws IllegalArgumentException if the limit is out of range
     */
    public List<DestinationPace> pace(String after, int limit) {
        return control().pace(after, limit);
    }

    /**
     * Holds a message until it is released.
     *
     * @param id the id of the message
     * @return the number of deliveries (one for each domain) that this call holds; 0 if no delivery of the message was waiting
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public int hold(String id) throws InterruptedException {
        return control().hold(id);
    }

    /**
     * Releases a message that was held by {@link #hold}, because it is in doubt, or because it is damaged. Its deliveries are due
     * immediately, or at the time at which it is to be sent. Notices about it that were set aside are sent again.
     *
     * @param id the id of the message
     * @return the number of deliveries released
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public int release(String id) throws InterruptedException {
        return control().release(id);
    }

    /**
     * Retries a message immediately, whatever its schedule, and also at destinations that did not answer. A message that is to be sent later
     * is sent now. Held deliveries stay held.
     *
     * @param id the id of the message
     * @return the number of deliveries that are due now
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public int retry(String id) throws InterruptedException {
        return control().retry(id);
    }

    /**
     * Sets a new expiry time. One last attempt is made after it.
     *
     * @param id the id of the message
     * @param at the new expiry time; it may be in the past
     * @return whether the message is in the queue
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public boolean expire(String id, Instant at) throws InterruptedException {
        return control().expire(id, at);
    }

    /**
     * Removes a message from the queue without a notice. Deliveries in progress finish. Earlier notices about this message that have not
     * been sent yet are discarded as well.
     *
     * @param id the id of the message
     * @return the number of deliveries abandoned
     * @throws InterruptedException if the thread is interrupted while it waits; some deliveries may have been removed
     */
    public int remove(String id) throws InterruptedException {
        return control().remove(id);
    }

    /**
     * Removes a message from the queue as if its delivery had failed: the failure is reported as {@code mail.mx.queue.bounces} says, by
     * default to the sender. Deliveries in progress finish.
     *
     * @param id the id of the message
     * @return the number of deliveries abandoned
     * @throws InterruptedException if the thread is interrupted while it waits; some deliveries may have been removed
     */
    public int bounce(String id) throws InterruptedException {
        return control().bounce(id);
    }

    /**
     * Selects deliveries, to count them or to change all of them. Nothing is read or changed until a method of the result is called.
     *
     * @param filter which deliveries to select
     * @return the selection
     */
    public QueueSelection select(QueueFilter filter) {
        return new QueueSelection(control, filter);
    }

    /**
     * Copies the content of a message as it was queued: the octets that are sent, with lines that end in CRLF. Needs about a megabyte of
     * memory, whatever the size of the message.
     *
     * @param id the id of the message
     * @param out receives the content; it is neither flushed nor closed
     * @return false if the message is not in the queue; nothing was written
     * @throws IOException if the content is damaged, the message left the queue meanwhile, or the stream cannot be written; a part may have
     *     been written
     */
    public boolean writeTo(String id, OutputStream out) throws IOException {
        return control().writeTo(id, out);
    }

    /**
     * Stops deliveries to a domain, in all processes, until {@link #resume}. Deliveries in progress finish.
     *
     * @param domain the recipient domain
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public void pause(Domain domain) throws InterruptedException {
        control().pause(domain);
    }

    /**
     * Resumes deliveries to a domain after {@link #pause}.
     *
     * @param domain the recipient domain
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public void resume(Domain domain) throws InterruptedException {
        control().resume(domain);
    }

    /**
     * Retries immediately everything that is not held, paused or to be sent later, whatever its schedule, and waits until the queue is empty
     * or the time limit passes. Deliveries that were not reached by then keep their schedule.
     *
     * <p>Must not be called within a transaction that the queue would join; that throws an unchecked exception.
     *
     * @param limit how long to wait
     * @return whether the queue is empty
     * @throws InterruptedException if the thread is interrupted while it waits; deliveries go on
     */
    public boolean drain(Duration limit) throws InterruptedException {
        return control().drain(limit);
    }

    /**
     * Returns a page of the suppressed addresses ({@code mail.mx.queue.suppress}), in the order of their text.
     *
     * @param after the last address of the previous page; {@code ""} for the first page
     * @param limit the maximum number of addresses, 1 to {@value #MAX_PAGE}
     * @return the addresses; empty after the last page
     * @throws IllegalArgumentException if the limit is out of range
     */
    public List<SuppressedAddress> suppressed(String after, int limit) {
        return control().suppressed(after, limit);
    }

    /**
     * Suppresses an address: if {@code mail.mx.queue.suppress} is true, further mail to it is refused. Messages that are queued already
     * are not affected. An address that is suppressed already keeps its date and reason.
     *
     * @param mailbox the address
     * @param reason human-readable, one line
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public void suppress(Mailbox mailbox, String reason) throws InterruptedException {
        control().suppress(mailbox, reason);
    }

    /**
     * Accepts mail to an address again.
     *
     * @param mailbox the address
     * @return whether it was suppressed
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public boolean unsuppress(Mailbox mailbox) throws InterruptedException {
        return control().unsuppress(mailbox);
    }

    private QueueControl control() {
        return control;
    }

    /**
     * Releases this handle. Closing the last handle stops the queue: no new delivery starts; running ones get
     * {@code mail.mx.queue.closetimeout} to finish, then they are cancelled and resume when the queue is next opened. A queue that a send
     * opened before the first handle stays open until {@link Postroad#close()}. A handle of {@link #attach} ends its connections; no
     * delivery is affected. Idempotent.
     */
    @Override
    public void close() {
        release.run();
    }
}
