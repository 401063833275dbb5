// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postroad.api.Domain;
import org.postroad.api.Mailbox;
import org.postroad.api.QueueDestination;
import org.postroad.api.QueueFigures;
import org.postroad.api.QueueFilter;
import org.postroad.api.QueuedMail;
import org.postroad.api.QueuedMail.State;
import org.postroad.api.SuppressedAddress;

/**
 * What is seen of the queue, and done to it by hand. A delivery that is under way is never touched: what is done to a message
 * leaves it out, and says so. Thread-safe.
 */
public final class QueueControl {

    /** Domains that are called in one step: between two, the clock is looked at. */
    private static final int PAGE = 50;

    private final QueueManager manager;

    QueueControl(QueueManager manager) {
        this.manager = manager;
    }

    /** How the queue is. */
    public QueueFigures figures() {
        Figures figures = manager.figures();
        return new QueueFigures(
                manager.read(QueueStore::size),
                manager.read(QueueView::oldest),
                figures.messagesSubmitted(),
                figures.deliveriesTried(),
                figures.recipientsDelivered(),
                figures.recipientsFailed());
    }

    /** The messages after that one, in the order of their names, at most so many. */
    public List<QueuedMail> list(QueueFilter filter, String after, int limit) {
        return manager.read(connection -> QueueView.list(connection, filter, after, limit));
    }

    /** A message with its history. */
    public Optional<QueuedMail> show(String id) {
        return manager.read(connection -> QueueView.show(connection, id));
    }

    /** The destinations after that one, in the order of their names, at most so many. */
    public List<QueueDestination> destinations(String after, int limit) {
        return manager.read(connection -> QueueView.destinations(connection, after, limit));
    }

    /** Stops deliveries of a message until it is released. Says how many were stopped. */
    public int hold(String id) throws InterruptedException {
        return manager.store(connection -> Sql.update(
                connection,
                "UPDATE postroad_delivery SET state = ? WHERE message_id = ? AND state = ?",
                State.HELD,
                id,
                State.OPEN));
    }

    /** Ends that; what was held is due now, and notices that were set aside are tried again. Says how many deliveries were released. */
    public int release(String id) throws InterruptedException {
        manager.store(connection -> {
            NewsRows.release(connection, id, manager.now());
            return id;
        });
        return dueNow(id, State.HELD);
    }

    /** Makes a message due now, at destinations, too, that did not answer. Says for how many deliveries. */
    public int retry(String id) throws InterruptedException {
        return dueNow(id, State.OPEN);
    }

    private int dueNow(String id, State state) throws InterruptedException {
        List<String> domains = manager.store(
                connection -> {
                    List<String> affected = Sql.query(
                            connection,
                            "SELECT domain FROM postroad_delivery WHERE message_id = ? AND state = ?",
                            row -> row.getString(1),
                            id,
                            state);
                    Sql.update(
                            connection,
                            "UPDATE postroad_delivery SET state = ?, due_at = ? WHERE message_id = ? AND state = ?",
                            State.OPEN,
                            manager.now().toEpochMilli(),
                            id,
                            state);
                    for (Domain domain : readable(affected)) {
                        Destinations.up(connection, domain);
                    }
                    return affected;
                },
                affected -> manager.call(readable(affected)));
        return domains.size();
    }

    private static List<Domain> readable(List<String> domains) {
        return domains.stream()
                .flatMap(name -> DeliveryRows.domain(name).stream())
                .toList();
    }

    /** Gives a message up at another time. Says whether it is there. */
    public boolean expire(String id, Instant at) throws InterruptedException {
        return manager.store(connection -> Sql.update(
                        connection, "UPDATE postroad_message SET expires_at = ? WHERE id = ?", at.toEpochMilli(), id))
                == 1;
    }

    /**
     * Takes a message out of the queue. Says from how many deliveries.
     *
     * @param tell whether its sender, or the application, hears of it as of other failures; if not, its sender does not hear either what
     *     was still to be told
     */
    public int drop(String id, boolean tell) throws InterruptedException {
        List<String> domains = manager.read(connection -> Sql.query(
                connection,
                "SELECT domain FROM postroad_delivery WHERE message_id = ? AND state <> ?",
                row -> row.getString(1),
                id,
                State.TRYING));
        int dropped = 0;
        for (String domain : domains) {
            dropped += drop(id, domain, tell) ? 1 : 0;
        }
        if (tell) {
            manager.store(
                    connection -> { // what was set aside before; what cannot be told now stays, and is listed
                        NewsRows.discardDamaged(connection, id);
                        return id;
                    });
            tell(id);
            manager.store(connection -> QueueStore.removeIfDone(connection, id));
        } else {
            manager.store(connection -> {
                NewsRows.forget(connection, id);
                return QueueStore.removeIfDone(connection, id);
            });
        }
        return dropped;
    }

    /** In a transaction of the caller's, there is nothing to tell before it commits; sweeps find it then. */
    private void tell(String id) {
        if (!manager.isCallerInTransaction()) {
            manager.tools().teller().tell(id);
        }
    }

