// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postroad.api.Domain;
import org.postroad.api.Printable;
import org.postroad.api.Priority;
import org.postroad.api.QueuedMail.State;

/**
 * Which deliveries wait, and for when: those that are due, late or held. Each method runs within the caller's transaction. Stateless.
 */
public final class QueueRows {

    /** Number of deliveries that {@link #makeDue} processes per statement. */
    public static final int DUE_BATCH = 1000;

    /** Selects all that is due to a domain; see {@link #due}. */
    public static final String ALL_DUE = allDue();

    private static final String ALL_NEXT = allNext();

    private QueueRows() {}

    /** Returns up to {@code limit} messages of each priority that are due to the domain, in the order of their due times. */
    public static Map<Priority, List<String>> due(Connection connection, Domain domain, Window now, int limit)
            throws SQLException {
        Map<Priority, List<String>> due = new EnumMap<>(Priority.class);
        List<Object> parameters = new ArrayList<>();
        for (Priority priority : Priority.values()) {
            for (State state : List.of(State.FUTURE, State.OPEN)) {
                parameters.addAll(
                        List.of(domain, state, priority.ordinal(), now.at().toEpochMilli(), now.horizon(state), limit));
            }
        }
        Sql.query(
                connection,
                ALL_DUE,
                row -> due.computeIfAbsent(Priority.values()[row.getInt("priority")], first -> new ArrayList<>())
                        .add(row.getString("message_id")),
                parameters.toArray());
        return due;
    }

