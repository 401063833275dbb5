// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.postroad.provider.internal.message.MessageSpool;
import org.postroad.provider.internal.message.SpoolSettings;
import org.postroad.provider.internal.message.SpooledMessage;

/** The octets of messages, in their table. Without state. */
final class ContentRows {

    /** Octets of a message in one row. */
    static final int PART = 1 << 19;

    private ContentRows() {}

    /** Where the octets of a message come from; whoever opens it closes it. */
    @FunctionalInterface
    interface Source {
        InputStream open() throws IOException;
    }

    /** As many rows as it takes. */
    static void add(Connection connection, String message, Source content) throws SQLException {
        try (InputStream in = content.open();
                PreparedStatement statement = connection.prepareStatement(
                        "INSERT INTO postroad_content (message_id, part, octets) VALUES (?, ?, ?)")) {
            int part = 0;
            for (byte[] octets = in.readNBytes(PART); octets.length > 0; octets = in.readNBytes(PART)) {
                statement.setString(1, message);
                statement.setInt(2, part++);
                statement.setBytes(3, octets);
                statement.executeUpdate();
            }
        } catch (IOException e) {
            throw new SQLException("The message could not be read from its spool: " + e.getMessage(), e);
        }
    }

    /**
     * Takes a message out of its table, to be closed.
     *
     * @throws IOException if it cannot be read, or is not what was put in
     */
    static SpooledMessage read(Database database, QueuedMessage message) throws IOException {
        return MessageSpool.restore(
                out -> {
                    try {
                        database.read(connection -> write(connection, message.id(), out));
                    } catch (SQLException e) {
                        throw new IOException("The message could not be read from the queue: " + e.getMessage(), e);
                    }
                },
                message.facts(),
                SpoolSettings.DEFAULTS);
    }

    /** Writes the octets of a message, part by part; says how many parts there were. */
    static int write(Connection connection, String message, OutputStream out) throws SQLException {
        for (int part = 0; ; part++) {
            List<byte[]> octets = Sql.query(
                    connection,
                    "SELECT octets FROM postroad_content WHERE message_id = ? AND part = ?",
                    row -> row.getBytes(1),
                    message,
                    part);
            if (octets.isEmpty()) {
                return part;
            }
            try {
                out.write(octets.get(0));
            } catch (IOException e) {
                throw new SQLException("The message could not be written to its spool: " + e.getMessage(), e);
            }
        }
    }
}
