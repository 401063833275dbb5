// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.postroad.api.Domain;
import org.postroad.api.IpAddress;
import org.postroad.api.Mailbox;
import org.postroad.provider.internal.message.MessageFacts;
import org.postroad.provider.internal.queue.QueuedDelivery.State;
import org.postroad.provider.internal.smtp.Envelope;
import org.postroad.provider.internal.smtp.Envelope.Notify;
import org.postroad.provider.internal.smtp.Envelope.Returned;

/**
 * The queue in its tables. Each method works within the caller's transaction: what belongs together is done with one connection and
 * becomes true at once. Without state.
 */
final class QueueStore {

    /** Octets of a message in one row. */
    static final int PART = 1 << 19;

    private static final String DELIVERY =
            "SELECT m.id, m.queued_at, m.expires_at, m.sender, m.returned, m.envelope_id, m.size,"
                    + " m.eight_bit, m.utf8_header, m.longest_line, m.nul, m.dkim,"
                    + " d.domain, d.state, d.due_at, d.attempts, d.in_doubt, d.warned, d.hint"
                    + " FROM postroad_delivery d JOIN postroad_message m ON m.id = d.message_id ";

    private QueueStore() {}

    /** Where the octets of a message come from; whoever opens it closes it. */
    @FunctionalInterface
    interface Content {
        InputStream open() throws IOException;
    }

