// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.postroad.api.Domain;
import org.postroad.api.IpAddress;
import org.postroad.api.MailHistory.Fate;
import org.postroad.api.Mailbox;
import org.postroad.api.QueuedMail;
import org.postroad.api.QueuedMail.State;
import org.postroad.provider.internal.queue.store.HistoryRows.RecipientResult;

/**
 * Records attempts at deliveries: their begin, their end, and whether they are still the current ones. Each method runs within the
 * caller's transaction, so that related changes become visible together. Stateless.
 */
public final class AttemptRows {

    /** The end of an attempt that has no recipient. */
    private static final AttemptEnd NO_RECIPIENTS =
            new AttemptEnd(List.of(), new Rescheduling(State.OPEN, Instant.EPOCH, false, false, Optional.empty()), "");

    private AttemptRows() {}

    /** Marks a delivery as in progress. Empty if it is no longer waiting. */
    public static Optional<QueuedDelivery> begin(Connection connection, String message, Domain domain, Instant now)
            throws SQLException {
        int changed = Sql.update(
                connection,
                "UPDATE postroad_delivery SET state = ?, attempts = attempts + 1 WHERE message_id = ? AND domain = ?"
                        + " AND state IN ('OPEN', 'FUTURE')",
                State.TRYING,
                message,
                domain);
        if (changed == 0) {
            return Optional.empty();
        }
        DeliveryRows.FoundDeliveries found =
                DeliveryRows.find(connection, "WHERE d.message_id = ? AND d.domain = ?", message, domain);
        for (DeliveryRows.DamagedDelivery damaged : found.damaged()) {
            QueueRows.setAside(connection, damaged, now);
            return Optional.empty();
        }
        QueuedDelivery begun = found.readable().get(0);
        if (begun.recipients().isEmpty()) { // another process had it, too, and delivered to all of them
            endWhole(connection, begun, NO_RECIPIENTS, List.of(), now);
            return Optional.empty();
        }
        Sql.update(
                connection,
                "INSERT INTO postroad_attempt (message_id, domain, attempt, started_at) VALUES (?, ?, ?, ?)",
                message,
                domain,
                begun.attempts(),
                now.toEpochMilli());
        return Optional.of(begun);
    }

    /** Returns whether the begun attempt is still the current one. */
    public static boolean isClaimed(Connection connection, QueuedDelivery begun) throws SQLException {
        return Sql.exists(
                connection,
                "SELECT 1 FROM postroad_delivery WHERE message_id = ? AND domain = ? AND state = ? AND attempts = ?",
                begun.message().id(),
                begun.domain(),
                State.TRYING,
                begun.attempts());
    }

    /**
     * The result of an attempt.
     *
     * @param results the result for each recipient
     * @param next what happens to the recipients that are not settled
     * @param report human-readable
     */
    public record AttemptEnd(List<RecipientResult> results, Rescheduling next, String report) {

        /** Returns the recipients that are final: delivered or given up. */
        public List<Mailbox> settled() {
            return mailboxes(results.stream().filter(result -> result.fate().isFinal()));
        }

        List<Mailbox> delivered() {
            return mailboxes(deliveries().stream());
        }

        private List<RecipientResult> deliveries() {
            return results.stream()
                    .filter(result -> result.fate() == Fate.DELIVERED)
                    .toList();
        }

        private static List<Mailbox> mailboxes(Stream<RecipientResult> some) {
            return some.map(result -> result.report().recipient()).toList();
        }
    }

    /**
     * The new state of a delivery with pending recipients.
     *
     * @param state OPEN or HELD
     * @param dueAt when it is tried again
     * @param inDoubt whether the message may have arrived
     * @param warned whether the sender was notified of the delay
     * @param hint the address that the next attempt begins with
     */
    public record Rescheduling(State state, Instant dueAt, boolean inDoubt, boolean warned, Optional<IpAddress> hint) {}

    /** The result of recording the end of an attempt. */
    public enum EndResult {
        /** The message is settled, and was deleted. */
        MESSAGE_DELETED,
        /** The message is still stored. */
        MESSAGE_REMAINS,
        /** Another process owns the delivery now; only recipients already delivered were recorded. */
        TAKEN_OVER
    }

    /**
     * Ends the attempt at a delivery. Deletes the message with its last delivery, unless notices to its sender are pending.
     *
     * @param notices the resulting notices to the sender
     */
    public static EndResult end(
            Connection connection, QueuedDelivery delivery, AttemptEnd ending, List<PendingNotice> notices, Instant now)
            throws SQLException {
        String message = delivery.message().id();
        String domain = delivery.domain().toString();
        EndResult ended = ending.settled().size() == delivery.recipients().size()
                ? endWhole(connection, delivery, ending, notices, now)
                : endPart(connection, delivery, ending, notices, now);
        if (ended == EndResult.MESSAGE_REMAINS) {
            Sql.update(
                    connection,
                    "UPDATE postroad_attempt SET ended_at = ?, report = ? WHERE message_id = ? AND domain = ? AND attempt = ?",
                    now.toEpochMilli(),
                    Sql.storable(ending.report()),
                    message,
                    domain,
                    delivery.attempts());
        }
        return ended;
    }

