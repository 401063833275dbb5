// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.notice;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.postroad.api.Domain;
import org.postroad.api.QueuedMail.PastAttempt;
import org.postroad.provider.internal.dsn.Event;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.message.UnsendableMessageException;
import org.postroad.provider.internal.queue.store.AttemptRows;
import org.postroad.provider.internal.queue.store.ContentRows;
import org.postroad.provider.internal.queue.store.Database;
import org.postroad.provider.internal.queue.store.DeliveryRows;
import org.postroad.provider.internal.queue.store.MessageRows;
import org.postroad.provider.internal.queue.store.NewMessages;
import org.postroad.provider.internal.queue.store.PendingNotice;
import org.postroad.provider.internal.queue.store.PendingNoticeRows;
import org.postroad.provider.internal.queue.store.QueuedMessage;

/**
 * Sends delivery status notifications: one per message and event, listing all recipients concerned, or several if there are very many.
 *
 * <p>Pending notices are stored together with the end of an attempt. They are sent when no delivery of the message is in progress or due
 * any more, so that no more notices are expected soon, or after {@link PendingNoticeRows#GATHERING_TIME}. The notice is added to the queue
 * in the transaction that deletes the pending notices. Thread-safe.
 */
public final class NoticeSender {

    /** The delay before a failed notice is tried again. */
    public static final Duration RETRY_DELAY = Duration.ofMinutes(5);

    /** Maximum number of attempts per domain in a notice. */
    private static final int MAX_HISTORY = 50;

    private final Database database;
    private final NoticeComposer composer;
    private final NewMessages newMessages;
    private final Signals signals;
    private final Executor workers;
    private final InstantSource clock;
    private final AtomicBoolean busy = new AtomicBoolean();

    /**
     * @param newMessages adds the notices to the queue
     * @param signals signals the destination of a notice
     * @param workers for notices sent in the background
     */
    public NoticeSender(
            Database database,
            NoticeComposer composer,
            NewMessages newMessages,
            Signals signals,
            Executor workers,
            InstantSource clock) {
        this.database = database;
        this.composer = composer;
        this.newMessages = newMessages;
        this.signals = signals;
        this.workers = workers;
        this.clock = clock;
    }

    /** Signals destinations that have due deliveries. */
    @FunctionalInterface
    public interface Signals {
        void signal(Collection<Domain> domains);
    }

    /** The pending notices of a message, with the history, and those that cannot be read. */
    private record NoticeSubject(
            QueuedMessage message,
            Map<Event, List<PendingNotice>> notices,
            Map<Domain, List<PastAttempt>> history,
            List<PendingNoticeRows.DamagedNotice> damaged) {}

    /** Sends the notices about these messages on another thread, unless the previous call is still in progress. */
    public void sendInBackground(List<String> messages) {
        if (messages.isEmpty()) {
            return;
        }
        try {
            workers.execute(() -> {
                if (busy.compareAndSet(false, true)) {
                    try {
                        messages.forEach(this::send);
                    } finally {
                        busy.set(false);
                    }
                }
            });
        } catch (RejectedExecutionException closing) {
            // Closing: they are found when the queue is opened again.
        }
    }

