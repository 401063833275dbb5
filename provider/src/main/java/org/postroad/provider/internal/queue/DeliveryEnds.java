// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.postroad.api.Domain;
import org.postroad.provider.internal.queue.store.AttemptRows;
import org.postroad.provider.internal.queue.store.Database;
import org.postroad.provider.internal.queue.store.DeliveryRows;
import org.postroad.provider.internal.queue.store.MessageRows;
import org.postroad.provider.internal.queue.store.PendingNoticeRows;
import org.postroad.provider.internal.queue.store.QueueRows;
import org.postroad.provider.internal.queue.store.QueuedDelivery;
import org.postroad.provider.internal.queue.store.SelectionQuery.Key;

/** Ends deliveries that an operator removes, with or without a notice to the sender. Thread-safe. */
final class DeliveryEnds {

    private final ControlledQueue queue;
    private final boolean withNotice;

    /** @param withNotice whether the failure is reported as other failures are */
    DeliveryEnds(ControlledQueue queue, boolean withNotice) {
        this.queue = queue;
        this.withNotice = withNotice;
    }

    /**
     * A delivery that was ended.
     *
     * @param attempt empty if the delivery could not be read
     */
    record Ended(Optional<FinishedAttempt> attempt) {}

    /**
     * Ends a delivery within the caller's transaction, unless it is in progress. Begins and ends an attempt in one transaction: a visible
     * attempt that is not in progress could be mistaken for one of a dead process.
     *
     * @return empty if there is no such delivery, or it is in progress
     */
    Optional<Ended> end(Connection connection, Key key) throws SQLException {
        Optional<Domain> domain = DeliveryRows.domain(key.domain());
        Optional<FinishedAttempt> over =
                domain.isEmpty() ? Optional.empty() : end(connection, key.message(), domain.get());
        if (over.isPresent()) {
            return Optional.of(new Ended(over));
        }
        return QueueRows.discard(connection, key.message(), key.domain()) // its row cannot be read
                ? Optional.of(new Ended(Optional.empty()))
                : Optional.empty();
    }

    private Optional<FinishedAttempt> end(Connection connection, String message, Domain domain) throws SQLException {
        QueueRows.unhold(connection, message, domain);
        Optional<QueuedDelivery> begun = AttemptRows.begin(connection, message, domain, queue.now());
        Optional<FinishedAttempt> over = begun.map(one -> queue.results().removedByOperator(one, withNotice));
        if (over.isPresent()) {
            over.get().write(connection);
        }
        return over;
    }

    /** Reports the end of deliveries after the commit: if the caller rolls back, nothing happened. */
    void publish(Collection<Ended> ended) {
        for (Ended one : ended) {
            if (one.attempt().isPresent()) {
                if (withNotice) {
                    queue.results().publish(one.attempt().get());
                } else {
                    queue.events().removed(one.attempt().get().delivery());
                }
            }
        }
    }

    /** Completes the removal of a message whose deliveries were all ended, but for those in progress. */
    void completeWhole(String message) throws InterruptedException {
        complete(List.of(message), connection -> List.of(message));
    }

    /** Completes the removal of messages of which some deliveries were ended. What waits for other deliveries of a message is kept. */
    void complete(List<String> messages) throws InterruptedException {
        if (!messages.isEmpty()) {
            complete(messages, connection -> {
                List<String> whole = new ArrayList<>();
                for (String message : messages) {
                    if (!MessageRows.hasDelivery(connection, message)) {
                        whole.add(message);
                    }
                }
                return whole;
            });
        }
    }

    /**
     * Without a notice, what was to be reported about a message is discarded. With one, pending notices are due now, and those set aside
     * before are discarded; what cannot be sent now stays, and is listed.
     *
     * @param whole finds the messages of which all deliveries were ended
     */
    private void complete(List<String> messages, Database.Work<List<String>> whole) throws InterruptedException {
        queue.writeForCaller(connection -> {
            for (String message : whole.run(connection)) {
                discard(connection, message);
            }
            for (String message : messages) {
                if (withNotice) {
                    PendingNoticeRows.setDue(connection, message, queue.now()); // a sweep of any process finds them
                }
                MessageRows.removeIfDone(connection, message);
            }
            return messages;
        });
        if (withNotice && !queue.access().isCallerInTransaction()) { // before the commit there is nothing to send
            queue.sendNotices(messages);
        }
    }

    private void discard(Connection connection, String message) throws SQLException {
        if (withNotice) {
            PendingNoticeRows.discardDamaged(connection, message);
        } else {
            PendingNoticeRows.discard(connection, message);
        }
    }
}
