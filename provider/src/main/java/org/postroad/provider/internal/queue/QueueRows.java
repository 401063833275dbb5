// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.postroad.api.Domain;
import org.postroad.api.IpAddress;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;
import org.postroad.api.QueuedMail;
import org.postroad.api.QueuedMail.State;
import org.postroad.provider.internal.dsn.MessageId;
import org.postroad.provider.internal.message.MessageFacts;
import org.postroad.provider.internal.smtp.Envelope;
import org.postroad.provider.internal.smtp.Envelope.Notify;

/**
 * The tables of messages, recipients, deliveries and attempts. Each method runs within the caller's transaction, so that related changes
 * become visible together. Stateless.
 */
final class QueueRows {

    /** Maximum length of a stored report, in characters. */
    static final int MAX_REPORT = 16_000;

    /** Number of deliveries that {@link #makeDue} processes per statement. */
    static final int DUE_BATCH = 1000;

    /** Replaces NUL and unpaired surrogates. */
    private static final char REPLACEMENT = '\ufffd';

    private QueueRows() {}

    /** Stores a message, its content, and a delivery for each domain, due immediately. */
    static void add(
            Connection connection,
            QueuedMessage message,
            ContentRows.ContentSource content,
            List<Envelope.Recipient> recipients)
            throws SQLException {
        MessageFacts facts = message.facts();
        Sql.update(
                connection,
                "INSERT INTO postroad_message (id, queued_at, expires_at, sender, returned, envelope_id, tls, header_id, subject, size,"
                        + " eight_bit, utf8_header, longest_line, nul, dkim) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                message.id(),
                message.queuedAt().toEpochMilli(),
                message.expiresAt().toEpochMilli(),
                message.sender(),
                message.returned(),
                message.envelopeId(),
                message.tls(),
                message.labels().messageId().map(MessageId::text),
                message.labels().subject(),
                facts.size(),
                facts.has8bitBody(),
                facts.hasNonAsciiHeader(),
                facts.longestLine(),
                facts.hasNul(),
                facts.hasDkimSignature());
        ContentRows.add(connection, message.id(), content);
        int position = 0;
        for (Envelope.Recipient recipient : recipients) {
            Sql.update(
                    connection,
                    "INSERT INTO postroad_recipient (message_id, position, domain, mailbox, notify, original) VALUES (?, ?, ?, ?, ?, ?)",
                    message.id(),
                    position++,
                    recipient.mailbox().domain(),
                    recipient.mailbox(),
                    words(recipient.reports()),
                    recipient.original());
        }
        for (Domain domain : domains(recipients)) {
            Sql.update(
                    connection,
                    "INSERT INTO postroad_delivery (message_id, domain, state, due_at, attempts, in_doubt, warned, hint)"
                            + " VALUES (?, ?, ?, ?, 0, 0, 0, NULL)",
                    message.id(),
                    domain,
                    State.OPEN,
                    message.queuedAt().toEpochMilli());
        }
    }

