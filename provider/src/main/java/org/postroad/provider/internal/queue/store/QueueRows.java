// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.postroad.api.Domain;
import org.postroad.api.Printable;
import org.postroad.api.QueuedMail.State;

/**
 * Which deliveries wait, and for when: those that are due, late or held. Each method runs within the caller's transaction. Stateless.
 */
public final class QueueRows {

    /** Number of deliveries that {@link #makeDue} processes per statement. */
    public static final int DUE_BATCH = 1000;

    private QueueRows() {}

    /** Returns up to {@code limit} messages that are due to the domain, in the order of their due times. */
    public static List<String> due(Connection connection, Domain domain, Window now, int limit) throws SQLException {
        return Sql.query(
                connection,
                "SELECT message_id FROM postroad_delivery WHERE domain = ? AND state = ? AND (due_at <= ? OR due_at > ?)"
                        + " ORDER BY due_at, message_id LIMIT ?",
                row -> row.getString(1),
                domain,
                State.OPEN,
                now.at().toEpochMilli(),
                now.horizon().toEpochMilli(),
                limit);
    }

    /**
     * The range of due times that count as due now.
     *
     * @param at now
     * @param horizon a due time later than this was written by a clock that was ahead, and counts as due
     */
    public record Window(Instant at, Instant horizon) {}

    /** Returns up to {@code limit} messages to the domain that expired, or whose senders must be notified of the delay. */
    public static List<String> overdue(Connection connection, Domain domain, OverdueBy late, int limit)
            throws SQLException {
        return Sql.query(
                connection,
                "SELECT d.message_id FROM postroad_delivery d JOIN postroad_message m ON m.id = d.message_id"
                        + " WHERE d.domain = ? AND d.state = ? AND (m.expires_at <= ? OR (d.warned = 0 AND m.queued_at <= ?)) LIMIT ?",
                row -> row.getString(1),
                domain,
                State.OPEN,
                late.now().toEpochMilli(),
                late.queuedBefore().map(Instant::toEpochMilli).orElse(-1L),
                limit);
    }

    /**
     * Which messages are late.
     *
     * @param now a message that expires until this time is late
     * @param queuedBefore so is a message queued until this time without a delay notice so far; empty: delay does not matter
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
        return Sql.query(
                        connection,
                        "SELECT due_at FROM postroad_delivery WHERE domain = ? AND state = ? ORDER BY due_at LIMIT 1",
                        row -> Instant.ofEpochMilli(row.getLong(1)),
                        domain,
                        State.OPEN)
                .stream()
                .findFirst();
    }

    /**
     * Returns up to {@code limit} domains with a delivery that is due, or that is marked as in progress and may be left over from a dead
     * process. Paused domains and those backing off are not included.
     */
    public static List<Domain> waiting(Connection connection, Window now, int limit) throws SQLException {
        return waitingNames(connection, now, limit).stream()
                .flatMap(name -> DeliveryRows.domain(name).stream())
                .toList();
    }

    /** Returns the same domains as stored in their rows. */
    public static List<String> waitingNames(Connection connection, Window now, int limit) throws SQLException {
        return Sql.query(
                connection,
                "SELECT DISTINCT d.domain FROM postroad_delivery d WHERE ((d.state = ? AND (d.due_at <= ? OR d.due_at > ?)) OR d.state = ?)"
                        + " AND NOT EXISTS (SELECT 1 FROM postroad_destination t WHERE t.domain = d.domain"
                        + " AND (t.paused = 1 OR (t.retry_at > ? AND t.retry_at <= ?))) LIMIT ?",
                row -> row.getString(1),
                State.OPEN,
                now.at().toEpochMilli(),
                now.horizon().toEpochMilli(),
                State.TRYING,
                now.at().toEpochMilli(),
                now.horizon().toEpochMilli(),
                limit);
    }

    /**
     * Makes the next {@link #DUE_BATCH} deliveries to the domain due now, and those with the same due time as the last of them. Returns
     * whether there may be more.
     */
    public static boolean makeDue(Connection connection, Domain domain, Instant now) throws SQLException {
        List<Long> last = Sql.query(
                connection,
                "SELECT due_at FROM postroad_delivery WHERE domain = ? AND state = ? AND due_at > ? ORDER BY due_at LIMIT 1 OFFSET "
                        + (DUE_BATCH - 1),
                row -> row.getLong(1),
                domain,
                State.OPEN,
                now.toEpochMilli());
        Sql.update(
                connection,
                "UPDATE postroad_delivery SET due_at = ? WHERE domain = ? AND state = ? AND due_at > ? AND due_at <= ?",
                now.toEpochMilli(),
                domain,
                State.OPEN,
                now.toEpochMilli(),
                last.isEmpty() ? Long.MAX_VALUE : last.get(0));
        return !last.isEmpty();
    }

    /**
     * Makes those deliveries of a message due now that are in the given state.
     *
     * @return their domains, as stored in the rows
     */
    public static List<String> makeDue(Connection connection, String message, State state, Instant now)
            throws SQLException {
        List<String> affected = Sql.query(
                connection,
                "SELECT domain FROM postroad_delivery WHERE message_id = ? AND state = ?",
                row -> row.getString(1),
                message,
                state);
        Sql.update(
                connection,
                "UPDATE postroad_delivery SET state = ?, due_at = ? WHERE message_id = ? AND state = ?",
                State.OPEN,
                now.toEpochMilli(),
                message,
                state);
        return affected;
    }

    /** Holds the waiting deliveries of a message. Returns their number. */
    public static int hold(Connection connection, String message) throws SQLException {
        return Sql.update(
                connection,
                "UPDATE postroad_delivery SET state = ? WHERE message_id = ? AND state = ?",
                State.HELD,
                message,
                State.OPEN);
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
