// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/**
 * Deletes old entries of the history, in steps of a limited number of rows, in the order of their ids, which is that of their ages. Messages
 * in the queue keep their entries. Stateless.
 */
public final class HistoryCleaning {

    /** Number of recipients whose entries are examined in one step. A step also has the rest of the recipients of its last message. */
    public static final int STEP = 500;

    private HistoryCleaning() {}

    /**
     * Which entries are deleted.
     *
     * @param endedBefore those of messages that left the queue before this time
     * @param excess those up to this id, whatever their age; empty: there are not too many
     */
    public record Expired(Instant endedBefore, Optional<String> excess) {

        /** Returns the last id that may be deleted: a message that was queued later did not end earlier. */
        private String last() {
            String young = QueueIds.first(endedBefore);
            return excess.filter(id -> id.compareTo(young) > 0).orElse(young);
        }
    }

    /** Returns the id up to which entries are too many if a number of recipients may be kept; empty if there are fewer. */
    public static Optional<String> excess(Connection connection, int recipients) throws SQLException {
        return Sql.query(
                        connection,
                        "SELECT message_id FROM postroad_outcome ORDER BY message_id DESC, position DESC LIMIT 1 OFFSET ?",
                        row -> row.getString(1),
                        recipients)
                .stream()
                .findFirst();
    }

    /** Returns the id with which the step after the given id ends; empty if there is nothing left that may be deleted. */
    public static Optional<String> nextStep(Connection connection, String after, Expired expired) throws SQLException {
        String last = expired.last();
        if (!Sql.exists(connection, "SELECT 1 FROM postroad_history WHERE id > ? AND id <= ? LIMIT 1", after, last)) {
            return Optional.empty();
        }
        return Sql.query(
                        connection,
                        "SELECT message_id FROM postroad_outcome WHERE message_id > ? AND message_id <= ?"
                                + " ORDER BY message_id, position LIMIT 1 OFFSET " + (STEP - 1),
                        row -> row.getString(1),
                        after,
                        last)
                .stream()
                .findFirst()
                .or(() -> Optional.of(last));
    }

    /** Deletes what is expired from one step. Returns the number of messages. */
    public static int clean(Connection connection, String after, String end, Expired expired) throws SQLException {
        return Sql.update(
                connection,
                "DELETE FROM postroad_history WHERE id > ? AND id <= ?"
                        + " AND NOT EXISTS (SELECT 1 FROM postroad_message m WHERE m.id = postroad_history.id)"
                        + " AND (id <= ? OR NOT EXISTS (SELECT 1 FROM postroad_outcome o WHERE o.message_id = postroad_history.id"
                        + " AND o.changed_at >= ?))",
                after,
                end,
                expired.excess().orElse(""),
                expired.endedBefore().toEpochMilli());
    }
}
