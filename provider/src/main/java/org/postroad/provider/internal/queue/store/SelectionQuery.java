// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postroad.api.QueueFilter;
import org.postroad.api.SelectionCount;

/**
 * A query of the queue with its parameters, built from a filter. The time of a message is the beginning of its id, so that a time is a range
 * of ids.
 *
 * @param sql the statement
 * @param parameters its parameters, in order
 */
public record SelectionQuery(String sql, List<Object> parameters) {

    /**
     * The key of a delivery.
     *
     * @param message the id of its message
     * @param domain as stored in the row
     */
    public record Key(String message, String domain) {

        /** Before all others. */
        public static final Key START = new Key("", "");
    }

    /** Selects the ids of a page of messages, in ascending order. */
    static SelectionQuery messages(QueueFilter filter, String after, int limit) {
        Criteria conditions = new Criteria();
        conditions.add("m.id > ?", after);
        filter.sender().ifPresent(sender -> conditions.add("m.sender = ?", sender));
        conditions.addTime("m.id", filter);
        Criteria ofDelivery = new Criteria();
        ofDelivery.addDelivery(filter, "");
        if (!ofDelivery.parameters.isEmpty()) {
            conditions.add(
                    "EXISTS (SELECT 1 FROM postroad_delivery d WHERE d.message_id = m.id AND "
                            + String.join(" AND ", ofDelivery.all) + ")",
                    ofDelivery.parameters.toArray());
        }
        return conditions.query("SELECT m.id FROM postroad_message m", "ORDER BY m.id LIMIT ?", limit);
    }

    /**
     * Selects the next deliveries, in the order of the primary key: in this order a step costs what lies between its first and its last row,
     * and all steps together read each row once.
     *
     * @param after the last delivery of the step before
     * @param last the last message
     */
    public static SelectionQuery step(Dialect dialect, QueueFilter filter, Key after, String last, int limit) {
        Criteria conditions = new Criteria();
        conditions.add("d.message_id >= ?", after.message());
        conditions.add("(d.message_id > ? OR d.domain > ?)", after.message(), after.domain());
        conditions.add("d.message_id <= ?", last);
        // SQLite, which knows nothing about the values, would use another index, and sort all rows in each step.
        conditions.addFilter(filter, dialect == Dialect.SQLITE ? "+" : "");
        return conditions.query(
                "SELECT d.message_id, d.domain FROM postroad_delivery d",
                "ORDER BY d.message_id, d.domain LIMIT ?",
                limit);
    }

    /** Returns the deliveries that the query {@link #step} selects. */
    public List<Key> keys(Connection connection) throws SQLException {
        return Sql.query(connection, sql, row -> new Key(row.getString(1), row.getString(2)), parameters.toArray());
    }

    /** Returns the id of the latest message; empty if there is none. */
    public static Optional<String> lastMessage(Connection connection) throws SQLException {
        return Sql.query(
                        connection, "SELECT id FROM postroad_message ORDER BY id DESC LIMIT 1", row -> row.getString(1))
                .stream()
                .findFirst();
    }

    private static final String COUNT =
            "SELECT COUNT(DISTINCT d.message_id), COUNT(*), MIN(d.message_id) FROM postroad_delivery d";

    private static final String COUNT_RECIPIENTS = "SELECT COUNT(*) FROM postroad_recipient r JOIN postroad_delivery d"
            + " ON d.message_id = r.message_id AND d.domain = r.domain";

    /** Counts the selected deliveries, in three statements. */
    public static SelectionCount count(Connection connection, QueueFilter filter) throws SQLException {
        Criteria conditions = new Criteria();
        conditions.addFilter(filter, "");
        SelectionQuery deliveries = conditions.query(COUNT, "");
        SelectionQuery recipients = conditions.query(COUNT_RECIPIENTS, "");
        record Counted(long messages, long deliveries, Optional<String> oldest) {}
        Counted counted = Sql.query(
                        connection,
                        deliveries.sql,
                        row -> new Counted(row.getLong(1), row.getLong(2), Optional.ofNullable(row.getString(3))),
                        deliveries.parameters.toArray())
                .get(0);
        long pending = Sql.query(connection, recipients.sql, row -> row.getLong(1), recipients.parameters.toArray())
                .get(0);
        Optional<Instant> oldest = counted.oldest().isEmpty()
                ? Optional.empty()
                : MessageRows.queuedAt(connection, counted.oldest().get());
        return new SelectionCount(counted.messages(), counted.deliveries(), pending, oldest);
    }

    /** Criteria of a query, all of which must be met. {@code d} is the delivery. */
    private static final class Criteria {

        private final List<String> all = new ArrayList<>();
        private final List<Object> parameters = new ArrayList<>();

        void add(String condition, Object... values) {
            all.add(condition);
            parameters.addAll(List.of(values));
        }

        /** @param unindexed the operator that keeps a column from being looked up in an index; empty: the database decides */
        void addFilter(QueueFilter filter, String unindexed) {
            addDelivery(filter, unindexed);
            addTime("d.message_id", filter);
            filter.sender()
                    .ifPresent(sender -> add(
                            "EXISTS (SELECT 1 FROM postroad_message m WHERE m.id = d.message_id AND m.sender = ?)",
                            sender));
        }

        void addDelivery(QueueFilter filter, String unindexed) {
            filter.domain().ifPresent(domain -> add(unindexed + "d.domain = ?", domain));
            filter.state().ifPresent(state -> add(unindexed + "d.state = ?", state));
            filter.priority().ifPresent(priority -> add("d.priority = ?", priority.ordinal()));
            filter.recipient()
                    .ifPresent(mailbox -> add(
                            "EXISTS (SELECT 1 FROM postroad_recipient q WHERE q.message_id = d.message_id"
                                    + " AND q.domain = d.domain AND q.mailbox = ?)",
                            mailbox));
            filter.reason()
                    .ifPresent(text -> add(
                            "EXISTS (SELECT 1 FROM postroad_attempt a WHERE a.message_id = d.message_id"
                                    + " AND a.domain = d.domain"
                                    + " AND a.attempt = d.attempts - CASE WHEN d.state = 'TRYING' THEN 1 ELSE 0 END"
                                    + " AND LOWER(a.report) LIKE ? ESCAPE '!')",
                            Sql.containing(text)));
        }

        void addTime(String column, QueueFilter filter) {
            filter.queuedSince().ifPresent(time -> add(column + " >= ?", QueueIds.first(time)));
            filter.queuedBefore().ifPresent(time -> add(column + " < ?", QueueIds.first(time)));
        }

        SelectionQuery query(String select, String end, Object... limit) {
            List<Object> values = new ArrayList<>(parameters);
            values.addAll(List.of(limit));
            String where = all.isEmpty() ? "" : " WHERE " + String.join(" AND ", all);
            return new SelectionQuery((select + where + " " + end).strip(), List.copyOf(values));
        }
    }
}
