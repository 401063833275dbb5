// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;
import org.postroad.api.SuppressedAddress;

/** The table of addresses that do not exist. Each method runs within the caller's transaction. Stateless. */
public final class SuppressionRows {

    private static final String COLUMNS = "SELECT mailbox, since, reason FROM postroad_suppressed ";

    private SuppressionRows() {}

    /** Adds an address, unless it is present. */
    public static void add(Connection connection, SuppressedAddress address) throws SQLException {
        if (find(connection, address.mailbox()).isEmpty()) {
            Sql.update(
                    connection,
                    "INSERT INTO postroad_suppressed (mailbox, since, reason) VALUES (?, ?, ?)",
                    address.mailbox(),
                    address.since().toEpochMilli(),
                    Printable.clean(address.reason()));
        }
    }

    public static boolean remove(Connection connection, Mailbox mailbox) throws SQLException {
        return Sql.update(connection, "DELETE FROM postroad_suppressed WHERE mailbox = ?", mailbox) == 1;
    }

    static Optional<SuppressedAddress> find(Connection connection, Mailbox mailbox) throws SQLException {
        return read(connection, COLUMNS + "WHERE mailbox = ?", mailbox).stream().findFirst();
    }

    /** Returns whether an address, as stored, is suppressed. */
    static boolean exists(Connection connection, String mailbox) throws SQLException {
        return Sql.exists(connection, "SELECT 1 FROM postroad_suppressed WHERE mailbox = ?", mailbox);
    }

    /** Returns those of the mailboxes that are suppressed. */
    public static List<SuppressedAddress> among(Connection connection, List<Mailbox> mailboxes) throws SQLException {
        List<SuppressedAddress> found = new ArrayList<>();
        for (Mailbox mailbox : mailboxes) {
            find(connection, mailbox).ifPresent(found::add);
        }
        return found;
    }

    /** Returns up to {@code limit} addresses, in ascending order, starting after the given address. */
    public static List<SuppressedAddress> list(Connection connection, String after, int limit) throws SQLException {
        return read(connection, COLUMNS + "WHERE mailbox > ? ORDER BY mailbox LIMIT ?", after, limit);
    }

    private static List<SuppressedAddress> read(Connection connection, String sql, Object... parameters)
            throws SQLException {
        return Sql.query(connection, sql, SuppressionRows::address, parameters).stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /** Returns empty if the row cannot be read; no mail can be sent to such an address either. */
    private static Optional<SuppressedAddress> address(ResultSet row) throws SQLException {
        try {
            return Optional.of(new SuppressedAddress(
                    Mailbox.parse(row.getString(1)), Instant.ofEpochMilli(row.getLong(2)), row.getString(3)));
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }
}
