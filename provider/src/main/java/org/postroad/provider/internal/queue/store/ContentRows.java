// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

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

/** Stores and reads message content in its table. Stateless. */
public final class ContentRows {

    /** Limit of octets in one row. */
    public static final int PART = 1 << 19;

    private ContentRows() {}

    /** Source of a message's octets. The caller closes the stream. */
    @FunctionalInterface
    public interface ContentSource {
        InputStream open() throws IOException;
    }

    /** Adds the content, in rows of up to {@link #PART} octets. */
    public static void add(Connection connection, String message, ContentSource content) throws SQLException {
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
    public interface ContentReader {
        <T> T read(Database.Work<T> work) throws SQLException;
    }

    /**
     * Reads a message's content into a spool, which the caller closes.
     *
     * @throws IOException if it cannot be read, or differs from what was stored
     */
    public static SpooledMessage read(ContentReader reader, QueuedMessage message) throws IOException {
        return MessageSpool.restore(
                out -> copy(reader, message.id(), message.facts().size(), out),
                message.facts(),
                SpoolSettings.DEFAULTS);
    }

    /**
     * Copies a message's content part by part.
     *
     * @throws IOException if it cannot be read, differs from what was stored, or the stream cannot be written
     */
    public static void copy(ContentReader reader, String message, long size, OutputStream out) throws IOException {
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

    /** The stored content differs from what was added. Permanent: another try gives the same result. */
    public static final class DamagedContentException extends IOException {

        private static final long serialVersionUID = 1L;

        DamagedContentException(String message) {
            super(message);
        }
    }

    /** Returns one part of the content; empty if there are no more. */
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
