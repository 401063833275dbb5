// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postroad.api.Domain;
import org.postroad.api.QueueDestination;
import org.postroad.api.QueueFilter;
import org.postroad.api.QueuedMail;
import org.postroad.api.QueuedMail.State;
import org.postroad.provider.internal.dsn.MessageId;

/** Reads the queue for those who look at it, page by page. Without state. */
final class QueueView {

    /** Attempts that are shown of a delivery. */
    private static final int MAX_HISTORY = 100;

    private QueueView() {}

    /** When the oldest message was queued. */
    static Optional<Instant> oldest(Connection connection) throws SQLException {
        return Sql.query(
                        connection,
                        "SELECT queued_at FROM postroad_message ORDER BY queued_at LIMIT 1",
                        row -> Instant.ofEpochMilli(row.getLong(1)))
                .stream()
                .findFirst();
    }

    static List<QueuedMail> list(Connection connection, QueueFilter filter, String after, int limit)
            throws SQLException {
        StringBuilder sql = new StringBuilder("SELECT m.id FROM postroad_message m WHERE m.id > ?");
        List<Object> parameters = new ArrayList<>(List.of(after));
        if (filter.sender().isPresent()) {
            sql.append(" AND m.sender = ?");
            parameters.add(filter.sender().get());
        }
        if (filter.recipient().isPresent()) {
            sql.append(" AND EXISTS (SELECT 1 FROM postroad_recipient r WHERE r.message_id = m.id AND r.mailbox = ?)");
            parameters.add(filter.recipient().get());
        }
        if (filter.domain().isPresent() || filter.state().isPresent()) {
            sql.append(" AND EXISTS (SELECT 1 FROM postroad_delivery d WHERE d.message_id = m.id");
            filter.domain().ifPresent(domain -> {
                sql.append(" AND d.domain = ?");
                parameters.add(domain);
            });
            filter.state().ifPresent(state -> {
                sql.append(" AND d.state = ?");
                parameters.add(state);
            });
            sql.append(')');
        }
        sql.append(" ORDER BY m.id LIMIT ?");
        parameters.add(limit);
        List<QueuedMail> page = new ArrayList<>();
        for (String id : Sql.query(connection, sql.toString(), row -> row.getString(1), parameters.toArray())) {
            read(connection, id, 0).ifPresent(page::add);
        }
        return page;
    }

    static Optional<QueuedMail> show(Connection connection, String id) throws SQLException {
        return read(connection, id, MAX_HISTORY);
    }

    private static Optional<QueuedMail> read(Connection connection, String id, int history) throws SQLException {
        Optional<QueuedMessage> found = DeliveryRows.message(connection, id);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        QueuedMessage message = found.get();
        List<QueuedMail.Delivery> shown = new ArrayList<>();
        for (QueuedDelivery delivery : DeliveryRows.read(connection, "WHERE m.id = ? ORDER BY d.domain", id)) {
            shown.add(shown(
                    delivery,
                    history == 0 ? List.of() : QueueStore.history(connection, id, delivery.domain(), history)));
        }
        return Optional.of(new QueuedMail(
                id,
                message.queuedAt(),
                message.expiresAt(),
                message.sender(),
                message.labels().messageId().map(MessageId::text),
                message.labels().subject(),
                message.facts().size(),
                shown));
    }

    private static QueuedMail.Delivery shown(QueuedDelivery delivery, List<QueuedMail.PastAttempt> history) {
        return new QueuedMail.Delivery(
                delivery.domain(),
                delivery.state(),
                delivery.dueAt(),
                delivery.attempts(),
                delivery.inDoubt(),
                delivery.mailboxes(),
                history);
    }

    /** Those to which something waits, and those that are paused. */
    static List<QueueDestination> destinations(Connection connection, String after, int limit) throws SQLException {
        return Sql.query(
                connection,
                "SELECT n.domain, COUNT(d.message_id) AS waiting, MIN(CASE WHEN d.state = ? THEN d.due_at END) AS oldest,"
                        + " MAX(t.paused) AS paused, MAX(t.retry_at) AS retry_at, MAX(t.report) AS report"
                        + " FROM (SELECT domain FROM postroad_delivery UNION SELECT domain FROM postroad_destination) n"
                        + " LEFT JOIN postroad_delivery d ON d.domain = n.domain"
                        + " LEFT JOIN postroad_destination t ON t.domain = n.domain"
                        + " WHERE n.domain > ? GROUP BY n.domain ORDER BY n.domain LIMIT ?",
                row -> new QueueDestination(
                        Domain.parse(row.getString("domain")),
                        row.getLong("waiting"),
                        moment(row.getLong("oldest")),
                        row.getInt("paused") == 1,
                        moment(row.getLong("retry_at")),
                        Optional.ofNullable(row.getString("report"))),
                State.OPEN,
                after,
                limit);
    }

    private static Optional<Instant> moment(long milliseconds) {
        return milliseconds == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(milliseconds));
    }
}
