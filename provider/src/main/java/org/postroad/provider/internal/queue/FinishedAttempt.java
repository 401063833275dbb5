// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.postroad.api.DomainReport;
import org.postroad.api.SuppressedAddress;
import org.postroad.provider.internal.queue.store.AttemptRows;
import org.postroad.provider.internal.queue.store.AttemptRows.EndResult;
import org.postroad.provider.internal.queue.store.PendingNotice;
import org.postroad.provider.internal.queue.store.QueuedDelivery;
import org.postroad.provider.internal.queue.store.SuppressionRows;

/**
 * A finished attempt whose result is not yet written.
 *
 * @param tried whether the result concerns the destination; false if the message could not be handled here
 * @param notices the pending notices for the sender or the postmaster
 * @param suppressed addresses that accept no further mail
 */
record FinishedAttempt(
        QueuedDelivery delivery,
        DomainReport report,
        boolean tried,
        RetryDecision decision,
        Instant at,
        List<PendingNotice> notices,
        List<SuppressedAddress> suppressed) {

    /**
     * Writes the result within the caller's transaction. If another process has taken over the delivery, neither notices nor
     * suppressed addresses are recorded.
     */
    EndResult write(Connection connection) throws SQLException {
        EndResult ended = AttemptRows.end(connection, delivery, decision.end(), notices, at);
        if (ended != EndResult.TAKEN_OVER) {
            for (SuppressedAddress address : suppressed) {
                SuppressionRows.add(connection, address);
            }
        }
        return ended;
    }
}
