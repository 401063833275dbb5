// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postroad.api.DestinationPace;
import org.postroad.api.DestinationPace.Limit;
import org.postroad.api.DestinationPace.Waiting;
import org.postroad.api.Domain;

/**
 * Stores what each process measured about the destinations that it works on, and reads it together with what waits. A row that is older than
 * {@value #MAX_INTERVALS} of its intervals is of a process that is dead or no longer works on the destination, and is ignored. Each method
 * runs within the caller's transaction. Stateless.
 */
public final class PaceRows {

    /** Number of intervals after which a measurement is out of date. */
    static final int MAX_INTERVALS = 3;

    /** Measurements of other processes are deleted when they have been out of date for this long: their clocks may differ. */
    private static final Duration MARGIN = Duration.ofMinutes(5);

    /** The limits that are measured, in the order of their columns. */
    private static final Map<Limit, String> COLUMNS = columns();

    /** Counts the deliveries in a range of names. */
    static final String WAITING =
            "SELECT domain, SUM(CASE WHEN state IN ('OPEN', 'FUTURE') AND due_at <= ? THEN 1 ELSE 0 END) AS due,"
                    + " SUM(CASE WHEN state IN ('OPEN', 'FUTURE') AND due_at > ? THEN 1 ELSE 0 END) AS scheduled,"
                    + " SUM(CASE WHEN state = 'TRYING' THEN 1 ELSE 0 END) AS in_progress,"
                    + " SUM(CASE WHEN state = 'HELD' THEN 1 ELSE 0 END) AS held"
                    + " FROM postroad_delivery WHERE domain >= ? AND domain <= ? GROUP BY domain ORDER BY domain";

    private PaceRows() {}

    private static Map<Limit, String> columns() {
        Map<Limit, String> columns = new EnumMap<>(Limit.class);
        columns.put(Limit.CONCURRENCY, "concurrency_ms");
        columns.put(Limit.RATE, "rate_ms");
        columns.put(Limit.CONNECTIONS, "connections_ms");
        columns.put(Limit.DESTINATIONS, "destinations_ms");
        columns.put(Limit.DATABASE, "database_ms");
        columns.put(Limit.SERVER, "server_ms");
        return columns;
    }

    /**
     * What a process measured about one destination.
     *
     * @param finished the number of attempts that ended within the last minute
     * @param spent the time of deliveries, by what they spent it on
     */
    public record MeasuredPace(Domain domain, long finished, Map<Limit, Duration> spent) {

        /** Returns the time of all deliveries. */
        public Duration total() {
            return spent.values().stream().reduce(Duration.ZERO, Duration::plus);
        }
    }

    /**
     * A process and its limits.
     *
     * @param id unique
     * @param concurrency deliveries to one destination at the same time
     * @param rate as in the settings; empty: unlimited
     * @param destinations destinations served at the same time
     */
    public record Node(String id, int concurrency, Optional<String> rate, int destinations) {}

    /** Replaces the measurements of a process. Reads and locks no rows of other processes. */
    public static void replace(
            Connection connection, Node node, Instant now, Duration interval, List<MeasuredPace> measured)
            throws SQLException {
        Sql.update(connection, "DELETE FROM postroad_pace WHERE node = ?", node.id());
        String names = String.join(", ", COLUMNS.values());
        for (MeasuredPace pace : measured) {
            List<Object> values = new ArrayList<>(List.of(
                    pace.domain(),
                    node.id(),
                    now.toEpochMilli(),
                    interval.toMillis(),
                    pace.finished(),
                    node.concurrency(),
                    node.rate(),
                    node.destinations()));
            COLUMNS.keySet()
                    .forEach(limit -> values.add(
                            pace.spent().getOrDefault(limit, Duration.ZERO).toMillis()));
            Sql.update(
                    connection,
                    "INSERT INTO postroad_pace (domain, node, written_at, interval_ms, finished, concurrency, rate, destinations, "
                            + names + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    values.toArray());
        }
    }

    /** Deletes measurements that have been out of date for a while: those of dead processes. */
    public static void deleteOutdated(Connection connection, Instant now) throws SQLException {
        Sql.update(
                connection,
                "DELETE FROM postroad_pace WHERE written_at + " + MAX_INTERVALS + " * interval_ms < ?",
                now.minus(MARGIN).toEpochMilli());
    }

    /**
     * Returns up to {@code limit} destinations for which deliveries wait, in ascending order of names, starting after the given name.
     * Unreadable names are left out.
     */
    public static List<DestinationPace> list(Connection connection, String after, int limit, Instant now)
            throws SQLException {
        List<DestinationPace> page = List.of();
        List<String> names = QueueListing.names(connection, after, limit);
        while (page.isEmpty() && !names.isEmpty()) {
            String last = names.get(names.size() - 1);
            page = range(connection, names.get(0), last, now);
            names = page.isEmpty() ? QueueListing.names(connection, last, limit) : List.of();
        }
        return page;
    }

