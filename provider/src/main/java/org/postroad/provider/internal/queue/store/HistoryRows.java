// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postroad.api.MailHistory.Fate;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;
import org.postroad.api.RecipientReport;
import org.postroad.api.RecipientReport.DecidedBy;
import org.postroad.api.RemoteMta;
import org.postroad.api.Reply;
import org.postroad.provider.internal.envelope.MessageId;

/**
 * Writes the history: what became of each recipient, without the content. An entry is added with its message and updated with its attempts,
 * within the same transactions, and stays when the message is deleted. Stateless.
 */
public final class HistoryRows {

    /** Maximum length of a stored reason, in characters. */
    static final int MAX_REASON = 500;

    /** Maximum length of the stored ID of a rule, in characters. */
    private static final int MAX_RULE = 40;

    /** Selects recipients that are not settled: the others keep their fate. */
    private static final String PENDING =
            " AND fate IN ('" + Fate.WAITING + "', '" + Fate.DEFERRED + "', '" + Fate.IN_DOUBT + "')";

    private static final String INSERT =
            "INSERT INTO postroad_history (id, queued_at, sender, header_id, subject, size, envelope_id, unique_key)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)";

    private HistoryRows() {}

    /**
     * The result of an attempt for one recipient.
     *
     * @param fate what became of it
     * @param report with the reason
     */
    public record RecipientResult(Fate fate, RecipientReport report) {}

    /** Adds a message without a key. */
    static void add(Connection connection, QueuedMessage message) throws SQLException {
        Sql.update(connection, INSERT, columns(message, Optional.empty()));
    }

    /** Adds a message with a key. Returns false if there is one with the same key; the transaction goes on. */
    static boolean addUnlessKnown(Connection connection, Dialect dialect, QueuedMessage message, String key)
            throws SQLException {
        try {
            return Sql.update(connection, dialect.insertUnlessPresent(INSERT), columns(message, Optional.of(key))) == 1;
        } catch (SQLIntegrityConstraintViolationException known) {
            return false;
        }
    }

    private static Object[] columns(QueuedMessage message, Optional<String> key) {
        return new Object[] {
            message.id(),
            message.queuedAt().toEpochMilli(),
            message.sender(),
            message.labels().messageId().map(MessageId::text),
            message.labels().subject(),
            message.facts().size(),
            message.envelopeId(),
            key
        };
    }

    /** Adds the recipients of a message, which are in the queue already. */
    static void addRecipients(Connection connection, QueuedMessage message) throws SQLException {
        Sql.update(
                connection,
                "INSERT INTO postroad_outcome (message_id, position, domain, mailbox, fate, changed_at, attempts)"
                        + " SELECT message_id, position, domain, mailbox, '" + Fate.WAITING
                        + "', ?, 0 FROM postroad_recipient WHERE message_id = ?",
                message.queuedAt().toEpochMilli(),
                message.id());
    }

    /**
     * The message with a key.
     *
     * @param id its id
     * @param sender as stored
     * @param subject as stored
     * @param recipients as stored
     */
    record KeyedMessage(String id, Optional<String> sender, Optional<String> subject, List<String> recipients) {}

    /**
     * Returns the message that has the key, as committed by whatever transaction.
     *
     * @throws SQLException if it was deleted after {@link #addUnlessKnown}
     */
    static KeyedMessage withKey(Connection connection, Dialect dialect, String key) throws SQLException {
        List<KeyedMessage> found = Sql.query(
                connection,
                "SELECT id, sender, subject FROM postroad_history WHERE unique_key = ?" + dialect.latestRead(),
                row -> new KeyedMessage(
                        row.getString(1),
                        Optional.ofNullable(row.getString(2)),
                        Optional.ofNullable(row.getString(3)),
                        List.of()),
                key);
        if (found.isEmpty()) {
            throw new SQLException("the history of the earlier message with the key " + Printable.quote(key)
                    + " was deleted just now; send again");
        }
        KeyedMessage message = found.get(0);
        List<String> recipients = Sql.query(
                connection,
                "SELECT mailbox FROM postroad_outcome WHERE message_id = ? ORDER BY position" + dialect.latestRead(),
                row -> row.getString(1),
                message.id());
        return new KeyedMessage(message.id(), message.sender(), message.subject(), recipients);
    }

    /** Records the results of an attempt. Takes one statement if they are the same for all recipients of the delivery. */
    static void addResults(Connection connection, QueuedDelivery delivery, List<RecipientResult> results, Instant at)
            throws SQLException {
        List<List<Object>> columns = results.stream().map(HistoryRows::columns).toList();
        boolean areAlike = Set.copyOf(columns).size() == 1;
        if (areAlike && results.size() == delivery.recipients().size()) {
            update(connection, delivery, columns.get(0), at, List.of());
            return;
        }
        for (int i = 0; i < results.size(); i++) {
            update(
                    connection,
                    delivery,
                    columns.get(i),
                    at,
                    List.of(results.get(i).report().recipient()));
        }
    }

    /** @param mailbox the recipient; empty: all of the delivery */
    private static void update(
            Connection connection, QueuedDelivery delivery, List<Object> columns, Instant at, List<Mailbox> mailbox)
            throws SQLException {
        List<Object> parameters = new ArrayList<>(columns);
        parameters.add(at.toEpochMilli());
        parameters.add(delivery.attempts());
        parameters.add(delivery.message().id());
        parameters.add(delivery.domain());
        parameters.addAll(mailbox);
        Sql.update(
                connection,
                "UPDATE postroad_outcome SET fate = ?, status = ?, rule = ?, reason = ?, reply_code = ?, remote_role = ?,"
                        + " remote_host = ?, remote_address = ?, remote_port = ?, protection = ?, changed_at = ?, attempts = ?"
                        + " WHERE message_id = ? AND domain = ?" + PENDING
                        + (mailbox.isEmpty() ? "" : " AND mailbox = ?"),
                parameters.toArray());
    }

    /** Returns the stored columns of a result, except for the recipient. */
    private static List<Object> columns(RecipientResult result) {
        RecipientReport report = result.report();
        Optional<RemoteMta> remote = report.decidedBy().map(DecidedBy::remote);
        return List.of(
                result.fate(),
                report.status(),
                Sql.storable(report.decision().rule(), MAX_RULE),
                Sql.storable(report.decision().explanation(), MAX_REASON),
                report.reply().map(Reply::code).orElse(0),
                remote.map(RemoteMta::role),
                remote.map(RemoteMta::host),
                remote.map(RemoteMta::address),
                remote.map(RemoteMta::port).orElse(0),
                report.decidedBy().map(by -> by.tls().level()));
    }

    /** Records that an operator removed a delivery that cannot be read. */
    static void removed(Connection connection, String message, String domain) throws SQLException {
        Sql.update(
                connection,
                "UPDATE postroad_outcome SET fate = ? WHERE message_id = ? AND domain = ?" + PENDING,
                Fate.REMOVED,
                message,
                domain);
    }
}