    /** Each part reads a range of the index {@code postroad_delivery_lane}. */
    private static String allDue() {
        String part =
                "(SELECT message_id, priority FROM postroad_delivery WHERE domain = ? AND state = ? AND priority = ?"
                        + " AND (due_at <= ? OR due_at > ?) ORDER BY due_at, message_id LIMIT ?)";
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < 2 * Priority.values().length; i++) {
            parts.add("SELECT message_id, priority FROM " + part + " part" + i);
        }
        return String.join(" UNION ALL ", parts);
    }

    /**
     * The range of due times that count as due now.
     *
     * @param at now
     * @param horizon a due time later than this was written by a clock that was ahead, and counts as due
     */
    public record Window(Instant at, Instant horizon) {

        /** A time that the application chose may be far ahead. */
        private long horizon(State state) {
            return state == State.FUTURE ? Long.MAX_VALUE : horizon.toEpochMilli();
        }
    }

    /** Returns up to {@code limit} messages to the domain that expired, or whose senders must be notified of the delay. */
    public static List<String> overdue(Connection connection, Domain domain, OverdueBy late, int limit)
            throws SQLException {
        long queuedBefore = late.queuedBefore().map(Instant::toEpochMilli).orElse(-1L);
        return Sql.query(
                connection,
                "SELECT d.message_id FROM postroad_delivery d JOIN postroad_message m ON m.id = d.message_id"
                        + " WHERE d.domain = ? AND d.state IN ('OPEN', 'FUTURE') AND (m.expires_at <= ? OR (d.warned = 0 AND m.queued_at <= ? AND d.not_before <= ?)) LIMIT ?",
                row -> row.getString(1),
                domain,
                late.now().toEpochMilli(),
                queuedBefore,
                queuedBefore,
                limit);
    }

    /**
     * Which messages are late.
     *
     * @param now a message that expires until this time is late
     * @param queuedBefore so is a message queued, and due for the first time, until this time without a delay notice so far; empty: delay
     *     does not matter
     */
    public record OverdueBy(Instant now, Optional<Instant> queuedBefore) {}

    /** Holds a delivery that cannot be read for the operator. Other deliveries are not affected. */
    public static void setAside(Connection connection, DeliveryRows.DamagedDelivery damaged, Instant now)
            throws SQLException {
        int changed = Sql.update(
                connection,
                "UPDATE postroad_delivery SET state = ?, attempts = attempts + 1 WHERE message_id = ? AND domain = ? AND state <> ?",
                State.HELD,
                damaged.message(),
                damaged.domain(),
                State.HELD);
        if (changed == 1) {
            Sql.update(
                    connection,
                    "INSERT INTO postroad_attempt (message_id, domain, attempt, started_at, ended_at, report)"
                            + " SELECT message_id, domain, attempts, ?, ?, ? FROM postroad_delivery WHERE message_id = ? AND domain = ?",
                    now.toEpochMilli(),
                    now.toEpochMilli(),
                    Sql.storable("Set aside, because " + damaged.reason()),
                    damaged.message(),
                    damaged.domain());
            System.getLogger(QueueRows.class.getName())
                    .log(
                            System.Logger.Level.ERROR,
                            "The delivery of the message " + damaged.message() + " to "
                                    + Printable.quote(damaged.domain())
                                    + " is set aside until it is released or removed, because "
                                    + damaged.reason());
        }
    }

    /** Holds up to {@code limit} deliveries to a domain whose name cannot be read. */
    public static void setAside(Connection connection, String domain, Instant now, int limit) throws SQLException {
        List<String> messages = Sql.query(
                connection,
                "SELECT message_id FROM postroad_delivery WHERE domain = ? AND state <> ? LIMIT ?",
                row -> row.getString(1),
                domain,
                State.HELD,
                limit);
        for (String message : messages) {
            setAside(connection, new DeliveryRows.DamagedDelivery(message, domain, "its domain cannot be read"), now);
        }
    }

    /** Deletes a delivery that cannot be read. Returns false if it does not exist or is in progress. */
    public static boolean discard(Connection connection, String message, String domain) throws SQLException {
        int discarded = Sql.update(
                connection,
                "DELETE FROM postroad_delivery WHERE message_id = ? AND domain = ? AND state <> ?",
                message,
                domain,
                State.TRYING);
        if (discarded == 1) {
            Sql.update(
                    connection, "DELETE FROM postroad_recipient WHERE message_id = ? AND domain = ?", message, domain);
            HistoryRows.removed(connection, message, domain);
        }
        return discarded == 1;
    }

    /** Returns the earliest due time of the deliveries to the domain; empty if none is waiting. */
    public static Optional<Instant> nextDue(Connection connection, Domain domain) throws SQLException {
        List<Object> parameters = new ArrayList<>();
        for (Priority priority : Priority.values()) {
            for (State state : List.of(State.FUTURE, State.OPEN)) {
                parameters.addAll(List.of(domain, state, priority.ordinal()));
            }
        }
        return Sql.query(connection, ALL_NEXT, QueueRows::minimum, parameters.toArray()).stream()
                .flatMap(Optional::stream)
                .min(Instant::compareTo);
    }

    private static Optional<Instant> minimum(ResultSet row) throws SQLException {
        long time = row.getLong(1);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(time));
    }

    private static String allNext() {
        String part = "SELECT MIN(due_at) FROM postroad_delivery WHERE domain = ? AND state = ? AND priority = ?";
        return String.join(" UNION ALL ", Collections.nCopies(2 * Priority.values().length, part));
    }

    /**
     * A domain with due deliveries of a priority.
     *
     * @param domain as stored in the row
     */
    public record WaitingDomain(String domain, Priority priority) {}

    /**
     * Returns up to {@code limit} domains of each priority with a delivery that is due, or that is marked as in progress and may be left over
     * from a dead process. Paused domains and those backing off are not included.
     */
    public static List<WaitingDomain> waiting(Connection connection, Window now, int limit) throws SQLException {
        List<WaitingDomain> waiting = new ArrayList<>();
        for (Priority priority : Priority.values()) {
            waiting.addAll(Sql.query(
                    connection,
                    "SELECT DISTINCT d.domain FROM postroad_delivery d WHERE d.priority = ? AND (d.state = 'TRYING'"
                            + " OR (d.state = 'FUTURE' AND d.due_at <= ?) OR (d.state = 'OPEN' AND (d.due_at <= ? OR d.due_at > ?)))"
                            + " AND NOT EXISTS (SELECT 1 FROM postroad_destination t WHERE t.domain = d.domain"
                            + " AND (t.paused = 1 OR (t.retry_at > ? AND t.retry_at <= ?))) LIMIT ?",
                    row -> new WaitingDomain(row.getString(1), priority),
                    priority.ordinal(),
                    now.at().toEpochMilli(),
                    now.at().toEpochMilli(),
                    now.horizon().toEpochMilli(),
                    now.at().toEpochMilli(),
                    now.horizon().toEpochMilli(),
                    limit));
        }
        return waiting;
    }

    /**
     * Makes the next {@link #DUE_BATCH} deliveries of each priority to the domain due now, and those with the same due time as the last of
     * them. Those that are to be sent later are not included. Returns whether there may be more.
     */
    public static boolean makeDue(Connection connection, Domain domain, Instant now) throws SQLException {
        boolean more = false;
        for (Priority priority : Priority.values()) {
            more |= makeDue(connection, domain, priority, now);
        }
        return more;
    }

    private static boolean makeDue(Connection connection, Domain domain, Priority priority, Instant now)
            throws SQLException {
        List<Long> last = Sql.query(
                connection,
                "SELECT due_at FROM postroad_delivery WHERE domain = ? AND state = ? AND priority = ? AND due_at > ?"
                        + " ORDER BY due_at LIMIT 1 OFFSET " + (DUE_BATCH - 1),
                row -> row.getLong(1),
                domain,
                State.OPEN,
                priority.ordinal(),
                now.toEpochMilli());
        Sql.update(
                connection,
                "UPDATE postroad_delivery SET due_at = ? WHERE domain = ? AND state = ? AND priority = ? AND due_at > ? AND due_at <= ?",
                now.toEpochMilli(),
                domain,
                State.OPEN,
                priority.ordinal(),
                now.toEpochMilli(),
                last.isEmpty() ? Long.MAX_VALUE : last.get(0));
        return !last.isEmpty();
    }

    /**
     * Makes the waiting deliveries of a message due now, also if they are to be sent later.
     *
     * @return their domains, as stored in the rows
     */
    public static List<String> retry(Connection connection, String message, Instant now) throws SQLException {
        List<String> affected = Sql.query(
                connection,
                "SELECT domain FROM postroad_delivery WHERE message_id = ? AND state IN ('OPEN', 'FUTURE')",
                row -> row.getString(1),
                message);
        Sql.update(
                connection,
                "UPDATE postroad_delivery SET state = ?, due_at = ?, not_before = CASE WHEN not_before > ? THEN ? ELSE not_before END"
                        + " WHERE message_id = ? AND state IN ('OPEN', 'FUTURE')",
                State.OPEN,
                now.toEpochMilli(),
                now.toEpochMilli(),
                now.toEpochMilli(),
                message);
        return affected;
    }

    /**
     * Releases the held deliveries of a message: they are due now, or when they are to be sent.
     *
     * @return their domains, as stored in the rows
     */
    public static List<String> release(Connection connection, String message, Instant now) throws SQLException {
        List<String> affected = Sql.query(
                connection,
                "SELECT domain FROM postroad_delivery WHERE message_id = ? AND state = ?",
                row -> row.getString(1),
                message,
                State.HELD);
        Sql.update(
                connection,
                "UPDATE postroad_delivery SET state = ?, due_at = not_before WHERE message_id = ? AND state = ? AND not_before > ?",
                State.FUTURE,
                message,
                State.HELD,
                now.toEpochMilli());
        Sql.update(
                connection,
                "UPDATE postroad_delivery SET state = ?, due_at = ? WHERE message_id = ? AND state = ?",
                State.OPEN,
                now.toEpochMilli(),
                message,
                State.HELD);
        return affected;
    }

    /** Holds the waiting deliveries of a message. Returns their number. */
    public static int hold(Connection connection, String message) throws SQLException {
        return Sql.update(
                connection,
                "UPDATE postroad_delivery SET state = ? WHERE message_id = ? AND state IN ('OPEN', 'FUTURE')",
                State.HELD,
                message);
    }

    /** Does the same for one delivery. Returns whether it was waiting. */
    public static boolean hold(Connection connection, SelectionQuery.Key key) throws SQLException {
        return Sql.update(
                        connection,
                        "UPDATE postroad_delivery SET state = ? WHERE message_id = ? AND domain = ? AND state IN ('OPEN', 'FUTURE')",
                        State.HELD,
                        key.message(),
                        key.domain())
                == 1;
    }

    /** Releases one delivery as {@link #release(Connection, String, Instant)} does. Returns whether it was held. */
    public static boolean release(Connection connection, SelectionQuery.Key key, Instant now) throws SQLException {
        return Sql.update(
                        connection,
                        "UPDATE postroad_delivery SET state = CASE WHEN not_before > ? THEN 'FUTURE' ELSE 'OPEN' END,"
                                + " due_at = CASE WHEN not_before > ? THEN not_before ELSE ? END"
                                + " WHERE message_id = ? AND domain = ? AND state = ?",
                        now.toEpochMilli(),
                        now.toEpochMilli(),
                        now.toEpochMilli(),
                        key.message(),
                        key.domain(),
                        State.HELD)
                == 1;
    }

    /** Makes one delivery due now as {@link #retry(Connection, String, Instant)} does. Returns whether it was waiting. */
    public static boolean retry(Connection connection, SelectionQuery.Key key, Instant now) throws SQLException {
        return Sql.update(
                        connection,
                        "UPDATE postroad_delivery SET state = ?, due_at = ?, not_before = CASE WHEN not_before > ? THEN ? ELSE not_before END"
                                + " WHERE message_id = ? AND domain = ? AND state IN ('OPEN', 'FUTURE')",
                        State.OPEN,
                        now.toEpochMilli(),
                        now.toEpochMilli(),
                        now.toEpochMilli(),
                        key.message(),
                        key.domain())
                == 1;
    }

    /** Lets a delivery wait again if it is held. */
    public static void unhold(Connection connection, String message, Domain domain) throws SQLException {
        Sql.update(
                connection,
                "UPDATE postroad_delivery SET state = ? WHERE message_id = ? AND domain = ? AND state = ?",
                State.OPEN,
                message,
                domain,
                State.HELD);
    }

    /** Returns the domains of a message's deliveries that are not in progress, as stored in the rows. */
    public static List<String> idleDomains(Connection connection, String message) throws SQLException {
        return Sql.query(
                connection,
                "SELECT domain FROM postroad_delivery WHERE message_id = ? AND state <> ?",
                row -> row.getString(1),
                message,
                State.TRYING);
    }
}