    private static Set<Domain> domains(List<Envelope.Recipient> recipients) {
        return recipients.stream()
                .map(recipient -> recipient.mailbox().domain())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Returns up to {@code limit} messages that are due to the domain, in the order of their due times. */
    static List<String> due(Connection connection, Domain domain, Window now, int limit) throws SQLException {
        return Sql.query(
                connection,
                "SELECT message_id FROM postroad_delivery WHERE domain = ? AND state = ? AND (due_at <= ? OR due_at > ?)"
                        + " ORDER BY due_at, message_id LIMIT ?",
                row -> row.getString(1),
                domain,
                State.OPEN,
                now.at().toEpochMilli(),
                now.horizon().toEpochMilli(),
                limit);
    }

    /**
     * The range of due times that count as due now.
     *
     * @param at now
     * @param horizon a due time later than this was written by a clock that was ahead, and counts as due
     */
    record Window(Instant at, Instant horizon) {}

    /** Marks a delivery as in progress. Empty if it is no longer waiting. */
    static Optional<QueuedDelivery> begin(Connection connection, String message, Domain domain, Instant now)
            throws SQLException {
        int changed = Sql.update(
                connection,
                "UPDATE postroad_delivery SET state = ?, attempts = attempts + 1 WHERE message_id = ? AND domain = ? AND state = ?",
                State.TRYING,
                message,
                domain,
                State.OPEN);
        if (changed == 0) {
            return Optional.empty();
        }
        DeliveryRows.FoundDeliveries found =
                DeliveryRows.find(connection, "WHERE d.message_id = ? AND d.domain = ?", message, domain);
        for (DeliveryRows.DamagedDelivery damaged : found.damaged()) {
            setAside(connection, damaged, now);
            return Optional.empty();
        }
        QueuedDelivery begun = found.readable().get(0);
        if (begun.recipients().isEmpty()) { // another process had it, too, and delivered to all of them
            endWhole(connection, begun, List.of(), List.of(), now);
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
    static boolean isClaimed(Connection connection, QueuedDelivery begun) throws SQLException {
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
     * @param delivered the recipients that received the message
     * @param settled the recipients that are final: delivered or given up
     * @param next what happens to the other recipients
     * @param report human-readable
     */
    record AttemptEnd(Collection<Mailbox> delivered, Collection<Mailbox> settled, Rescheduling next, String report) {}

    /**
     * The new state of a delivery with pending recipients.
     *
     * @param state OPEN or HELD
     * @param dueAt when it is tried again
     * @param inDoubt whether the message may have arrived
     * @param warned whether the sender was notified of the delay
     * @param hint the address that the next attempt begins with
     */
    record Rescheduling(State state, Instant dueAt, boolean inDoubt, boolean warned, Optional<IpAddress> hint) {}

    /** The result of recording the end of an attempt. */
    enum EndResult {
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
     * @param news the resulting notices to the sender
     */
    static EndResult end(
            Connection connection, QueuedDelivery delivery, AttemptEnd ending, List<PendingNotice> news, Instant now)
            throws SQLException {
        String message = delivery.message().id();
        String domain = delivery.domain().toString();
        EndResult ended = ending.settled().size() == delivery.recipients().size()
                ? endWhole(connection, delivery, ending.delivered(), news, now)
                : endPart(connection, delivery, ending, news, now);
        if (ended == EndResult.MESSAGE_REMAINS) {
            Sql.update(
                    connection,
                    "UPDATE postroad_attempt SET ended_at = ?, report = ? WHERE message_id = ? AND domain = ? AND attempt = ?",
                    now.toEpochMilli(),
                    storable(ending.report()),
                    message,
                    domain,
                    delivery.attempts());
        }
        return ended;
    }

    private static EndResult endWhole(
            Connection connection,
            QueuedDelivery delivery,
            Collection<Mailbox> delivered,
            List<PendingNotice> news,
            Instant now)
            throws SQLException {
        String message = delivery.message().id();
        lock(connection, message);
        int ended = Sql.update(
                connection,
                "DELETE FROM postroad_delivery WHERE message_id = ? AND domain = ? AND state = ? AND attempts = ?",
                message,
                delivery.domain(),
                State.TRYING,
                delivery.attempts());
        if (ended == 0) {
            return takenOver(connection, delivery, delivered);
        }
        PendingNoticeRows.add(connection, message, news, now);
        if (removeIfDone(connection, message)) {
            return EndResult.MESSAGE_DELETED;
        }
        settle(connection, delivery, delivery.mailboxes());
        return EndResult.MESSAGE_REMAINS;
    }

    /**
     * Locks a message until the transaction ends. Without this, neither of two transactions that end the last two deliveries of a message
     * would see the other's change, and the message would stay.
     */
    static void lock(Connection connection, String message) throws SQLException {
        Sql.update(connection, "UPDATE postroad_message SET size = size WHERE id = ?", message);
    }

    /** Deletes a message without deliveries and pending notices. Returns whether it was deleted. */
    static boolean removeIfDone(Connection connection, String message) throws SQLException {
        return Sql.update(
                        connection,
                        "DELETE FROM postroad_message WHERE id = ? AND NOT EXISTS (SELECT 1 FROM postroad_delivery WHERE message_id = ?)"
                                + " AND NOT EXISTS (SELECT 1 FROM postroad_news WHERE message_id = ?)",
                        message,
                        message,
                        message)
                == 1;
    }

    private static EndResult endPart(
            Connection connection, QueuedDelivery delivery, AttemptEnd ending, List<PendingNotice> news, Instant now)
            throws SQLException {
        Rescheduling next = ending.next();
        boolean ours = Sql.update(
                        connection,
                        "UPDATE postroad_delivery SET state = ?, due_at = ?, in_doubt = ?, warned = ?, hint = ?"
                                + " WHERE message_id = ? AND domain = ? AND state = ? AND attempts = ?",
                        next.state(),
                        next.dueAt().toEpochMilli(),
                        next.inDoubt(),
                        next.warned(),
                        next.hint(),
                        delivery.message().id(),
                        delivery.domain(),
                        State.TRYING,
                        delivery.attempts())
                == 1;
        if (!ours) {
            lock(connection, delivery.message().id());
            return takenOver(connection, delivery, ending.delivered());
        }
        settle(connection, delivery, ending.settled());
        PendingNoticeRows.add(connection, delivery.message().id(), news, now);
        return EndResult.MESSAGE_REMAINS;
    }

    /**
     * Handles an attempt whose delivery another process took over because it considered this one dead. Recipients that received the message
     * do not get it again. If no recipient is left and no other attempt is in progress, the delivery is deleted, even if it is held because
     * of the doubt.
     */
    private static EndResult takenOver(Connection connection, QueuedDelivery delivery, Collection<Mailbox> delivered)
            throws SQLException {
        String message = delivery.message().id();
        settle(connection, delivery, delivered);
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
            removeIfDone(connection, message);
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

    /** Cuts a report to the stored length, and replaces characters that some databases refuse: the end of an attempt must be recorded. */
    static String storable(String report) {
        String cut = report.length() <= MAX_REPORT ? report : report.substring(0, MAX_REPORT - 1) + "\u2026";
        return cut.codePoints()
                .map(point -> point == 0 || Character.getType(point) == Character.SURROGATE ? REPLACEMENT : point)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** Returns up to {@code limit} messages to the domain that expired, or whose senders must be notified of the delay. */
    static List<String> overdue(Connection connection, Domain domain, OverdueBy late, int limit) throws SQLException {
        return Sql.query(
                connection,
                "SELECT d.message_id FROM postroad_delivery d JOIN postroad_message m ON m.id = d.message_id"
                        + " WHERE d.domain = ? AND d.state = ? AND (m.expires_at <= ? OR (d.warned = 0 AND m.queued_at <= ?)) LIMIT ?",
                row -> row.getString(1),
                domain,
                State.OPEN,
                late.now().toEpochMilli(),
                late.queuedBefore().map(Instant::toEpochMilli).orElse(-1L),
                limit);
    }

    /**
     * Which messages are late.
     *
     * @param now a message that expires until this time is late
     * @param queuedBefore so is a message queued until this time without a delay notice so far; empty: delay does not matter
     */
    record OverdueBy(Instant now, Optional<Instant> queuedBefore) {}

    /** Returns the latest attempts at a delivery that have ended, up to {@code limit}, in ascending order. */
    static List<QueuedMail.PastAttempt> history(Connection connection, String message, Domain domain, int limit)
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
    static List<QueuedDelivery> interruptedByCrash(Connection connection, Domain domain) throws SQLException {
        return DeliveryRows.read(connection, "WHERE d.domain = ? AND d.state = ?", domain, State.TRYING);
    }

    /** Returns the same deliveries, and those that cannot be read. */
    static DeliveryRows.FoundDeliveries findInterruptedByCrash(Connection connection, Domain domain)
            throws SQLException {
        return DeliveryRows.find(connection, "WHERE d.domain = ? AND d.state = ?", domain, State.TRYING);
    }

    /** Holds a delivery that cannot be read for the operator. Other deliveries are not affected. */
    static void setAside(Connection connection, DeliveryRows.DamagedDelivery damaged, Instant now) throws SQLException {
        int changed = Sql.update(
                connection,
                "UPDATE postroad_delivery SET state = ?, attempts = attempts + 1 WHERE message_id = ? AND domain = ? AND state <> ?",
                State.HELD,
                damaged.message(),
                damaged.domain(),
                State.HELD);
        if (changed == 1) {
            Sql.update(
                    connection,
                    "INSERT INTO postroad_attempt (message_id, domain, attempt, started_at, ended_at, report)"
                            + " SELECT message_id, domain, attempts, ?, ?, ? FROM postroad_delivery WHERE message_id = ? AND domain = ?",
                    now.toEpochMilli(),
                    now.toEpochMilli(),
                    storable("Set aside, because " + damaged.reason()),
                    damaged.message(),
                    damaged.domain());
            System.getLogger(QueueRows.class.getName())
                    .log(
                            System.Logger.Level.ERROR,
                            "The delivery of the message " + damaged.message() + " to "
                                    + Printable.quote(damaged.domain())
                                    + " is set aside until it is released or removed, because "
                                    + damaged.reason());
        }
    }

    /** Holds up to {@code limit} deliveries to a domain whose name cannot be read. */
    static void setAside(Connection connection, String domain, Instant now, int limit) throws SQLException {
        List<String> messages = Sql.query(
                connection,
                "SELECT message_id FROM postroad_delivery WHERE domain = ? AND state <> ? LIMIT ?",
                row -> row.getString(1),
                domain,
                State.HELD,
                limit);
        for (String message : messages) {
            setAside(connection, new DeliveryRows.DamagedDelivery(message, domain, "its domain cannot be read"), now);
        }
    }

    /** Deletes a delivery that cannot be read. Returns false if it does not exist or is in progress. */
    static boolean discard(Connection connection, String message, String domain) throws SQLException {
        int discarded = Sql.update(
                connection,
                "DELETE FROM postroad_delivery WHERE message_id = ? AND domain = ? AND state <> ?",
                message,
                domain,
                State.TRYING);
        if (discarded == 1) {
            Sql.update(
                    connection, "DELETE FROM postroad_recipient WHERE message_id = ? AND domain = ?", message, domain);
        }
        return discarded == 1;
    }

    /** Returns the earliest due time of the deliveries to the domain; empty if none is waiting. */
    static Optional<Instant> nextDue(Connection connection, Domain domain) throws SQLException {
        return Sql.query(
                        connection,
                        "SELECT due_at FROM postroad_delivery WHERE domain = ? AND state = ? ORDER BY due_at LIMIT 1",
                        row -> Instant.ofEpochMilli(row.getLong(1)),
                        domain,
                        State.OPEN)
                .stream()
                .findFirst();
    }

    /**
     * Returns up to {@code limit} domains with a delivery that is due, or that is marked as in progress and may be left over from a dead
     * process. Paused domains and those backing off are not included.
     */
    static List<Domain> waiting(Connection connection, Window now, int limit) throws SQLException {
        return waitingNames(connection, now, limit).stream()
                .flatMap(name -> DeliveryRows.domain(name).stream())
                .toList();
    }

    /** Returns the same domains as stored in their rows. */
    static List<String> waitingNames(Connection connection, Window now, int limit) throws SQLException {
        return Sql.query(
                connection,
                "SELECT DISTINCT d.domain FROM postroad_delivery d WHERE ((d.state = ? AND (d.due_at <= ? OR d.due_at > ?)) OR d.state = ?)"
                        + " AND NOT EXISTS (SELECT 1 FROM postroad_destination t WHERE t.domain = d.domain"
                        + " AND (t.paused = 1 OR (t.retry_at > ? AND t.retry_at <= ?))) LIMIT ?",
                row -> row.getString(1),
                State.OPEN,
                now.at().toEpochMilli(),
                now.horizon().toEpochMilli(),
                State.TRYING,
                now.at().toEpochMilli(),
                now.horizon().toEpochMilli(),
                limit);
    }

    /**
     * Makes the next {@link #DUE_BATCH} deliveries to the domain due now, and those with the same due time as the last of them. Returns whether
     * there may be more.
     */
    static boolean makeDue(Connection connection, Domain domain, Instant now) throws SQLException {
        List<Long> last = Sql.query(
                connection,
                "SELECT due_at FROM postroad_delivery WHERE domain = ? AND state = ? AND due_at > ? ORDER BY due_at LIMIT 1 OFFSET "
                        + (DUE_BATCH - 1),
                row -> row.getLong(1),
                domain,
                State.OPEN,
                now.toEpochMilli());
        Sql.update(
                connection,
                "UPDATE postroad_delivery SET due_at = ? WHERE domain = ? AND state = ? AND due_at > ? AND due_at <= ?",
                now.toEpochMilli(),
                domain,
                State.OPEN,
                now.toEpochMilli(),
                last.isEmpty() ? Long.MAX_VALUE : last.get(0));
        return !last.isEmpty();
    }

    static boolean isEmpty(Connection connection) throws SQLException {
        return !Sql.exists(connection, "SELECT 1 FROM postroad_message LIMIT 1");
    }

    /** Returns whether the message is in the queue. */
    static boolean exists(Connection connection, String message) throws SQLException {
        return Sql.exists(connection, "SELECT 1 FROM postroad_message WHERE id = ?", message);
    }

    /** Returns the number of messages. */
    static long size(Connection connection) throws SQLException {
        return Sql.query(connection, "SELECT COUNT(*) FROM postroad_message", row -> row.getLong(1))
                .get(0);
    }

    private static String words(Set<Notify> wishes) {
        return wishes.stream().sorted().map(Enum::name).collect(Collectors.joining(","));
    }
}
