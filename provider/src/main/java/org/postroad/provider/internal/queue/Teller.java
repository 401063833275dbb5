// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

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

/**
 * Tells senders what happened: of each message and event, one notice about all recipients to whom it happened, or several where there are
 * very many.
 *
 * <p>What happened was written with the end of the attempt. It is told when nothing of the message is under way or due any more, so
 * that nothing is to be added soon; or, where that takes long, when its patience is over. The notice gets into the queue in the
 * transaction that takes the news out. Thread-safe.
 */
final class Teller {

    /** How long news wait for more about the same message. */
    static final Duration PATIENCE = Duration.ofMinutes(1);

    /** Between tries to tell what could not be told. */
    static final Duration AGAIN = Duration.ofMinutes(5);

    /** Attempts at a domain that a notice tells of. */
    private static final int MAX_HISTORY = 50;

    private final Database database;
    private final Notices notices;
    private final Rings rings;
    private final Executor workers;
    private final InstantSource clock;
    private final AtomicBoolean busy = new AtomicBoolean();

    /**
     * @param rings for those whom a notice goes to
     * @param workers for what is told by the way
     */
    Teller(Database database, Notices notices, Rings rings, Executor workers, InstantSource clock) {
        this.database = database;
        this.notices = notices;
        this.rings = rings;
        this.workers = workers;
        this.clock = clock;
    }

    /** Makes known that something is due. */
    @FunctionalInterface
    interface Rings {
        void ring(Collection<Domain> domains);
    }

    /** A message of which there may be something to tell, and what of that cannot be read. */
    private record Subject(
            QueuedMessage message,
            Map<Event, List<News>> news,
            Map<Domain, List<PastAttempt>> history,
            List<NewsRows.Damaged> damaged) {}

    /** Tells of these on another thread, unless one is still at those of the last time. */
    void tellByTheWay(List<String> messages) {
        if (messages.isEmpty()) {
            return;
        }
        try {
            workers.execute(() -> {
                if (busy.compareAndSet(false, true)) {
                    try {
                        messages.forEach(this::tell);
                    } finally {
                        busy.set(false);
                    }
                }
            });
        } catch (RejectedExecutionException closing) {
            // They are found again when the queue is opened again.
        }
    }

    /** Something of a message ended: tells of it, unless more is to be expected. What cannot be told now is tried again by a sweep. */
    void tell(String message) {
        Instant now = clock.instant();
        try {
            Optional<Subject> subject = database.read(connection -> subject(connection, message, now));
            if (subject.isPresent()) {
                tell(subject.get(), now);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it is told when the queue is opened again
        } catch (ContentRows.DamagedContentException | UnsendableMessageException | RuntimeException e) {
            setAside(message, e); // another time, it would be the same
        } catch (SQLException | IOException e) {
            System.getLogger(Teller.class.getName())
                    .log(
                            System.Logger.Level.ERROR,
                            "The sender of the message " + message + " could not be told what happened; trying again",
                            e);
            postpone(message, now.plus(AGAIN));
        }
    }

    private void setAside(String message, List<NewsRows.Damaged> damaged) throws SQLException, InterruptedException {
        database.write(connection -> {
            for (NewsRows.Damaged one : damaged) {
                NewsRows.setAside(connection, message, one);
            }
            return true;
        });
    }

    private void setAside(String message, Exception reason) {
        write(connection -> {
            if (NewsRows.setAside(connection, message) > 0) {
                System.getLogger(Teller.class.getName())
                        .log(
                                System.Logger.Level.ERROR,
                                "The sender of the message " + message
                                        + " cannot be told what happened; that is set aside until the message is released or dropped",
                                reason);
            }
            return true;
        });
    }

    private static Optional<Subject> subject(Connection connection, String id, Instant now) throws SQLException {
        if (NewsRows.isMoreExpected(connection, id, now) && !NewsRows.isOverdue(connection, id, now)) {
            return Optional.empty();
        }
        NewsRows.Found found = NewsRows.find(connection, id);
        List<News> all = found.sound();
        Optional<QueuedMessage> message =
                all.isEmpty() && found.damaged().isEmpty() ? Optional.empty() : DeliveryRows.message(connection, id);
        if (message.isEmpty()) {
            return Optional.empty();
        }
        Map<Event, List<News>> news = new LinkedHashMap<>();
        Map<Domain, List<PastAttempt>> history = new HashMap<>();
        for (News one : all) {
            news.computeIfAbsent(one.event(), event -> new ArrayList<>()).add(one);
            Domain domain = one.address().current().domain();
            if (!history.containsKey(domain)) {
                history.put(domain, QueueStore.history(connection, id, domain, MAX_HISTORY));
            }
        }
        return Optional.of(new Subject(message.get(), news, history, found.damaged()));
    }

    private void tell(Subject subject, Instant now) throws SQLException, IOException, InterruptedException {
        QueuedMessage message = subject.message();
        if (!subject.damaged().isEmpty()) {
            setAside(message.id(), subject.damaged());
        }
        if (subject.news().isEmpty()) {
            return;
        }
        try (SpooledMessage original = ContentRows.read(database::read, message)) {
            for (List<News> news : batches(subject.news().values())) {
                try (Notices.Notice notice = notices.write(message, news, subject.history(), original, now)) {
                    if (database.write(connection -> put(connection, message.id(), news, notice))) {
                        rings.ring(Set.of(notice.addressee().domain()));
                    }
                }
            }
        }
    }

    private static List<List<News>> batches(Collection<List<News>> byEvent) {
        List<List<News>> batches = new ArrayList<>();
        for (List<News> news : byEvent) {
            for (int i = 0; i < news.size(); i += Notices.MAX_RECIPIENTS) {
                batches.add(news.subList(i, Math.min(news.size(), i + Notices.MAX_RECIPIENTS)));
            }
        }
        return batches;
    }

    /** Into the queue, in the place of the news. Whether it was ours to tell. */
    private static boolean put(Connection connection, String message, List<News> news, Notices.Notice notice)
            throws SQLException {
        boolean ours = NewsRows.take(connection, message, news);
        if (ours) {
            notice.add(connection);
            QueueStore.removeIfDone(connection, message);
        }
        return ours;
    }

    private void postpone(String message, Instant until) {
        write(connection -> {
            NewsRows.postpone(connection, message, until);
            return true;
        });
    }

    private void write(Database.Work<Boolean> work) {
        try {
            database.write(work);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            System.getLogger(Teller.class.getName())
                    .log(System.Logger.Level.WARNING, "The queue cannot be written; the next sweep tries again", e);
        }
    }
}
