// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postroad.api.QueuedMail.State;

/**
 * The figures of a queue, of all processes, for monitoring.
 *
 * @param messages the number of messages
 * @param oldest when the oldest one was queued
 * @param deliveries the number of deliveries in each state; states without deliveries are missing
 * @param earliestDue when the earliest waiting delivery was or is due
 * @param paused the number of domains that are paused
 * @param backingOff the number of domains that did not answer and are not tried at present
 * @param biggest the domains with the most deliveries, in descending order
 */
public record QueueSummary(
        long messages,
        Optional<Instant> oldest,
        Map<State, Long> deliveries,
        Optional<Instant> earliestDue,
        long paused,
        long backingOff,
        List<DomainFigures> biggest) {

    /** Maximum number of domains in {@code biggest}. */
    public static final int MAX_DOMAINS = 20;

    /** The number of statements of {@link #read}, whatever the queue has. */
    public static final int STATEMENTS = 4;

    /** Counts by an index; only the names of the biggest domains are looked up elsewhere. A later message has a greater id. */
    private static final String BIGGEST =
            "SELECT b.domain, b.waiting, b.trying, b.held, b.future, m.queued_at, t.paused, t.retry_at FROM"
                    + " (SELECT domain, COUNT(*) AS deliveries, MIN(message_id) AS oldest,"
                    + " SUM(CASE WHEN state = 'OPEN' THEN 1 ELSE 0 END) AS waiting,"
                    + " SUM(CASE WHEN state = 'TRYING' THEN 1 ELSE 0 END) AS trying,"
                    + " SUM(CASE WHEN state = 'HELD' THEN 1 ELSE 0 END) AS held,"
                    + " SUM(CASE WHEN state = 'FUTURE' THEN 1 ELSE 0 END) AS future"
                    + " FROM postroad_delivery GROUP BY domain ORDER BY deliveries DESC, domain LIMIT ?) b"
                    + " LEFT JOIN postroad_message m ON m.id = b.oldest"
                    + " LEFT JOIN postroad_destination t ON t.domain = b.domain"
                    + " ORDER BY b.deliveries DESC, b.domain";

    /**
     * The deliveries to one domain.
     *
     * @param domain as stored, which may be damaged
     * @param waiting those that wait until they are due
     * @param inProgress those that are being attempted
     * @param held those that an operator must release
     * @param scheduled those that are to be sent later
     * @param oldest when the oldest of their messages was queued
     * @param paused whether an operator has paused the domain
     * @param retryAt when the domain is tried again, if it did not answer
     */
    public record DomainFigures(
            String domain,
            long waiting,
            long inProgress,
            long held,
            long scheduled,
            Optional<Instant> oldest,
            boolean paused,
            Optional<Instant> retryAt) {}

    private record StateFigures(String state, long deliveries, Optional<Instant> earliestDue) {}

    private record Destinations(long paused, long backingOff) {}

    private record Messages(long count, Optional<Instant> oldest) {}

    /** Reads the figures with {@link #STATEMENTS} statements. */
    public static QueueSummary read(Connection connection, Instant now) throws SQLException {
        Messages messages = Sql.query(
                        connection,
                        "SELECT COUNT(*), MIN(queued_at) FROM postroad_message",
                        row -> new Messages(row.getLong(1), moment(row, 2)))
                .get(0);
        Map<State, Long> deliveries = new EnumMap<>(State.class);
        Optional<Instant> earliestDue = Optional.empty();
        for (StateFigures figures : Sql.query(
                connection,
                "SELECT state, COUNT(*), MIN(due_at) FROM postroad_delivery GROUP BY state",
                row -> new StateFigures(row.getString(1).strip(), row.getLong(2), moment(row, 3)))) {
            for (State state : State.values()) {
                if (state.name().equals(figures.state())) {
                    deliveries.put(state, figures.deliveries());
                }
            }
            earliestDue = figures.state().equals(State.OPEN.name()) ? figures.earliestDue() : earliestDue;
        }
        Destinations destinations = Sql.query(
                        connection,
                        "SELECT SUM(paused), SUM(CASE WHEN retry_at > ? THEN 1 ELSE 0 END) FROM postroad_destination",
                        row -> new Destinations(row.getLong(1), row.getLong(2)),
                        now.toEpochMilli())
                .get(0);
        return new QueueSummary(
                messages.count(),
                messages.oldest(),
                deliveries,
                earliestDue,
                destinations.paused(),
                destinations.backingOff(),
                Sql.query(connection, BIGGEST, row -> figures(row, now), MAX_DOMAINS));
    }

    private static DomainFigures figures(ResultSet row, Instant now) throws SQLException {
        return new DomainFigures(
                row.getString("domain"),
                row.getLong("waiting"),
                row.getLong("trying"),
                row.getLong("held"),
                row.getLong("future"),
                moment(row, 6),
                row.getInt("paused") == 1,
                moment(row, 8).filter(now::isBefore));
    }

    /** Returns a time in milliseconds; empty for NULL and 0. */
    private static Optional<Instant> moment(ResultSet row, int column) throws SQLException {
        long milliseconds = row.getLong(column);
        return milliseconds == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(milliseconds));
    }
}
