// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.postroad.api.Domain;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.QueueShape;

/**
 * Reads the shape of the queue with two statements, each of which reads all deliveries once. The age of a delivery is in the id of its message,
 * so that only one table, in most databases only an index of it, is read. Stateless.
 */
public final class ShapeRows {

    private static final int LIMITS = QueueShape.AGE_LIMITS.size();

    /** Selects the domains with the most deliveries, and in each row also the sums over all domains, which thus are of the same snapshot. */
    static final String DOMAINS = domains();

    /** Selects the most frequent reasons, and in each row also the number of deliveries that have one. */
    static final String REASONS =
            "SELECT failure_class, failure_status, failure_reason, COUNT(*) AS deliveries, MIN(domain) AS example,"
                    + " SUM(COUNT(*)) OVER () AS failures FROM postroad_delivery WHERE failure_status IS NOT NULL"
                    + " GROUP BY failure_class, failure_status, failure_reason"
                    + " ORDER BY deliveries DESC, failure_class, failure_status, failure_reason LIMIT ?";

    private ShapeRows() {}

    private static String domains() {
        List<String> counted = new ArrayList<>(List.of("COUNT(*) AS deliveries"));
        List<String> names = new ArrayList<>(List.of("deliveries"));
        for (int i = 0; i < LIMITS; i++) {
            counted.add("SUM(CASE WHEN message_id >= ? THEN 1 ELSE 0 END) AS younger" + i);
            names.add("younger" + i);
        }
        for (String state : List.of("HELD", "FUTURE", "TRYING")) {
            counted.add("SUM(CASE WHEN state = '" + state + "' THEN 1 ELSE 0 END) AS in_" + state);
            names.add("in_" + state);
        }
        String sums = names.stream()
                .map(name -> "SUM(" + name + ") OVER () AS all_" + name)
                .collect(Collectors.joining(", "));
        return "SELECT domain, " + String.join(", ", names) + ", " + sums
                + ", COUNT(*) OVER () AS domains FROM (SELECT domain, "
                + String.join(", ", counted)
                + " FROM postroad_delivery GROUP BY domain) g ORDER BY deliveries DESC, domain LIMIT ?";
    }

    /** @param limit the maximum number of domains, and of reasons */
    public static QueueShape read(Connection connection, Instant now, int limit) throws SQLException {
        List<FoundDomain> found = Sql.query(connection, DOMAINS, ShapeRows::found, parameters(now, limit));
        List<FoundReason> reasons = Sql.query(connection, REASONS, ShapeRows::reason, limit);
        long listed =
                reasons.stream().mapToLong(each -> each.reason().deliveries()).sum();
        return new QueueShape(
                now,
                found.stream().flatMap(each -> each.row().stream()).toList(),
                found.isEmpty() ? QueueShape.Counts.none() : found.get(0).total(),
                found.isEmpty() ? 0 : found.get(0).domains(),
                reasons.stream().map(FoundReason::reason).toList(),
                reasons.isEmpty() ? 0 : reasons.get(0).failures() - listed);
    }

    /** A delivery is younger than a limit if the id of its message is not less than the first id of the time 1 ms after the limit. */
    private static Object[] parameters(Instant now, int limit) {
        List<Object> parameters = new ArrayList<>();
        for (Duration age : QueueShape.AGE_LIMITS) {
            parameters.add(QueueIds.first(now.minus(age).plusMillis(1)));
        }
        parameters.add(limit);
        return parameters.toArray();
    }

    /** @param row empty if the name of the domain cannot be read */
    private record FoundDomain(Optional<QueueShape.Row> row, QueueShape.Counts total, long domains) {}

    private static FoundDomain found(ResultSet row) throws SQLException {
        Optional<Domain> domain = DeliveryRows.domain(row.getString("domain"));
        QueueShape.Counts own = counts(row, "");
        return new FoundDomain(
                domain.map(name -> new QueueShape.Row(name, own)), counts(row, "all_"), row.getLong("domains"));
    }

    private static QueueShape.Counts counts(ResultSet row, String prefix) throws SQLException {
        List<Long> byAge = new ArrayList<>();
        long younger = 0;
        for (int i = 0; i < LIMITS; i++) {
            long next = row.getLong(prefix + "younger" + i);
            byAge.add(next - younger);
            younger = next;
        }
        byAge.add(row.getLong(prefix + "deliveries") - younger);
        return new QueueShape.Counts(
                byAge,
                row.getLong(prefix + "in_HELD"),
                row.getLong(prefix + "in_FUTURE"),
                row.getLong(prefix + "in_TRYING"));
    }

    private record FoundReason(QueueShape.Reason reason, long failures) {}

    private static FoundReason reason(ResultSet row) throws SQLException {
        return new FoundReason(
                new QueueShape.Reason(
                        LastFailure.bounceClass(String.valueOf(row.getString("failure_class"))),
                        EnhancedStatus.tryParse(row.getString("failure_status")).orElse(EnhancedStatus.UNDEFINED_4_0_0),
                        String.valueOf(row.getString("failure_reason")),
                        row.getLong("deliveries"),
                        DeliveryRows.domain(row.getString("example"))),
                row.getLong("failures"));
    }
}
