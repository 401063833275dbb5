// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.postroad.api.AttemptReport;
import org.postroad.api.DestinationPace;
import org.postroad.api.Domain;
import org.postroad.api.HistoryFilter;
import org.postroad.api.MailHistory;
import org.postroad.api.Mailbox;
import org.postroad.api.QueueActivity;
import org.postroad.api.QueueDestination;
import org.postroad.api.QueueFilter;
import org.postroad.api.QueueShape;
import org.postroad.api.QueueStatistics;
import org.postroad.api.QueuedMail;
import org.postroad.api.QueuedMail.State;
import org.postroad.api.SuppressedAddress;
import org.postroad.provider.internal.queue.store.ActivityRows;
import org.postroad.provider.internal.queue.store.ContentRows;
import org.postroad.provider.internal.queue.store.Database;
import org.postroad.provider.internal.queue.store.DeliveryRows;
import org.postroad.provider.internal.queue.store.DestinationRows;
import org.postroad.provider.internal.queue.store.HistoryListing;
import org.postroad.provider.internal.queue.store.MessageRows;
import org.postroad.provider.internal.queue.store.PaceRows;
import org.postroad.provider.internal.queue.store.PendingNoticeRows;
import org.postroad.provider.internal.queue.store.QueueException;
import org.postroad.provider.internal.queue.store.QueueListing;
import org.postroad.provider.internal.queue.store.QueueRows;
import org.postroad.provider.internal.queue.store.QueueSummary;
import org.postroad.provider.internal.queue.store.QueuedDelivery;
import org.postroad.provider.internal.queue.store.ReportRows;
import org.postroad.provider.internal.queue.store.SelectionQuery;
import org.postroad.provider.internal.queue.store.ShapeRows;
import org.postroad.provider.internal.queue.store.SuppressionRows;

/**
 * Views and operator actions of a queue. An action never affects a delivery in progress; the returned count does not include it.
 * Thread-safe.
 */
public final class QueueControl {

    /** Maximum number of entries in a page. */
    public static final int MAX_PAGE = 1000;

    /** Domains that are processed per step; the time limit is checked after each step. */
    private static final int PAGE = 50;

    private static final Duration MIN_INTERVAL = Duration.ofSeconds(1);
    private static final Duration MAX_INTERVAL = Duration.ofDays(30);

    private final ControlledQueue queue;

    /** Creates the control of a queue that this process delivers ({@link QueueManager}) or is attached to ({@link AttachedQueue}). */
    public QueueControl(ControlledQueue queue) {
        this.queue = queue;
    }

    /** Returns the current statistics. */
    public QueueStatistics statistics() {
        QueueCounters counters = queue.counters();
        return new QueueStatistics(
                queue.readForCaller(MessageRows::size),
                queue.readForCaller(QueueListing::oldest),
                counters.messagesSubmitted(),
                counters.deliveriesAttempted(),
                counters.recipientsDelivered(),
                counters.recipientsFailed());
    }

    /** Returns the figures for monitoring, of all processes. */
    public QueueSummary summary() {
        return queue.readForCaller(connection -> QueueSummary.read(connection, queue.now()));
    }

    /** Returns what this process did since it opened the queue. */
    public QueueCounters counters() {
        return queue.counters();
    }

    /** Returns up to {@code limit} messages, in ascending order of ids, starting after the given id. */
    public List<QueuedMail> list(QueueFilter filter, String after, int limit) {
        checkPage(limit);
        return queue.readForCaller(connection -> QueueListing.list(connection, filter, after, limit));
    }