    /**
     * Sends the notices about a message after one of its deliveries ended, unless more are expected. After a failure, the poll tries again.
     */
    public void send(String message) {
        Instant now = clock.instant();
        try {
            Optional<NoticeSubject> subject = database.read(connection -> subject(connection, message, now));
            if (subject.isPresent()) {
                send(subject.get(), now);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // sent when the queue is opened again
        } catch (ContentRows.DamagedContentException | UnsendableMessageException | RuntimeException e) {
            setAside(message, e); // a retry would fail in the same way
        } catch (SQLException | IOException e) {
            System.getLogger(NoticeSender.class.getName())
                    .log(
                            System.Logger.Level.ERROR,
                            "The delivery status notification for message " + message
                                    + " could not be created; trying again in 5 minutes",
                            e);
            postpone(message, now.plus(RETRY_DELAY));
        }
    }

    private void setAside(String message, List<PendingNoticeRows.DamagedNotice> damaged)
            throws SQLException, InterruptedException {
        database.write(connection -> {
            for (PendingNoticeRows.DamagedNotice one : damaged) {
                PendingNoticeRows.setAside(connection, message, one);
            }
            return true;
        });
    }

    private void setAside(String message, Exception reason) {
        write(connection -> {
            if (PendingNoticeRows.setAside(connection, message) > 0) {
                System.getLogger(NoticeSender.class.getName())
                        .log(
                                System.Logger.Level.ERROR,
                                "The delivery status notification for message " + message
                                        + " cannot be created; it is set aside until the message is released or removed",
                                reason);
            }
            return true;
        });
    }

    private static Optional<NoticeSubject> subject(Connection connection, String id, Instant now) throws SQLException {
        if (PendingNoticeRows.isMoreExpected(connection, id, now) && !PendingNoticeRows.isDue(connection, id, now)) {
            return Optional.empty();
        }
        PendingNoticeRows.FoundNotices found = PendingNoticeRows.find(connection, id);
        List<PendingNotice> all = found.readable();
        Optional<QueuedMessage> message =
                all.isEmpty() && found.damaged().isEmpty() ? Optional.empty() : DeliveryRows.message(connection, id);
        if (message.isEmpty()) {
            return Optional.empty();
        }
        Map<Event, List<PendingNotice>> notices = new LinkedHashMap<>();
        Map<Domain, List<PastAttempt>> history = new HashMap<>();
        for (PendingNotice one : all) {
            notices.computeIfAbsent(one.event(), event -> new ArrayList<>()).add(one);
            Domain domain = one.address().current().domain();
            if (!history.containsKey(domain)) {
                history.put(domain, AttemptRows.history(connection, id, domain, MAX_HISTORY));
            }
        }
        return Optional.of(new NoticeSubject(message.get(), notices, history, found.damaged()));
    }

    private void send(NoticeSubject subject, Instant now) throws SQLException, IOException, InterruptedException {
        QueuedMessage message = subject.message();
        if (!subject.damaged().isEmpty()) {
            setAside(message.id(), subject.damaged());
        }
        if (subject.notices().isEmpty()) {
            return;
        }
        try (SpooledMessage original = ContentRows.read(database::read, message)) {
            for (List<PendingNotice> notices : batches(subject.notices().values())) {
                try (NoticeComposer.Notice notice =
                        composer.compose(message, notices, subject.history(), original, now)) {
                    if (database.write(connection -> replace(connection, message.id(), notices, notice))) {
                        signals.signal(Set.of(notice.addressee().domain()));
                    }
                }
            }
        }
    }

    private static List<List<PendingNotice>> batches(Collection<List<PendingNotice>> byEvent) {
        List<List<PendingNotice>> batches = new ArrayList<>();
        for (List<PendingNotice> notices : byEvent) {
            for (int i = 0; i < notices.size(); i += NoticeComposer.MAX_RECIPIENTS) {
                batches.add(notices.subList(i, Math.min(notices.size(), i + NoticeComposer.MAX_RECIPIENTS)));
            }
        }
        return batches;
    }

    /**
     * Replaces the pending notices by the notice, as a message in the queue. Returns false if another thread or process sent it already.
     */
    private boolean replace(
            Connection connection, String message, List<PendingNotice> notices, NoticeComposer.Notice notice)
            throws SQLException {
        boolean ours = PendingNoticeRows.claim(connection, message, notices);
        if (ours) {
            notice.add(connection, newMessages);
            MessageRows.removeIfDone(connection, message);
        }
        return ours;
    }

    private void postpone(String message, Instant until) {
        write(connection -> {
            PendingNoticeRows.setDue(connection, message, until);
            return true;
        });
    }

    private void write(Database.Work<Boolean> work) {
        try {
            database.write(work);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            System.getLogger(NoticeSender.class.getName())
                    .log(System.Logger.Level.WARNING, "The queue cannot be written; the next sweep tries again", e);
        }
    }
}