    private static List<DestinationPace> range(Connection connection, String first, String last, Instant now)
            throws SQLException {
        List<Delayed> delayed = Sql.query(
                connection,
                "SELECT domain, paused, retry_at FROM postroad_destination WHERE domain >= ? AND domain <= ?",
                row -> new Delayed(row.getString(1), row.getInt(2) == 1, Instant.ofEpochMilli(row.getLong(3))),
                first,
                last);
        List<NodePace> measured = Sql.query(
                connection,
                "SELECT * FROM postroad_pace WHERE domain >= ? AND domain <= ? AND written_at + " + MAX_INTERVALS
                        + " * interval_ms > ?",
                PaceRows::measured,
                first,
                last,
                now.toEpochMilli());
        List<DestinationPace> range = new ArrayList<>();
        List<FoundDestination> found = Sql.query(
                connection,
                WAITING,
                row -> new FoundDestination(
                        row.getString("domain"),
                        new Waiting(
                                row.getLong("due"),
                                row.getLong("in_progress"),
                                row.getLong("scheduled"),
                                row.getLong("held"))),
                now.toEpochMilli(),
                now.toEpochMilli(),
                first,
                last);
        for (FoundDestination one : found) {
            DeliveryRows.domain(one.name())
                    .ifPresent(domain -> range.add(pace(
                            domain,
                            one.waiting(),
                            delayed.stream()
                                    .filter(each -> each.name().equals(one.name()))
                                    .findFirst(),
                            measured.stream()
                                    .filter(each -> each.name().equals(one.name()))
                                    .toList(),
                            now)));
        }
        return range;
    }

    private record FoundDestination(String name, Waiting waiting) {}

    private record Delayed(String name, boolean paused, Instant retryAt) {}

    private record NodePace(String name, long finished, Node node, Map<Limit, Duration> spent) {}

    private static NodePace measured(ResultSet row) throws SQLException {
        Map<Limit, Duration> spent = new EnumMap<>(Limit.class);
        for (Map.Entry<Limit, String> column : COLUMNS.entrySet()) {
            spent.put(column.getKey(), Duration.ofMillis(row.getLong(column.getValue())));
        }
        return new NodePace(
                row.getString("domain"),
                row.getLong("finished"),
                new Node(
                        row.getString("node"),
                        row.getInt("concurrency"),
                        Optional.ofNullable(row.getString("rate")),
                        row.getInt("destinations")),
                spent);
    }

    private static DestinationPace pace(
            Domain domain, Waiting waiting, Optional<Delayed> delayed, List<NodePace> measured, Instant now) {
        Map<Limit, Double> shares = shares(measured);
        Optional<Instant> retryAt = delayed.map(Delayed::retryAt).filter(now::isBefore);
        Limit binding = binding(waiting, delayed.filter(Delayed::paused).isPresent(), retryAt.isPresent(), shares);
        return new DestinationPace(
                domain,
                waiting,
                measured.size(),
                measured.stream().mapToLong(NodePace::finished).sum(),
                shares,
                binding,
                settings(binding, measured),
                binding == Limit.BACK_OFF ? retryAt : Optional.empty());
    }

    private static Map<Limit, Double> shares(List<NodePace> measured) {
        Map<Limit, Double> shares = new EnumMap<>(Limit.class);
        double total = 0;
        for (NodePace pace : measured) {
            for (Map.Entry<Limit, Duration> spent : pace.spent().entrySet()) {
                double millis = spent.getValue().toMillis();
                if (millis > 0) {
                    shares.merge(spent.getKey(), millis, Double::sum);
                    total += millis;
                }
            }
        }
        double all = total;
        shares.replaceAll((limit, millis) -> millis / all);
        return shares;
    }

    private static Limit binding(Waiting waiting, boolean paused, boolean backingOff, Map<Limit, Double> shares) {
        if (paused) {
            return Limit.PAUSED;
        } else if (backingOff) {
            return Limit.BACK_OFF;
        } else if (waiting.due() + waiting.inProgress() > 0) {
            return shares.entrySet().stream()
                    .max(Map.Entry.comparingByValue(Comparator.naturalOrder()))
                    .map(Map.Entry::getKey)
                    .orElse(Limit.NOTHING);
        }
        return waiting.scheduled() > 0 ? Limit.SCHEDULE : Limit.HELD;
    }

    /** Returns the properties that change a limit, with the largest value of the processes if it is one of the queue's. */
    private static List<String> settings(Limit limit, List<NodePace> measured) {
        Optional<String> value = switch (limit) {
            case CONCURRENCY ->
                measured.stream()
                        .map(pace -> pace.node().concurrency())
                        .max(Comparator.naturalOrder())
                        .map(String::valueOf);
            case DESTINATIONS ->
                measured.stream()
                        .map(pace -> pace.node().destinations())
                        .max(Comparator.naturalOrder())
                        .map(String::valueOf);
            case RATE ->
                measured.stream().flatMap(pace -> pace.node().rate().stream()).findFirst();
            default -> Optional.empty();
        };
        return limit.settings().stream()
                .map(name -> value.map(known -> name + "=" + known).orElse(name))
                .toList();
    }
}