    private static void checkPage(int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw new IllegalArgumentException("A page has 1 to " + MAX_PAGE + " entries, not " + limit);
        }
    }

    /** Returns a message with its history. */
    public Optional<QueuedMail> show(String id) {
        return queue.readForCaller(connection -> QueueListing.show(connection, id));
    }

    /** Returns up to {@code limit} messages of the history, in descending order of ids, starting after the given id. */
    public List<MailHistory> history(HistoryFilter filter, String after, int limit) {
        checkPage(limit);
        return queue.readForCaller(connection -> HistoryListing.list(connection, filter, after, limit));
    }

    /** Returns what is known of a message, whether or not it is in the queue. */
    public Optional<MailHistory> history(String id) {
        return queue.readForCaller(connection -> HistoryListing.show(connection, id));
    }

    /** Returns the reports of the attempts at a message that the history has. */
    public List<AttemptReport> reports(String id) {
        return queue.readForCaller(connection -> ReportRows.list(connection, id));
    }

    /** Returns up to {@code limit} destinations, in ascending order of names, starting after the given name. */
    public List<QueueDestination> destinations(String after, int limit) {
        checkPage(limit);
        return queue.readForCaller(connection -> QueueListing.destinations(connection, after, limit));
    }

    /**
     * Returns what was queued and settled in equal intervals, the last of which ends now.
     *
     * @param length of each interval, at least 1 s
     * @param intervals the number of intervals, 1 to {@link #MAX_PAGE}
     */
    public QueueActivity activity(Duration length, int intervals) {
        if (length.compareTo(MIN_INTERVAL) < 0 || length.compareTo(MAX_INTERVAL) > 0) {
            throw new IllegalArgumentException("An interval has 1 second to 30 days, not " + length);
        }
        checkPage(intervals);
        Instant since = queue.now().minus(length.multipliedBy(intervals));
        return queue.readForCaller(connection -> ActivityRows.read(connection, since, length, intervals));
    }

    /** Returns the deliveries by domain, age and reason, with up to {@code limit} domains and reasons. */
    public QueueShape shape(int limit) {
        checkPage(limit);
        Instant now = queue.now();
        return queue.readForCaller(connection -> ShapeRows.read(connection, now, limit));
    }

    /** Returns up to {@code limit} destinations, in ascending order of names, starting after the given name. */
    public List<DestinationPace> pace(String after, int limit) {
        checkPage(limit);
        Instant now = queue.now();
        return queue.readForCaller(connection -> PaceRows.list(connection, after, limit, now));
    }

    /** Stops deliveries of a message until it is released. Returns the number of deliveries stopped. */
    public int hold(String id) throws InterruptedException {
        Change<Integer> held = queue.writeForCaller(
                connection -> new Change<>(deliveries(connection, id, State.OPEN), QueueRows.hold(connection, id)),
                change ->
                        change.deliveries().forEach(delivery -> queue.events().held(delivery, "An operator holds it")));
        return held.result();
    }

    /**
     * A change of the state of a message's deliveries.
     *
     * @param deliveries those that events are about and that can be read, before the change
     */
    private record Change<T>(List<QueuedDelivery> deliveries, T result) {}

    private static List<QueuedDelivery> deliveries(Connection connection, String id, State state) throws SQLException {
        return DeliveryRows.read(connection, "WHERE d.message_id = ? AND d.state = ?", id, state);
    }

    /**
     * Releases a held message: its deliveries are due now, or when they are to be sent, and notices that were set aside are tried again.
     * Returns the number of deliveries released.
     */
    public int release(String id) throws InterruptedException {
        queue.writeForCaller(connection -> {
            PendingNoticeRows.release(connection, id, queue.now());
            return id;
        });
        return dueNow(
                connection -> new Change<>(
                        deliveries(connection, id, State.HELD), QueueRows.release(connection, id, queue.now())),
                queue.events()::released);
    }

    /** Makes a message due now, even at destinations that are backing off. Returns the number of deliveries affected. */
    public int retry(String id) throws InterruptedException {
        return dueNow(
                connection -> new Change<>(List.of(), QueueRows.retry(connection, id, queue.now())), delivery -> {});
    }

    /**
     * @param update makes deliveries due, and returns their domains as stored in the rows
     * @param changed receives each delivery of the change after the commit
     */
    private int dueNow(Database.Work<Change<List<String>>> update, Consumer<QueuedDelivery> changed)
            throws InterruptedException {
        Change<List<String>> due = queue.writeForCaller(
                connection -> {
                    Change<List<String>> change = update.run(connection);
                    for (Domain domain : readable(change.result())) {
                        DestinationRows.clearFailures(connection, domain);
                    }
                    return change;
                },
                change -> {
                    change.deliveries().forEach(changed);
                    queue.signal(readable(change.result()));
                });
        return due.result().size();
    }

    private static List<Domain> readable(List<String> domains) {
        return domains.stream()
                .flatMap(name -> DeliveryRows.domain(name).stream())
                .toList();
    }

    /** Sets a new expiry time. Returns whether the message exists. */
    public boolean expire(String id, Instant at) throws InterruptedException {
        return queue.writeForCaller(connection -> MessageRows.expire(connection, id, at));
    }

    /**
     * Removes a message without a notice. Its pending notices are discarded as well. Returns the number of deliveries abandoned.
     */
    public int remove(String id) throws InterruptedException {
        return endAll(id, new DeliveryEnds(queue, false));
    }

    /** Removes a message and notifies the sender, or the application, as of other failures. Returns the number of deliveries abandoned. */
    public int bounce(String id) throws InterruptedException {
        return endAll(id, new DeliveryEnds(queue, true));
    }

    /** Ends all deliveries of a message that are not in progress. */
    private int endAll(String id, DeliveryEnds ends) throws InterruptedException {
        List<String> domains = queue.readForCaller(connection -> QueueRows.idleDomains(connection, id));
        int ended = 0;
        for (String domain : domains) {
            SelectionQuery.Key key = new SelectionQuery.Key(id, domain);
            ended += queue.writeForCaller(
                            connection -> ends.end(connection, key).stream().toList(), ends::publish)
                    .size();
        }
        ends.completeWhole(id);
        return ended;
    }

    /**
     * Selects deliveries.
     *
     * @param progress receives after each step of an action what was changed so far
     */
    public SelectionControl select(QueueFilter filter, LongConsumer progress) {
        return new SelectionControl(queue, filter, progress);
    }

    /**
     * Copies the content of a message to a stream, part by part.
     *
     * @return false if the message is not in the queue; nothing was written
     * @throws IOException if the content is damaged, the message left the queue meanwhile, or the stream cannot be written
     */
    public boolean writeTo(String id, OutputStream out) throws IOException {
        Optional<Long> size = queue.readForCaller(connection -> MessageRows.contentSize(connection, id));
        if (size.isEmpty()) {
            return false;
        }
        try {
            ContentRows.copy(queue::readForCaller, id, size.get(), out);
        } catch (ContentRows.DamagedContentException e) {
            if (!queue.readForCaller(connection -> MessageRows.exists(connection, id))) {
                throw new IOException("The message " + id + " left the queue while it was read", e);
            }
            throw e;
        }
        return true;
    }

    /** Stops deliveries to a domain in all processes until it is resumed. Deliveries in progress continue. */
    public void pause(Domain domain) throws InterruptedException {
        queue.writeForCaller(
                connection -> {
                    DestinationRows.pause(connection, domain, true);
                    return domain;
                },
                queue::stopVisit);
    }

    /** Resumes deliveries to a paused domain. */
    public void resume(Domain domain) throws InterruptedException {
        queue.writeForCaller(
                connection -> {
                    DestinationRows.pause(connection, domain, false);
                    return domain;
                },
                resumed -> queue.signal(List.of(resumed)));
    }

    /** Returns up to {@code limit} suppressed addresses, in ascending order, starting after the given address. */
    public List<SuppressedAddress> suppressed(String after, int limit) {
        checkPage(limit);
        return queue.readForCaller(connection -> SuppressionRows.list(connection, after, limit));
    }

    /** Returns those of the mailboxes that are suppressed. */
    public List<SuppressedAddress> suppressedAmong(List<Mailbox> mailboxes) {
        return queue.readForCaller(connection -> SuppressionRows.among(connection, mailboxes));
    }

    public void suppress(Mailbox mailbox, String reason) throws InterruptedException {
        queue.writeForCaller(connection -> {
            SuppressionRows.add(connection, new SuppressedAddress(mailbox, queue.now(), reason));
            return mailbox;
        });
    }

    /** Ends the suppression of an address. Returns whether it was suppressed. */
    public boolean unsuppress(Mailbox mailbox) throws InterruptedException {
        return queue.writeForCaller(connection -> SuppressionRows.remove(connection, mailbox));
    }

    /**
     * Makes everything due now that is not held, paused or to be sent later, and waits until the queue is empty or the limit has passed. If the limit passes
     * before all of it was made due, the rest keeps its due times.
     *
     * @return whether the queue is empty
     * @throws QueueException if the calling thread is in a transaction that the changes would be part of: they would be invisible to the
     *     queue's own threads
     */
    public boolean drain(Duration limit) throws InterruptedException {
        if (queue.access().isCallerInTransaction()) {
            throw new QueueException(
                    "The queue cannot be drained within a transaction, because its messages are delivered only after the"
                            + " commit; call drain outside of it");
        }
        Instant start = queue.now();
        Instant end = start.plus(limit);
        makeAllDue(start, end);
        while (!queue.readForCaller(MessageRows::isEmpty) && isTimeLeft(end)) {
            queue.waitAMoment();
        }
        return queue.readForCaller(MessageRows::isEmpty);
    }

    private boolean isTimeLeft(Instant end) {
        return queue.access().isOpen() && queue.now().isBefore(end);
    }

    private void makeAllDue(Instant now, Instant end) throws InterruptedException {
        String after = "";
        List<String> page = destinationNames(after);
        while (!page.isEmpty() && isTimeLeft(end)) {
            List<Domain> domains = readable(page);
            List<Domain> unfinished = queue.writeForCaller(connection -> makeDue(connection, domains, now));
            queue.signal(domains);
            for (Domain domain : unfinished) {
                while (isTimeLeft(end)
                        && queue.writeForCaller(connection -> QueueRows.makeDue(connection, domain, now))) {
                    queue.signal(List.of(domain));
                }
            }
            after = page.get(page.size() - 1);
            page = isTimeLeft(end) ? destinationNames(after) : List.of();
        }
    }

    private List<String> destinationNames(String after) {
        return queue.readForCaller(connection -> QueueListing.names(connection, after, PAGE));
    }

    /** Makes up to {@link QueueRows#DUE_BATCH} deliveries of each domain due. Returns the domains that may have more. */
    private static List<Domain> makeDue(Connection connection, List<Domain> domains, Instant now) throws SQLException {
        List<Domain> unfinished = new ArrayList<>();
        for (Domain domain : domains) {
            if (!DestinationRows.of(connection, domain).paused()) {
                DestinationRows.clearFailures(connection, domain);
                if (QueueRows.makeDue(connection, domain, now)) {
                    unfinished.add(domain);
                }
            }
        }
        return unfinished;
    }
}
