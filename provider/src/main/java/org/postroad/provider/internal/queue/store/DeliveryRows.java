// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.postroad.api.Domain;
import org.postroad.api.IpAddress;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;
import org.postroad.api.Priority;
import org.postroad.api.QueuedMail.State;
import org.postroad.api.TlsDemand;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.envelope.MessageId;
import org.postroad.provider.internal.envelope.Notify;
import org.postroad.provider.internal.envelope.Returned;
import org.postroad.provider.internal.message.MessageFacts;

/**
 * Reads deliveries from their tables. A row that cannot be read, because it was damaged or written by another version, does not
 * prevent the others from being read.
 */
public final class DeliveryRows {

    private static final String MESSAGE =
            "SELECT m.id, m.queued_at, m.expires_at, m.sender, m.returned, m.envelope_id, m.tls, m.header_id, m.subject, m.size,"
                    + " m.eight_bit, m.utf8_header, m.longest_line, m.nul, m.dkim";

    private static final String DELIVERY = MESSAGE
            + ", d.domain, d.state, d.due_at, d.attempts, d.in_doubt, d.warned, d.hint, d.priority, d.not_before"
            + " FROM postroad_delivery d JOIN postroad_message m ON m.id = d.message_id ";

    private DeliveryRows() {}

    /**
     * Result of a search.
     *
     * @param readable the deliveries that could be read
     * @param damaged those that could not
     */
    public record FoundDeliveries(List<QueuedDelivery> readable, List<DamagedDelivery> damaged) {}

    /**
     * A delivery that cannot be read.
     *
     * @param message the id of its message
     * @param domain as stored in the row
     * @param reason human-readable
     */
    public record DamagedDelivery(String message, String domain, String reason) {}

    /** Returns the readable deliveries that meet the condition. */
    public static List<QueuedDelivery> read(Connection connection, String where, Object... parameters)
            throws SQLException {
        return find(connection, where, parameters).readable();
    }

    /** Returns the deliveries that meet the condition, in which {@code m} is the message and {@code d} the delivery. */
    public static FoundDeliveries find(Connection connection, String where, Object... parameters) throws SQLException {
        FoundDeliveries found = new FoundDeliveries(new ArrayList<>(), new ArrayList<>());
        List<Optional<QueuedDelivery>> withoutRecipients = Sql.query(
                connection,
                DELIVERY + where,
                row -> {
                    try {
                        return Optional.of(delivery(row));
                    } catch (RuntimeException e) {
                        found.damaged.add(new DamagedDelivery(row.getString("id"), row.getString("domain"), reason(e)));
                        return Optional.empty();
                    }
                },
                parameters);
        for (Optional<QueuedDelivery> one : withoutRecipients) {
            if (one.isPresent()) {
                addRecipients(connection, one.get(), found);
            }
        }
        return found;
    }

    private static void addRecipients(Connection connection, QueuedDelivery delivery, FoundDeliveries found)
            throws SQLException {
        String message = delivery.message().id();
        try {
            found.readable.add(delivery.to(Sql.query(
                    connection,
                    "SELECT mailbox, notify, original FROM postroad_recipient WHERE message_id = ? AND domain = ? ORDER BY position",
                    DeliveryRows::recipient,
                    message,
                    delivery.domain())));
        } catch (RuntimeException e) {
            found.damaged.add(new DamagedDelivery(message, delivery.domain().toString(), reason(e)));
        }
    }

    /** Describes why a row cannot be read. */
    static String reason(RuntimeException e) {
        return "its row cannot be read: " + Printable.describe(e);
    }

    /** Parses a domain as stored in a row; empty if it is not valid. */
    public static Optional<Domain> domain(String text) {
        try {
            return Optional.of(Domain.parse(text));
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    /** Returns a message, whether or not a delivery of it is pending. */
    public static Optional<QueuedMessage> message(Connection connection, String id) throws SQLException {
        return Sql.query(connection, MESSAGE + " FROM postroad_message m WHERE m.id = ?", DeliveryRows::message, id)
                .stream()
                .findFirst();
    }

    private static QueuedMessage message(ResultSet row) throws SQLException {
        MessageFacts facts = new MessageFacts(
                row.getLong("size"),
                row.getInt("eight_bit") == 1,
                row.getInt("utf8_header") == 1,
                row.getLong("longest_line"),
                row.getInt("nul") == 1,
                row.getInt("dkim") == 1);
        return new QueuedMessage(
                row.getString("id"),
                Instant.ofEpochMilli(row.getLong("queued_at")),
                Instant.ofEpochMilli(row.getLong("expires_at")),
                Optional.ofNullable(row.getString("sender")).map(Mailbox::parse),
                Optional.ofNullable(row.getString("returned")).map(Returned::valueOf),
                Optional.ofNullable(row.getString("envelope_id")),
                TlsDemand.valueOf(row.getString("tls")),
                new QueuedMessage.Labels(
                        Optional.ofNullable(row.getString("header_id")).map(MessageId::new),
                        Optional.ofNullable(row.getString("subject"))),
                facts);
    }

    private static QueuedDelivery delivery(ResultSet row) throws SQLException {
        QueuedMessage message = message(row);
        Instant notBefore = Instant.ofEpochMilli(row.getLong("not_before"));
        return new QueuedDelivery(
                message,
                Domain.parse(row.getString("domain")),
                State.valueOf(row.getString("state")),
                Instant.ofEpochMilli(row.getLong("due_at")),
                row.getInt("attempts"),
                row.getInt("in_doubt") == 1,
                row.getInt("warned") == 1,
                Optional.ofNullable(row.getString("hint")).map(IpAddress::parse),
                priority(row.getInt("priority")),
                notBefore.isAfter(message.queuedAt()) ? notBefore : message.queuedAt(),
                List.of());
    }

    /** A number without a priority is no reason not to deliver. */
    private static Priority priority(int number) {
        Priority[] all = Priority.values();
        return number >= 0 && number < all.length ? all[number] : Priority.NORMAL;
    }

    private static Envelope.Recipient recipient(ResultSet row) throws SQLException {
        String notify = row.getString("notify");
        Set<Notify> requested = Arrays.stream(notify.split(","))
                .filter(word -> !word.isEmpty())
                .map(Notify::valueOf)
                .collect(Collectors.toSet());
        return new Envelope.Recipient(
                Mailbox.parse(row.getString("mailbox")),
                requested,
                Optional.ofNullable(row.getString("original")).map(Mailbox::parse));
    }
}
