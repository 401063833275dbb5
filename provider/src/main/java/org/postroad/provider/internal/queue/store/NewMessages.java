// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.postroad.provider.internal.envelope.Envelope;

/**
 * Adds messages to the queue, and to the history if one is kept.
 *
 * @param keepsHistory whether the history is kept
 */
public record NewMessages(boolean keepsHistory) {

    /** Stores a message, its content, a delivery for each domain, and its history, within the caller's transaction. */
    public void add(
            Connection connection,
            QueuedMessage message,
            ContentRows.ContentSource content,
            List<Envelope.Recipient> recipients)
            throws SQLException {
        MessageRows.add(connection, message, content, recipients);
        if (keepsHistory) {
            HistoryRows.add(connection, message);
        }
    }
}
