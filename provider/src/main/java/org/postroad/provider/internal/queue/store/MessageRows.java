// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.postroad.api.Domain;
import org.postroad.api.QueueOptions;
import org.postroad.api.QueuedMail.State;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.envelope.MessageId;
import org.postroad.provider.internal.envelope.Notify;
import org.postroad.provider.internal.message.MessageFacts;

/**
 * Stores messages with their recipients and deliveries. Each method runs within the caller's transaction. Stateless.
 */
public final class MessageRows {

    private MessageRows() {}

    /** Stores a message, its content, and a delivery for each domain. */
    public static void add(
            Connection connection,
            QueuedMessage message,
            ContentRows.ContentSource content,
            List<Envelope.Recipient> recipients,
            QueueOptions options)
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
                    words(recipient.notifyOn()),
                    recipient.original());
        }
        Optional<Instant> later = options.sendAt().filter(message.queuedAt()::isBefore);
        for (Domain domain : domains(recipients)) {
            Sql.update(
                    connection,
                    "INSERT INTO postroad_delivery (message_id, domain, state, due_at, attempts, in_doubt, warned, hint, priority, not_before)"
                            + " VALUES (?, ?, ?, ?, 0, 0, 0, NULL, ?, ?)",
                    message.id(),
                    domain,
                    later.isPresent() ? State.FUTURE : State.OPEN,
                    later.orElse(message.queuedAt()).toEpochMilli(),
                    options.priority().ordinal(),
                    later.map(Instant::toEpochMilli).orElse(0L));
        }
    }

    private static Set<Domain> domains(List<Envelope.Recipient> recipients) {
        return recipients.stream()
                .map(recipient -> recipient.mailbox().domain())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /**
     * Locks a message until the transaction ends. Without this, neither of two transactions that end the last two deliveries of a message
     * would see the other's change, and the message would stay.
     */
    static void lock(Connection connection, String message) throws SQLException {
        Sql.update(connection, "UPDATE postroad_message SET size = size WHERE id = ?", message);
    }

    /** Deletes a message without deliveries and pending notices. Returns whether it was deleted. */
    public static boolean removeIfDone(Connection connection, String message) throws SQLException {
        return Sql.update(
                        connection,
                        "DELETE FROM postroad_message WHERE id = ? AND NOT EXISTS (SELECT 1 FROM postroad_delivery WHERE message_id = ?)"
                                + " AND NOT EXISTS (SELECT 1 FROM postroad_news WHERE message_id = ?)",
                        message,
                        message,
                        message)
                == 1;
    }

    public static boolean isEmpty(Connection connection) throws SQLException {
        return !Sql.exists(connection, "SELECT 1 FROM postroad_message LIMIT 1");
    }

    /** Returns whether the message is in the queue. */
    public static boolean exists(Connection connection, String message) throws SQLException {
        return Sql.exists(connection, "SELECT 1 FROM postroad_message WHERE id = ?", message);
    }

    /** Returns when a message was queued; empty if it is not in the queue. */
    static Optional<Instant> queuedAt(Connection connection, String message) throws SQLException {
        return number(connection, "queued_at", message).map(Instant::ofEpochMilli);
    }

    /** Returns the number of octets of a message's content; empty if it is not in the queue. */
    public static Optional<Long> contentSize(Connection connection, String message) throws SQLException {
        return number(connection, "size", message);
    }

    private static Optional<Long> number(Connection connection, String column, String message) throws SQLException {
        return Sql.query(
                        connection,
                        "SELECT " + column + " FROM postroad_message WHERE id = ?",
                        row -> row.getLong(1),
                        message)
                .stream()
                .findFirst();
    }

    /** Returns whether the message has a delivery. */
    public static boolean hasDelivery(Connection connection, String message) throws SQLException {
        return Sql.exists(connection, "SELECT 1 FROM postroad_delivery WHERE message_id = ? LIMIT 1", message);
    }

    /** Returns the number of messages. */
    public static long size(Connection connection) throws SQLException {
        return Sql.query(connection, "SELECT COUNT(*) FROM postroad_message", row -> row.getLong(1))
                .get(0);
    }

    /** Sets a new expiry time. Returns whether the message exists. */
    public static boolean expire(Connection connection, String message, Instant at) throws SQLException {
        return Sql.update(
                        connection,
                        "UPDATE postroad_message SET expires_at = ? WHERE id = ?",
                        at.toEpochMilli(),
                        message)
                == 1;
    }

    private static String words(Set<Notify> notify) {
        return notify.stream().sorted().map(Enum::name).collect(Collectors.joining(","));
    }
}
