// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.postroad.api.Domain;
import org.postroad.api.Mailbox;
import org.postroad.api.QueueDestination;
import org.postroad.api.QueueFigures;
import org.postroad.api.QueueFilter;
import org.postroad.api.QueuedMail;
import org.postroad.api.SuppressedAddress;
import org.postroad.provider.internal.deliver.BrokenClassPathException;
import org.postroad.provider.internal.engine.Engine;
import org.postroad.provider.internal.engine.Queues;
import org.postroad.provider.internal.queue.QueueControl;
import org.postroad.provider.internal.queue.QueueException;

/**
 * A hand on the queue of the protocol {@code mxqueue}: opens it, looks into it, and does what an operator does. An application
 * opens one at its start, so that what is in the queue goes on being delivered, and closes it at its end; several of one queue
 * share it, and the last one that is closed ends it.
 *
 * <p>The queue is where the properties of the Session say ({@code mail.mx.queue.url} or {@code mail.mx.queue.datasource}), and
 * works with the settings of the Session that opened it first, in this process. As long as it is open it owns daemon threads, and
 * holds the Session's plug-ins.
 *
 * <p>Lists come in pages: each begins behind the last name of the one before; the first begins behind {@code ""}. Thread-safe. What
 * is done is durable when the method returns; a delivery that is under way is left out of it. All methods wait for the database. Where
 * {@code mail.mx.queue.datasource} hands out the transaction of the calling thread, what is done is part of that: it is durable when
 * that commits, and undone if it is rolled back.
 */
public final class MailQueue implements AutoCloseable {

    /** Entries in a page at most. */
    public static final int MAX_PAGE = 1000;

    private final Session session;
    private final Queues.Use use;

    private MailQueue(Session session, Queues.Use use) {
        this.session = session;
        this.use = use;
    }

    /**
     * Opens the queue of the Session, and begins to work off what is in it; or joins those who did.
     *
     * @throws MessagingException if a property is wrong, or the queue cannot be opened; the message says what to do
     */
    public static MailQueue open(Session session) throws MessagingException {
        Engine engine = PostroadTransport.read(() -> Postroad.engine(session.getProperties()));
        Queues.Wanted wanted = new Queues.Wanted(session.getProperties(), engine, OwnName.of(engine.settings()));
        try {
            return new MailQueue(session, Postroad.queues().use(wanted));
        } catch (IllegalArgumentException | QueueException e) {
            throw new MessagingException(e.getMessage(), e);
        } catch (LinkageError e) {
            BrokenClassPathException broken = BrokenClassPathException.of(e);
            throw new MessagingException(broken.getMessage(), broken);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MessagingException("The thread was interrupted before the queue was open", e);
        }
    }

    /**
     * Puts a message into the queue within a transaction of the caller's: it is in the queue if and only if the caller commits. The
     * connection must lead to the database of the queue, and not be in auto-commit mode; it is neither committed nor closed.
     * Processes that have the queue open find the message soon after the commit: this one within about 50 milliseconds, where the
     * commit follows within the poll interval; others at their next poll.
     *
     * @throws MxSendFailedException if a recipient's address is invalid; the message is in the queue for the others
     * @throws MessagingException as for {@link MxQueueTransport#sendMessage}; the transaction may have to be rolled back
     */
    public void send(MimeMessage message, Address[] recipients, Connection connection) throws MessagingException {
        try (MxQueueTransport transport = MxQueueTransport.within(session, connection)) {
            transport.connect();
            transport.sendMessage(message, recipients);
        }
    }

    /** Messages in the queue, and what was done since it was opened here. */
    public QueueFigures figures() {
        return control().figures();
    }

    /** Messages in the queue. */
    public long size() {
        return figures().messages();
    }

    /**
     * A page of messages, in the order in which they were queued, without their histories.
     *
     * @param after the name of the last message before it; {@code ""} for the first page
     * @param limit 1 to {@value #MAX_PAGE}
     */
    public List<QueuedMail> list(QueueFilter filter, String after, int limit) {
        return control().list(filter, after, checked(limit));
    }

    /** A message with its history; empty where it is not, or no more, in the queue. */
    public Optional<QueuedMail> show(String id) {
        return control().show(id);
    }

    /**
     * A page of the domains to which something waits, or which are paused, in the order of their names.
     *
     * @param after the name of the last one before it; {@code ""} for the first page
     * @param limit 1 to {@value #MAX_PAGE}
     */
    public List<QueueDestination> destinations(String after, int limit) {
        return control().destinations(after, checked(limit));
    }

    /** Keeps a message back until it is released. Answers how many of its deliveries were kept back. */
    public int hold(String id) throws InterruptedException {
        return control().hold(id);
    }

    /** Releases what was held, by hand or because it is in doubt; it is due now. Answers how many deliveries that are. */
    public int release(String id) throws InterruptedException {
        return control().release(id);
    }

    /** Tries a message now, whatever its time is, also at destinations that did not answer. Answers how many deliveries that are. */
    public int retry(String id) throws InterruptedException {
        return control().retry(id);
    }

    /** Changes when a message is given up; it is tried once more after that. Answers whether it is there. */
    public boolean expire(String id, Instant at) throws InterruptedException {
        return control().expire(id, at);
    }

    /**
     * Takes a message out of the queue. Answers how many deliveries were given up.
     *
     * @param tell whether its sender, or the application, hears of that, as {@code mail.mx.queue.bounces} says
     */
    public int drop(String id, boolean tell) throws InterruptedException {
        return control().drop(id, tell);
    }

    /** Stops deliveries to a domain, in all processes, until they are resumed. What is under way goes on. */
    public void pause(Domain domain) throws InterruptedException {
        control().pause(domain);
    }

    /** Resumes them. */
    public void resume(Domain domain) throws InterruptedException {
        control().resume(domain);
    }

    /**
     * Tries everything now that is not held or paused, whatever its time, and waits until the queue is empty, or the time is over.
     *
     * <p>Not within a transaction that the queue is part of, which an exception says.
     *
     * @return whether it is empty
     */
    public boolean drain(Duration limit) throws InterruptedException {
        return control().drain(limit);
    }

    /**
     * A page of the addresses to which no mail is taken ({@code mail.mx.queue.suppress}), in the order of their text.
     *
     * @param after the text of the last one before it; {@code ""} for the first page
     * @param limit 1 to {@value #MAX_PAGE}
     */
    public List<SuppressedAddress> suppressed(String after, int limit) {
        return control().suppressed(after, checked(limit));
    }

    /** Takes no mail to that address from now on; where it was suppressed before, nothing changes. */
    public void suppress(Mailbox mailbox, String reason) throws InterruptedException {
        control().suppress(mailbox, reason);
    }

    /** Takes mail to it again. Answers whether it was suppressed. */
    public boolean unsuppress(Mailbox mailbox) throws InterruptedException {
        return control().unsuppress(mailbox);
    }

    static int checked(int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw new IllegalArgumentException("A page has 1 to " + MAX_PAGE + " entries, not " + limit);
        }
        return limit;
    }

    private QueueControl control() {
        return use.manager().control();
    }

    /**
     * Lets go. The last one ends the queue: no delivery begins any more, running ones have {@code mail.mx.queue.closetimeout} to
     * end, then they are broken off and wait for the next opening. Idempotent.
     */
    @Override
    public void close() {
        use.close();
    }
}