    /** A message, its octets, and a delivery for each domain, due at once. */
    static void add(Connection connection, QueuedMessage message, Content content, List<Envelope.Recipient> recipients)
            throws SQLException {
        MessageFacts facts = message.facts();
        Sql.update(
                connection,
                "INSERT INTO postroad_message (id, queued_at, expires_at, sender, returned, envelope_id, size, eight_bit, utf8_header,"
                        + " longest_line, nul, dkim) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                message.id(),
                message.queuedAt().toEpochMilli(),
                message.expiresAt().toEpochMilli(),
                message.sender(),
                message.returned(),
                message.envelopeId(),
                facts.size(),
                facts.has8bitBody(),
                facts.hasNonAsciiHeader(),
                facts.longestLine(),
                facts.hasNul(),
                facts.hasDkimSignature());
        addContent(connection, message.id(), content);
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

    private static void addContent(Connection connection, String message, Content content) throws SQLException {
        try (InputStream in = content.open();
                PreparedStatement statement = connection.prepareStatement(
                        "INSERT INTO postroad_content (message_id, part, octets) VALUES (?, ?, ?)")) {
            int part = 0;
            for (byte[] octets = in.readNBytes(PART); octets.length > 0; octets = in.readNBytes(PART)) {
                statement.setString(1, message);
                statement.setInt(2, part++);
                statement.setBytes(3, octets);
                statement.executeUpdate();
            }
        } catch (IOException e) {
            throw new SQLException("The message could not be read from its spool: " + e.getMessage(), e);
        }
    }

    /** Writes the octets of a message, part by part. */
    static void writeContent(Connection connection, String message, OutputStream out) throws SQLException, IOException {
        for (int part = 0; ; part++) {
            List<byte[]> octets = Sql.query(
                    connection,
                    "SELECT octets FROM postroad_content WHERE message_id = ? AND part = ?",
                    row -> row.getBytes(1),
                    message,
                    part);
            if (octets.isEmpty()) {
                return;
            }
            out.write(octets.get(0));
        }
    }

    /** Begins an attempt at each of the deliveries to the domain that are due, the longest due first, at most so many. */
    static List<QueuedDelivery> claim(Connection connection, Domain domain, int limit, Instant now)
            throws SQLException {
        List<QueuedDelivery> due = deliveries(
                connection,
                "WHERE d.domain = ? AND d.state = ? AND d.due_at <= ? ORDER BY d.due_at, d.message_id LIMIT ?",
                domain,
                State.OPEN,
                now.toEpochMilli(),
                limit);
        List<QueuedDelivery> claimed = new ArrayList<>();
        for (QueuedDelivery delivery : due) {
            int changed = Sql.update(
                    connection,
                    "UPDATE postroad_delivery SET state = ?, attempts = attempts + 1 WHERE message_id = ? AND domain = ? AND state = ?",
                    State.TRYING,
                    delivery.message().id(),
                    domain,
                    State.OPEN);
            if (changed == 1) {
                QueuedDelivery begun = delivery.begun();
                Sql.update(
                        connection,
                        "INSERT INTO postroad_attempt (message_id, domain, attempt, started_at) VALUES (?, ?, ?, ?)",
                        begun.message().id(),
                        domain,
                        begun.attempts(),
                        now.toEpochMilli());
                claimed.add(begun);
            }
        }
        return claimed;
    }

    /**
     * How an attempt ended.
     *
     * @param settled who is done with: delivered, or given up
     * @param next what becomes of the others
     * @param report for people
     */
    record Ending(Collection<Mailbox> settled, Next next, String report) {}

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

    /** Ends the attempt at a delivery; the last one of a message takes the message along. */
    static void end(Connection connection, QueuedDelivery delivery, Ending ending, Instant now) throws SQLException {
        String message = delivery.message().id();
        String domain = delivery.domain().toString();
        Sql.update(
                connection,
                "UPDATE postroad_attempt SET ended_at = ?, report = ? WHERE message_id = ? AND domain = ? AND attempt = ?",
                now.toEpochMilli(),
                ending.report(),
                message,
                domain,
                delivery.attempts());
        for (Mailbox mailbox : ending.settled()) {
            Sql.update(
                    connection,
                    "DELETE FROM postroad_recipient WHERE message_id = ? AND domain = ? AND mailbox = ?",
                    message,
                    domain,
                    mailbox);
        }
        if (ending.settled().size() < delivery.recipients().size()) {
            Next next = ending.next();
            Sql.update(
                    connection,
                    "UPDATE postroad_delivery SET state = ?, due_at = ?, in_doubt = ?, warned = ?, hint = ?"
                            + " WHERE message_id = ? AND domain = ?",
                    next.state(),
                    next.dueAt().toEpochMilli(),
                    next.inDoubt(),
                    next.warned(),
                    next.hint(),
                    message,
                    domain);
            return;
        }
        Sql.update(connection, "DELETE FROM postroad_delivery WHERE message_id = ? AND domain = ?", message, domain);
        Sql.update(
                connection,
                "DELETE FROM postroad_message WHERE id = ? AND NOT EXISTS (SELECT 1 FROM postroad_delivery WHERE message_id = ?)",
                message,
                message);
    }

    /** Those to the domain that were under way when their process died: each may have delivered (TRY-05). */
    static List<QueuedDelivery> cutOff(Connection connection, Domain domain) throws SQLException {
        return deliveries(connection, "WHERE d.domain = ? AND d.state = ?", domain, State.TRYING);
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

    /** The domains to which something is due or was cut off, at most so many. */
    static List<Domain> waiting(Connection connection, Instant now, int limit) throws SQLException {
        return Sql.query(
                connection,
                "SELECT DISTINCT domain FROM postroad_delivery WHERE (state = ? AND due_at <= ?) OR state = ? LIMIT ?",
                row -> Domain.parse(row.getString(1)),
                State.OPEN,
                now.toEpochMilli(),
                State.TRYING,
                limit);
    }

    /** How many messages there are. */
    static long size(Connection connection) throws SQLException {
        return Sql.query(connection, "SELECT COUNT(*) FROM postroad_message", row -> row.getLong(1))
                .get(0);
    }

    private static List<QueuedDelivery> deliveries(Connection connection, String where, Object... parameters)
            throws SQLException {
        List<QueuedDelivery> withoutRecipients =
                Sql.query(connection, DELIVERY + where, QueueStore::delivery, parameters);
        List<QueuedDelivery> deliveries = new ArrayList<>();
        for (QueuedDelivery delivery : withoutRecipients) {
            List<Envelope.Recipient> recipients = Sql.query(
                    connection,
                    "SELECT mailbox, notify, original FROM postroad_recipient WHERE message_id = ? AND domain = ? ORDER BY position",
                    QueueStore::recipient,
                    delivery.message().id(),
                    delivery.domain());
            deliveries.add(delivery.to(recipients));
        }
        return deliveries;
    }

    private static QueuedDelivery delivery(ResultSet row) throws SQLException {
        MessageFacts facts = new MessageFacts(
                row.getLong("size"),
                row.getInt("eight_bit") == 1,
                row.getInt("utf8_header") == 1,
                row.getLong("longest_line"),
                row.getInt("nul") == 1,
                row.getInt("dkim") == 1);
        QueuedMessage message = new QueuedMessage(
                row.getString("id"),
                Instant.ofEpochMilli(row.getLong("queued_at")),
                Instant.ofEpochMilli(row.getLong("expires_at")),
                Optional.ofNullable(row.getString("sender")).map(Mailbox::parse),
                Optional.ofNullable(row.getString("returned")).map(Returned::valueOf),
                Optional.ofNullable(row.getString("envelope_id")),
                facts);
        return new QueuedDelivery(
                message,
                Domain.parse(row.getString("domain")),
                State.valueOf(row.getString("state")),
                Instant.ofEpochMilli(row.getLong("due_at")),
                row.getInt("attempts"),
                row.getInt("in_doubt") == 1,
                row.getInt("warned") == 1,
                Optional.ofNullable(row.getString("hint")).map(IpAddress::parse),
                List.of());
    }

    private static Envelope.Recipient recipient(ResultSet row) throws SQLException {
        String notify = row.getString("notify");
        Set<Notify> wishes = Arrays.stream(notify.split(","))
                .filter(word -> !word.isEmpty())
                .map(Notify::valueOf)
                .collect(Collectors.toSet());
        return new Envelope.Recipient(
                Mailbox.parse(row.getString("mailbox")),
                wishes,
                Optional.ofNullable(row.getString("original")).map(Mailbox::parse));
    }

    private static String words(Set<Notify> wishes) {
        return wishes.stream().sorted().map(Enum::name).collect(Collectors.joining(","));
    }
}
