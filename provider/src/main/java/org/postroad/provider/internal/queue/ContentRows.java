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

    /** Reads from the database. */
    @FunctionalInterface
    interface Reader {
        <T> T read(Database.Work<T> work) throws SQLException;
    }

    /**
     * Takes a message out of its table, to be closed.
     *
     * @throws IOException if it cannot be read, or is not what was put in
     */
    static SpooledMessage read(Reader reader, QueuedMessage message) throws IOException {
        return MessageSpool.restore(
                out -> copy(reader, message.id(), message.facts().size(), out),
                message.facts(),
                SpoolSettings.DEFAULTS);
    }

    private static void copy(Reader reader, String message, long size, OutputStream out) throws IOException {
        long left = size;
        for (int i = 0; left > 0; i++) {
            int part = i;
            byte[] octets;
            try {
                octets = reader.read(connection -> part(connection, message, part));
            } catch (SQLException e) {
                throw new IOException("The message could not be read from the queue: " + e.getMessage(), e);
            }
            if (octets.length == 0 || octets.length > left) {
                throw new DamagedContentException("The content of the message " + message + " is damaged: of " + size
                        + " octets, part " + part + " has " + octets.length + " and " + left + " are missing");
            }
            out.write(octets);
            left -= octets.length;
        }
    }

    /** What is in the table is not what was put in, and will not be. */
    static final class DamagedContentException extends IOException {

        private static final long serialVersionUID = 1L;

        DamagedContentException(String message) {
            super(message);
        }
    }

    /** Empty: there are no more. */
    private static byte[] part(Connection connection, String message, int part) throws SQLException {
        List<byte[]> octets = Sql.query(
                connection,
                "SELECT octets FROM postroad_content WHERE message_id = ? AND part = ?",
                row -> row.getBytes(1),
                message,
                part);
        return octets.isEmpty() ? new byte[0] : octets.get(0);
    }
}
