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
 * The queue in its tables. Each method works within the caller's transaction: what belongs together is done with one connection and
 * becomes true at once. Without state.
 */
final class QueueStore {

    /** Characters of a report that are kept. */
    static final int MAX_REPORT = 16_000;

    /** Deliveries that are made due in one statement. */
    static final int SLICE = 1000;

    /** For what is no character. */
    private static final char REPLACEMENT = '\ufffd';

    private QueueStore() {}

    /** A message, its octets, and a delivery for each domain, due at once. */
    static void add(
            Connection connection,
            QueuedMessage message,
            ContentRows.Source content,
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

    /** The messages that are due to the domain, the longest due first, at most so many. */
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
     * Which deliveries are due now.
     *
     * @param at now
     * @param horizon what is due later than that was written by a clock that was ahead, and is due, too
     */
    record Window(Instant at, Instant horizon) {}

    /** Begins an attempt at a delivery; empty: it does not wait for one any more. */
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
        DeliveryRows.Found found =
                DeliveryRows.find(connection, "WHERE d.message_id = ? AND d.domain = ?", message, domain);
        for (DeliveryRows.Damaged damaged : found.damaged()) {
            setAside(connection, damaged, now);
            return Optional.empty();
        }
        QueuedDelivery begun = found.sound().get(0);
        if (begun.recipients().isEmpty()) { // another process had it, too, and all of them got the message there
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

    /** Whether the attempt that was begun is still the one that is under way. */
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
     * How an attempt ended.
     *
     * @param delivered who got the message
     * @param settled who is done with: those, and who is given up
     * @param next what becomes of the others
     * @param report for people
     */
    record Ending(Collection<Mailbox> delivered, Collection<Mailbox> settled, Next next, String report) {}

    /**
     * What becomes of a delivery that is not done with.
     *
     * @param state OPEN or HELD
     * @param dueAt when it is tried again
     * @param inDoubt whether it may have arrived
     * @param warned whether its sender was told of the delay
     * @param hint the address that the next attempt begins with
     */
    record Next(State state, Instant dueAt, boolean inDoubt, boolean warned, Optional<IpAddress> hint) {}

    /** What became of the end of an attempt. */
    enum Ended {
        /** The message is done with, and gone. */
        LAST,
        /** The message is still there. */
        ONE_OF_SEVERAL,
        /** Another process took over: who got the message is done with, and the rest is its business. */
        OVERTAKEN
    }

    /**
     * Ends the attempt at a delivery; the last one of a message takes the message along, unless its sender is still to be told something.
     *
     * @param news what the sender is to be told of it
     */
    static Ended end(Connection connection, QueuedDelivery delivery, Ending ending, List<News> news, Instant now)
            throws SQLException {
        String message = delivery.message().id();
        String domain = delivery.domain().toString();
        Ended ended = ending.settled().size() == delivery.recipients().size()
                ? endWhole(connection, delivery, ending.delivered(), news, now)
                : endPart(connection, delivery, ending, news, now);
        if (ended == Ended.ONE_OF_SEVERAL) {
            Sql.update(
                    connection,
                    "UPDATE postroad_attempt SET ended_at = ?, report = ? WHERE message_id = ? AND domain = ? AND attempt = ?",
                    now.toEpochMilli(),
                    brief(ending.report()),
                    message,
                    domain,
                    delivery.attempts());
        }
        return ended;
    }

    private static Ended endWhole(
            Connection connection, QueuedDelivery delivery, Collection<Mailbox> delivered, List<News> news, Instant now)
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
            return overtaken(connection, delivery, delivered);
        }
        NewsRows.add(connection, message, news, now);
        if (removeIfDone(connection, message)) {
            return Ended.LAST;
        }
        settle(connection, delivery, delivery.mailboxes());
        return Ended.ONE_OF_SEVERAL;
    }

    /** Of two transactions that each end the last of a message, neither would see that the other one does: the second waits here. */
    static void lock(Connection connection, String message) throws SQLException {
        Sql.update(connection, "UPDATE postroad_message SET size = size WHERE id = ?", message);
    }

    /** Takes a message out of which nothing is to be delivered, and nothing to be told. */
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