    private static EndResult endWhole(
            Connection connection, QueuedDelivery delivery, AttemptEnd ending, List<PendingNotice> notices, Instant now)
            throws SQLException {
        String message = delivery.message().id();
        MessageRows.lock(connection, message);
        int ended = Sql.update(
                connection,
                "DELETE FROM postroad_delivery WHERE message_id = ? AND domain = ? AND state = ? AND attempts = ?",
                message,
                delivery.domain(),
                State.TRYING,
                delivery.attempts());
        if (ended == 0) {
            return takenOver(connection, delivery, ending, now);
        }
        HistoryRows.addResults(connection, delivery, ending.results(), now);
        PendingNoticeRows.add(connection, message, notices, now);
        if (MessageRows.removeIfDone(connection, message)) {
            return EndResult.MESSAGE_DELETED;
        }
        settle(connection, delivery, delivery.mailboxes());
        return EndResult.MESSAGE_REMAINS;
    }

    private static EndResult endPart(
            Connection connection, QueuedDelivery delivery, AttemptEnd ending, List<PendingNotice> notices, Instant now)
            throws SQLException {
        Rescheduling next = ending.next();
        List<Optional<String>> failure = LastFailure.columns(LastFailure.of(ending.results()));
        boolean ours = Sql.update(
                        connection,
                        "UPDATE postroad_delivery SET state = ?, due_at = ?, in_doubt = ?, warned = ?, hint = ?,"
                                + " failure_class = ?, failure_status = ?, failure_reason = ?"
                                + " WHERE message_id = ? AND domain = ? AND state = ? AND attempts = ?",
                        next.state(),
                        next.dueAt().toEpochMilli(),
                        next.inDoubt(),
                        next.warned(),
                        next.hint(),
                        failure.get(0),
                        failure.get(1),
                        failure.get(2),
                        delivery.message().id(),
                        delivery.domain(),
                        State.TRYING,
                        delivery.attempts())
                == 1;
        if (!ours) {
            MessageRows.lock(connection, delivery.message().id());
            return takenOver(connection, delivery, ending, now);
        }
        HistoryRows.addResults(connection, delivery, ending.results(), now);
        settle(connection, delivery, ending.settled());
        PendingNoticeRows.add(connection, delivery.message().id(), notices, now);
        return EndResult.MESSAGE_REMAINS;
    }

    /**
     * Handles an attempt whose delivery another process took over because it considered this one dead. Recipients that received the message
     * do not get it again. If no recipient is left and no other attempt is in progress, the delivery is deleted, even if it is held because
     * of the doubt.
     */
    private static EndResult takenOver(Connection connection, QueuedDelivery delivery, AttemptEnd ending, Instant now)
            throws SQLException {
        String message = delivery.message().id();
        HistoryRows.addResults(connection, delivery, ending.deliveries(), now);
        settle(connection, delivery, ending.delivered());
        int over = Sql.update(
                connection,
                "DELETE FROM postroad_delivery WHERE message_id = ? AND domain = ? AND state <> ? AND NOT EXISTS"
                        + " (SELECT 1 FROM postroad_recipient WHERE message_id = ? AND domain = ?)",
                message,
                delivery.domain(),
                State.TRYING,
                message,
                delivery.domain());
        if (over > 0) {
            MessageRows.removeIfDone(connection, message);
        }
        return EndResult.TAKEN_OVER;
    }

    private static void settle(Connection connection, QueuedDelivery delivery, Collection<Mailbox> settled)
            throws SQLException {
        for (Mailbox mailbox : settled) {
            Sql.update(
                    connection,
                    "DELETE FROM postroad_recipient WHERE message_id = ? AND domain = ? AND mailbox = ?",
                    delivery.message().id(),
                    delivery.domain(),
                    mailbox);
        }
    }

    /** Returns the latest attempts at a delivery that have ended, up to {@code limit}, in ascending order. */
    public static List<QueuedMail.PastAttempt> history(Connection connection, String message, Domain domain, int limit)
            throws SQLException {
        List<QueuedMail.PastAttempt> latestFirst = Sql.query(
                connection,
                "SELECT started_at, report FROM postroad_attempt WHERE message_id = ? AND domain = ? AND ended_at IS NOT NULL"
                        + " ORDER BY attempt DESC LIMIT ?",
                row -> new QueuedMail.PastAttempt(
                        Instant.ofEpochMilli(row.getLong(1)),
                        Optional.ofNullable(row.getString(2)).orElse("")),
                message,
                domain,
                limit);
        List<QueuedMail.PastAttempt> inOrder = new ArrayList<>(latestFirst);
        Collections.reverse(inOrder);
        return inOrder;
    }

    /** Returns the deliveries to the domain that were in progress when their process died: each may have succeeded (TRY-05). */
    public static List<QueuedDelivery> interruptedByCrash(Connection connection, Domain domain) throws SQLException {
        return DeliveryRows.read(connection, "WHERE d.domain = ? AND d.state = ?", domain, State.TRYING);
    }

    /** Returns the same deliveries, and those that cannot be read. */
    public static DeliveryRows.FoundDeliveries findInterruptedByCrash(Connection connection, Domain domain)
            throws SQLException {
        return DeliveryRows.find(connection, "WHERE d.domain = ? AND d.state = ?", domain, State.TRYING);
    }
}