    /** In one transaction: an attempt that is visible and not under way could be taken for one of a dead process. */
    private boolean drop(String id, String name, boolean tell) throws InterruptedException {
        Optional<Domain> domain = DeliveryRows.domain(name);
        Optional<Attempts.Over> dropped = domain.isEmpty() ? Optional.empty() : drop(id, domain.get(), tell);
        if (dropped.isEmpty()) { // it cannot be read, or another process began it, or dropped it
            return manager.store(connection -> QueueStore.discard(connection, id, name));
        }
        return true;
    }

    private Optional<Attempts.Over> drop(String id, Domain domain, boolean tell) throws InterruptedException {
        Instant now = manager.now();
        return manager.store(
                connection -> {
                    Sql.update(
                            connection,
                            "UPDATE postroad_delivery SET state = ? WHERE message_id = ? AND domain = ? AND state = ?",
                            State.OPEN,
                            id,
                            domain,
                            State.HELD);
                    Optional<QueuedDelivery> begun = QueueStore.begin(connection, id, domain, now);
                    Optional<Attempts.Over> over =
                            begun.map(one -> manager.tools().attempts().dropped(one, tell));
                    if (over.isPresent()) {
                        over.get().write(connection);
                    }
                    return over;
                },
                over -> {
                    if (tell) { // where the caller's transaction is rolled back, nothing happened
                        over.ifPresent(manager.tools().attempts()::announced);
                    }
                });
    }

    /** Stops deliveries to a domain until they are resumed, in all processes; what is under way goes on. */
    public void pause(Domain domain) throws InterruptedException {
        manager.store(
                connection -> {
                    Destinations.pause(connection, domain, true);
                    return domain;
                },
                manager::stop);
    }

    /** Ends that. */
    public void resume(Domain domain) throws InterruptedException {
        manager.store(
                connection -> {
                    Destinations.pause(connection, domain, false);
                    return domain;
                },
                resumed -> manager.call(List.of(resumed)));
    }

    /** The suppressed addresses after that one, in order, at most so many. */
    public List<SuppressedAddress> suppressed(String after, int limit) {
        return manager.read(connection -> Suppression.list(connection, after, limit));
    }

    /** Which of these are suppressed. */
    public List<SuppressedAddress> suppressedAmong(List<Mailbox> mailboxes) {
        return manager.read(connection -> {
            List<SuppressedAddress> found = new ArrayList<>();
            for (Mailbox mailbox : mailboxes) {
                Suppression.find(connection, mailbox).ifPresent(found::add);
            }
            return found;
        });
    }

    /** Suppresses an address. */
    public void suppress(Mailbox mailbox, String reason) throws InterruptedException {
        manager.store(connection -> {
            Suppression.add(connection, new SuppressedAddress(mailbox, manager.now(), reason));
            return mailbox;
        });
    }

    /** Ends that. Says whether it was suppressed. */
    public boolean unsuppress(Mailbox mailbox) throws InterruptedException {
        return manager.store(connection -> Suppression.remove(connection, mailbox));
    }

    /**
     * Tries everything that is not held or paused, whatever its time, and waits until it is delivered or tried, or the time is over. Where
     * the time is over before all of it is due, the rest keeps its times.
     *
     * @return whether the queue is empty
     * @throws QueueException if the calling thread is in a transaction that its changes would be part of: nobody else would see them
     */
    public boolean drain(Duration limit) throws InterruptedException {
        if (manager.isCallerInTransaction()) {
            throw new QueueException(
                    "The queue cannot be drained within a transaction, for what is in that is delivered only after it"
                            + " commits; call drain outside of it");
        }
        Instant start = manager.now();
        Instant end = start.plus(limit);
        makeAllDue(start, end);
        while (!manager.read(QueueStore::isEmpty) && isTimeLeft(end)) {
            manager.pause();
        }
        return manager.read(QueueStore::isEmpty);
    }

    private boolean isTimeLeft(Instant end) {
        return manager.isOpen() && manager.now().isBefore(end);
    }

    private void makeAllDue(Instant now, Instant end) throws InterruptedException {
        String after = "";
        List<String> page = destinationNames(after);
        while (!page.isEmpty() && isTimeLeft(end)) {
            List<Domain> domains = readable(page);
            List<Domain> unfinished = manager.store(connection -> makeDue(connection, domains, now));
            manager.call(domains);
            for (Domain domain : unfinished) {
                while (isTimeLeft(end) && manager.store(connection -> QueueStore.makeDue(connection, domain, now))) {
                    manager.call(List.of(domain));
                }
            }
            after = page.get(page.size() - 1);
            page = isTimeLeft(end) ? destinationNames(after) : List.of();
        }
    }

    private List<String> destinationNames(String after) {
        return manager.read(connection -> QueueView.names(connection, after, PAGE));
    }

    /** Returns those of which more is to be made due. */
    private static List<Domain> makeDue(Connection connection, List<Domain> domains, Instant now) throws SQLException {
        List<Domain> unfinished = new ArrayList<>();
        for (Domain domain : domains) {
            if (!Destinations.of(connection, domain).paused()) {
                Destinations.up(connection, domain);
                if (QueueStore.makeDue(connection, domain, now)) {
                    unfinished.add(domain);
                }
            }
        }
        return unfinished;
    }
}