    private static Ended endPart(
            Connection connection, QueuedDelivery delivery, Ending ending, List<News> news, Instant now)
            throws SQLException {
        Next next = ending.next();
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
            return overtaken(connection, delivery, ending.delivered());
        }
        settle(connection, delivery, ending.settled());
        NewsRows.add(connection, delivery.message().id(), news, now);
        return Ended.ONE_OF_SEVERAL;
    }

    /**
     * Another process took the delivery for one of a dead process. Who got the message does not get it again; where nobody is left and no
     * other attempt is under way, the delivery is over, though it may be held because of the doubt.
     */
    private static Ended overtaken(Connection connection, QueuedDelivery delivery, Collection<Mailbox> delivered)
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
        return Ended.OVERTAKEN;
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

    /** As much of a report as is kept, without what some database refuses as text: the end of an attempt has to be written. */
    static String brief(String report) {
        String cut = report.length() <= MAX_REPORT ? report : report.substring(0, MAX_REPORT - 1) + "\u2026";
        return cut.codePoints()
                .map(point -> point == 0 || Character.getType(point) == Character.SURROGATE ? REPLACEMENT : point)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** The messages to the domain that expired, or whose senders are to be told that they wait; at most so many. */
    static List<String> late(Connection connection, Domain domain, Late late, int limit) throws SQLException {
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
     * What is late.
     *
     * @param now what expires until then
     * @param queuedBefore what was queued until then; empty: that does not matter
     */
    record Late(Instant now, Optional<Instant> queuedBefore) {}

    /** The attempts at a delivery that are over, the latest ones, at most so many, in order. */
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

    /** Those to the domain that were under way when their process died: each may have delivered (TRY-05). */
    static List<QueuedDelivery> cutOff(Connection connection, Domain domain) throws SQLException {
        return DeliveryRows.read(connection, "WHERE d.domain = ? AND d.state = ?", domain, State.TRYING);
    }

    /** The same, with those that cannot be read. */
    static DeliveryRows.Found findCutOff(Connection connection, Domain domain) throws SQLException {
        return DeliveryRows.find(connection, "WHERE d.domain = ? AND d.state = ?", domain, State.TRYING);
    }

    /** A delivery that cannot be read waits for its operator; the others go on. */
    static void setAside(Connection connection, DeliveryRows.Damaged damaged, Instant now) throws SQLException {
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
                    brief("Set aside, because " + damaged.reason()),
                    damaged.message(),
                    damaged.domain());
            System.getLogger(QueueStore.class.getName())
                    .log(
                            System.Logger.Level.ERROR,
                            "The delivery of the message " + damaged.message() + " to "
                                    + Printable.quote(damaged.domain())
                                    + " is set aside until it is released or dropped, because "
                                    + damaged.reason());
        }
    }

    /** The same for all to a domain that cannot be read, at most so many. */
    static void setAside(Connection connection, String domain, Instant now, int limit) throws SQLException {
        List<String> messages = Sql.query(
                connection,
                "SELECT message_id FROM postroad_delivery WHERE domain = ? AND state <> ? LIMIT ?",
                row -> row.getString(1),
                domain,
                State.HELD,
                limit);
        for (String message : messages) {
            setAside(connection, new DeliveryRows.Damaged(message, domain, "its domain cannot be read"), now);
        }
    }

    /** Takes out a delivery that cannot be read. Whether it was there, and not under way. */
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

    /** When something to the domain is due next; empty: nothing waits. */
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
     * The domains to which something is due, or was under way when its process died; those that are left alone are not among them.
     * At most so many.
     */
    static List<Domain> waiting(Connection connection, Window now, int limit) throws SQLException {
        return waitingNames(connection, now, limit).stream()
                .flatMap(name -> DeliveryRows.domain(name).stream())
                .toList();
    }

    /** The same, as they are in their rows. */
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

    /** Makes deliveries to the domain due now, at most {@link #SLICE} of different times. Returns whether there are more. */
    static boolean makeDue(Connection connection, Domain domain, Instant now) throws SQLException {
        List<Long> last = Sql.query(
                connection,
                "SELECT due_at FROM postroad_delivery WHERE domain = ? AND state = ? AND due_at > ? ORDER BY due_at LIMIT 1 OFFSET "
                        + (SLICE - 1),
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

    /** Whether there is no message. */
    static boolean isEmpty(Connection connection) throws SQLException {
        return !Sql.exists(connection, "SELECT 1 FROM postroad_message LIMIT 1");
    }

    /** Whether the message is in the queue. */
    static boolean exists(Connection connection, String message) throws SQLException {
        return Sql.exists(connection, "SELECT 1 FROM postroad_message WHERE id = ?", message);
    }

    /** How many messages there are. */
    static long size(Connection connection) throws SQLException {
        return Sql.query(connection, "SELECT COUNT(*) FROM postroad_message", row -> row.getLong(1))
                .get(0);
    }

    private static String words(Set<Notify> wishes) {
        return wishes.stream().sorted().map(Enum::name).collect(Collectors.joining(","));
    }
}
