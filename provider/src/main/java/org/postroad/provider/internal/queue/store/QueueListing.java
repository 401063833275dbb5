// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.postroad.api.Domain;
import org.postroad.api.Printable;
import org.postroad.api.QueueDestination;
import org.postroad.api.QueueFilter;
import org.postroad.api.QueuedMail;
import org.postroad.api.QueuedMail.State;
import org.postroad.provider.internal.envelope.MessageId;

/** Reads the queue page by page for listings. Stateless. */
public final class QueueListing {

    /** Maximum number of attempts listed per delivery. */
    private static final int MAX_HISTORY = 100;

    public static final String NEXT_NAME =
            "SELECT MIN(name) FROM (SELECT MIN(domain) AS name FROM postroad_delivery WHERE domain > ?"
                    + " UNION ALL SELECT MIN(domain) AS name FROM postroad_destination WHERE domain > ?) n";

    /** Selects the destinations in a range of names. */
    public static final String DESTINATIONS =
            "SELECT n.domain, COUNT(d.message_id) AS waiting, MIN(CASE WHEN d.state = ? THEN d.due_at END) AS oldest,"
                    + " MAX(t.paused) AS paused, MAX(t.retry_at) AS retry_at, MAX(t.report) AS report"
                    + " FROM (SELECT domain FROM postroad_delivery WHERE domain >= ? AND domain <= ?"
                    + " UNION SELECT domain FROM postroad_destination WHERE domain >= ? AND domain <= ?) n"
                    + " LEFT JOIN postroad_delivery d ON d.domain = n.domain"
                    + " LEFT JOIN postroad_destination t ON t.domain = n.domain"
                    + " GROUP BY n.domain ORDER BY n.domain";

    private QueueListing() {}

    /** Returns when the oldest message was queued. */
    public static Optional<Instant> oldest(Connection connection) throws SQLException {
        return Sql.query(
                        connection,
                        "SELECT queued_at FROM postroad_message ORDER BY queued_at LIMIT 1",
                        row -> Instant.ofEpochMilli(row.getLong(1)))
                .stream()
                .findFirst();
    }

    public static List<QueuedMail> list(Connection connection, QueueFilter filter, String after, int limit)
            throws SQLException {
        SelectionQuery query = SelectionQuery.messages(filter, after, limit);
        List<QueuedMail> page = new ArrayList<>();
        for (String id : Sql.query(
                connection,
                query.sql(),
                row -> row.getString(1),
                query.parameters().toArray())) {
            read(connection, id, 0).ifPresent(page::add);
        }
        return page;
    }

    public static Optional<QueuedMail> show(Connection connection, String id) throws SQLException {
        return read(connection, id, MAX_HISTORY);
    }

    private static Optional<QueuedMail> read(Connection connection, String id, int history) throws SQLException {
        Optional<QueuedMessage> found;
        try {
            found = DeliveryRows.message(connection, id);
        } catch (RuntimeException e) {
            return damaged(connection, id, DeliveryRows.reason(e));
        }
        if (found.isEmpty()) {
            return Optional.empty();
        }
        QueuedMessage message = found.get();
        List<QueuedMail.Delivery> shown = new ArrayList<>();
        DeliveryRows.FoundDeliveries deliveries = DeliveryRows.find(connection, "WHERE m.id = ? ORDER BY d.domain", id);
        Optional<String> damage = Stream.concat(
                        deliveries.damaged().stream()
                                .map(one -> "to " + Printable.quote(one.domain()) + ": " + one.reason()),
                        PendingNoticeRows.damage(connection, id).stream())
                .reduce((one, other) -> one + "; " + other);
        for (QueuedDelivery delivery : deliveries.readable()) {
            shown.add(shown(
                    delivery,
                    history == 0 ? List.of() : AttemptRows.history(connection, id, delivery.domain(), history)));
        }
        return Optional.of(new QueuedMail(
                id,
                message.queuedAt(),
                message.expiresAt(),
                message.sender(),
                message.labels().messageId().map(MessageId::text),
                message.labels().subject(),
                message.facts().size(),
                shown,
                damage));
    }

    /** Returns a message of which only the numeric columns can be read. */
    private static Optional<QueuedMail> damaged(Connection connection, String id, String reason) throws SQLException {
        return Sql.query(
                        connection,
                        "SELECT queued_at, expires_at, size FROM postroad_message WHERE id = ?",
                        row -> new QueuedMail(
                                id,
                                Instant.ofEpochMilli(row.getLong("queued_at")),
                                Instant.ofEpochMilli(row.getLong("expires_at")),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                row.getLong("size"),
                                List.of(),
                                Optional.of(reason)),
                        id)
                .stream()
                .findFirst();
    }

    private static QueuedMail.Delivery shown(QueuedDelivery delivery, List<QueuedMail.PastAttempt> history) {
        return new QueuedMail.Delivery(
                delivery.domain(),
                delivery.state(),
                delivery.dueAt(),
                delivery.attempts(),
                delivery.inDoubt(),
                delivery.mailboxes(),
                history,
                delivery.priority());
    }

    /** Returns destinations for which deliveries are waiting, that are paused or that are backing off. Unreadable names are left out. */
    public static List<QueueDestination> destinations(Connection connection, String after, int limit)
            throws SQLException {
        List<QueueDestination> page = List.of();
        List<String> names = names(connection, after, limit);
        while (page.isEmpty() && !names.isEmpty()) {
            String last = names.get(names.size() - 1);
            page = Sql.query(
                            connection,
                            DESTINATIONS,
                            QueueListing::destination,
                            State.OPEN,
                            names.get(0),
                            last,
                            names.get(0),
                            last)
                    .stream()
                    .flatMap(Optional::stream)
                    .toList();
            names = names(connection, last, limit);
        }
        return page;
    }

    /**
     * Returns up to {@code limit} names of destinations, in ascending order, starting after the given name. Each name takes an index
     * look-up of its own: for the distinct names of a page, a database may read the whole table.
     */
    public static List<String> names(Connection connection, String after, int limit) throws SQLException {
        List<String> names = new ArrayList<>();
        Optional<String> next = nextName(connection, after);
        while (next.isPresent()) {
            names.add(next.get());
            next = names.size() < limit ? nextName(connection, next.get()) : Optional.empty();
        }
        return names;
    }

    private static Optional<String> nextName(Connection connection, String after) throws SQLException {
        return Sql.query(connection, NEXT_NAME, row -> Optional.ofNullable(row.getString(1)), after, after)
                .get(0);
    }

    private static Optional<QueueDestination> destination(ResultSet row) throws SQLException {
        Optional<Domain> domain = DeliveryRows.domain(row.getString("domain"));
        return domain.isEmpty()
                ? Optional.empty()
                : Optional.of(new QueueDestination(
                        domain.get(),
                        row.getLong("waiting"),
                        moment(row.getLong("oldest")),
                        row.getInt("paused") == 1,
                        moment(row.getLong("retry_at")),
                        Optional.ofNullable(row.getString("report"))));
    }

    private static Optional<Instant> moment(long milliseconds) {
        return milliseconds == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(milliseconds));
    }
}
