// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.postroad.api.AttemptReport;

/** Stores the reports of attempts with the history, which deletes them with its messages. Stateless. */
public final class ReportRows {

    /** Maximum number of reports of a delivery: the first and the latest. */
    static final int MAX_REPORTS = 10;

    /** Maximum number of reports of a message that are read. */
    static final int MAX_LISTED = 500;

    private ReportRows() {}

    /** Adds the report of an attempt. If there are too many, deletes the second oldest. */
    public static void add(Connection connection, QueuedDelivery delivery, StoredReport report, Instant at)
            throws SQLException {
        String message = delivery.message().id();
        int superfluous = delivery.attempts() - MAX_REPORTS + 1;
        if (superfluous > 1) {
            Sql.update(
                    connection,
                    "DELETE FROM postroad_report WHERE message_id = ? AND domain = ? AND attempt > 1 AND attempt <= ?",
                    message,
                    delivery.domain(),
                    superfluous);
        }
        Sql.update(
                connection,
                "INSERT INTO postroad_report (message_id, domain, attempt, ended_at, report)"
                        + " SELECT id, ?, ?, ?, ? FROM postroad_history WHERE id = ?",
                delivery.domain(),
                delivery.attempts(),
                at.toEpochMilli(),
                report.octets(),
                message);
    }

    /** Returns the reports of a message in the order of their times, up to a limit. What cannot be read is left out. */
    public static List<AttemptReport> list(Connection connection, String message) throws SQLException {
        return Sql.query(
                        connection,
                        "SELECT domain, attempt, ended_at, report FROM postroad_report WHERE message_id = ?"
                                + " ORDER BY ended_at, domain, attempt LIMIT " + MAX_LISTED,
                        ReportRows::report,
                        message)
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<AttemptReport> report(ResultSet row) throws SQLException {
        int attempt = row.getInt("attempt");
        Instant endedAt = Instant.ofEpochMilli(row.getLong("ended_at"));
        Optional<String> json = StoredReport.json(row.getBytes("report"));
        return DeliveryRows.domain(row.getString("domain"))
                .flatMap(domain -> json.map(text -> new AttemptReport(domain, attempt, endedAt, text)));
    }
}
