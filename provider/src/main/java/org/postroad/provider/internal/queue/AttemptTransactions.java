// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.postroad.api.Domain;
import org.postroad.provider.internal.queue.notice.NoticeSender;
import org.postroad.provider.internal.queue.store.AttemptRows;
import org.postroad.provider.internal.queue.store.AttemptRows.EndResult;
import org.postroad.provider.internal.queue.store.QueuedDelivery;
import org.postroad.provider.internal.queue.store.RetryingDatabase;

/**
 * Writes the begin and the end of attempts, and has the resulting notices sent. The end of one attempt and the begin of the next are one
 * transaction, so that after a crash exactly the deliveries in progress are in doubt. Thread-safe.
 */
final class AttemptTransactions {

    private final RetryingDatabase database;
    private final NoticeSender noticeSender;
    private final InstantSource clock;
    private final CountDownLatch closing;

    /** @param closing reaches zero when the queue is closed: no further notices are sent then */
    AttemptTransactions(
            RetryingDatabase database, NoticeSender noticeSender, InstantSource clock, CountDownLatch closing) {
        this.database = database;
        this.noticeSender = noticeSender;
        this.clock = clock;
        this.closing = closing;
    }

    /** Result of a transaction that ends one attempt and may begin another. */
    private record Turn(EndResult ended, Optional<QueuedDelivery> begun) {}

    /** Begins an attempt. Empty if the delivery is no longer waiting. */
    Optional<QueuedDelivery> begin(Domain domain, String message) throws SQLException {
        return database.write(connection -> begin(connection, domain, message));
    }

    private Optional<QueuedDelivery> begin(Connection connection, Domain domain, String message) throws SQLException {
        return AttemptRows.begin(connection, message, domain, clock.instant());
    }

    /** Ends an attempt. */
    void end(FinishedAttempt over) throws SQLException {
        endAndBegin(over, Optional.empty());
    }

    /**
     * Ends an attempt and begins the next one to the same destination.
     *
     * @param next the message to be delivered next; empty: none
     * @return the attempt that began; empty if the delivery is no longer waiting
     * @throws RuntimeException if the next attempt could not begin; the end of the finished one is written all the same
     */
    Optional<QueuedDelivery> endAndBegin(FinishedAttempt over, Optional<String> next) throws SQLException {
        Turn turn;
        try {
            turn = turn(over, next);
        } catch (RuntimeException e) {
            if (next.isPresent()) { // a failure to begin one must not lose the end of the other
                turn(over, Optional.empty());
            }
            throw e;
        }
        if (turn.ended() == EndResult.MESSAGE_REMAINS && closing.getCount() > 0) {
            noticeSender.send(over.delivery().message().id());
        }
        return turn.begun();
    }

    private Turn turn(FinishedAttempt over, Optional<String> next) throws SQLException {
        return database.write(connection -> {
            EndResult ended = over.write(connection);
            Optional<QueuedDelivery> begun = next.isEmpty()
                    ? Optional.empty()
                    : begin(connection, over.delivery().domain(), next.get());
            return new Turn(ended, begun);
        });
    }
}
