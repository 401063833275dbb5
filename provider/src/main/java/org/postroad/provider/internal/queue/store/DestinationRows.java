// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.postroad.api.Domain;

/** Stores the state of destinations in its table. Each method works within the caller's transaction. Stateless. */
public final class DestinationRows {

    /** Number of domains that one statement asks for. */
    private static final int ASKED = 50;

    private static final String PAUSED = "SELECT domain FROM postroad_destination WHERE paused = 1 AND domain IN ("
            + String.join(", ", Collections.nCopies(ASKED, "?")) + ")";

    private DestinationRows() {}

    /**
     * State of a destination.
     *
     * @param paused whether an operator stopped deliveries to it
     * @param failures number of consecutive visits at which it did not answer
     * @param retryAt when it is next visited; the epoch if it answers
     */
    public record DestinationState(boolean paused, int failures, Instant retryAt) {

        /** The state of a destination without a row. */
        public static final DestinationState DEFAULT = new DestinationState(false, 0, Instant.EPOCH);
    }

    public static DestinationState of(Connection connection, Domain domain) throws SQLException {
        return Sql.query(
                        connection,
                        "SELECT paused, failures, retry_at FROM postroad_destination WHERE domain = ?",
                        row -> new DestinationState(
                                row.getInt(1) == 1, row.getInt(2), Instant.ofEpochMilli(row.getLong(3))),
                        domain)
                .stream()
                .findFirst()
                .orElse(DestinationState.DEFAULT);
    }

    /** Records that the destination does not answer, and when it is next visited. */
    public static void recordFailure(Connection connection, Domain domain, int failures, Instant retryAt, String report)
            throws SQLException {
        ensure(connection, domain);
        Sql.update(
                connection,
                "UPDATE postroad_destination SET failures = ?, retry_at = ?, report = ? WHERE domain = ?",
                failures,
                retryAt.toEpochMilli(),
                Sql.storable(report),
                domain);
    }

    /** Records that the destination answers, or must be visited as if it did. */
    public static void clearFailures(Connection connection, Domain domain) throws SQLException {
        Sql.update(
                connection,
                "UPDATE postroad_destination SET failures = 0, retry_at = 0, report = NULL WHERE domain = ?",
                domain);
        deleteIfDefault(connection, domain);
    }

    /** Returns those of the domains that are paused. */
    public static List<Domain> pausedAmong(Connection connection, Collection<Domain> domains) throws SQLException {
        List<Domain> all = List.copyOf(domains);
        List<Domain> paused = new ArrayList<>();
        for (int i = 0; i < all.size(); i += ASKED) {
            Object[] asked = new Object[ASKED]; // always the same statement; the last domain fills the rest
            for (int j = 0; j < ASKED; j++) {
                asked[j] = all.get(Math.min(i + j, all.size() - 1));
            }
            paused.addAll(Sql.query(connection, PAUSED, row -> Domain.parse(row.getString(1)), asked));
        }
        return paused;
    }

    public static void pause(Connection connection, Domain domain, boolean paused) throws SQLException {
        ensure(connection, domain);
        Sql.update(connection, "UPDATE postroad_destination SET paused = ? WHERE domain = ?", paused, domain);
        deleteIfDefault(connection, domain);
    }

    private static void ensure(Connection connection, Domain domain) throws SQLException {
        if (!Sql.exists(connection, "SELECT 1 FROM postroad_destination WHERE domain = ?", domain)) {
            Sql.update(
                    connection,
                    "INSERT INTO postroad_destination (domain, paused, failures, retry_at) VALUES (?, 0, 0, 0)",
                    domain);
        }
    }

    private static void deleteIfDefault(Connection connection, Domain domain) throws SQLException {
        Sql.update(
                connection,
                "DELETE FROM postroad_destination WHERE domain = ? AND paused = 0 AND failures = 0 AND retry_at = 0",
                domain);
    }
}
