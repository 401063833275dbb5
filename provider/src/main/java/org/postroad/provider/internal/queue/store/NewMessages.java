// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;
import org.postroad.api.QueueOptions;
import org.postroad.provider.internal.envelope.Envelope;

/**
 * Adds messages to the queue, and to the history if one is kept. Of messages with the same key, only the first is added.
 *
 * @param dialect of the database
 * @param keepsHistory whether the history is kept
 */
public record NewMessages(Dialect dialect, boolean keepsHistory) {

    /** Maximum number of recipients that are named in an error. */
    private static final int MAX_NAMED = 3;

    /**
     * The result of adding a message.
     *
     * @param id of the message with the key
     * @param isNew false if that one was added before, and nothing was added now
     */
    public record Added(String id, boolean isNew) {}

    /**
     * Stores a message, its content, a delivery for each domain, and its history, within the caller's transaction. A known key does
     * not end that transaction. If another transaction is adding the same key, this method waits until that one ends.
     *
     * @throws QueueException if the key belongs to another message, or there is no history that could have it
     */
    public Added add(
            Connection connection,
            QueuedMessage message,
            ContentRows.ContentSource content,
            List<Envelope.Recipient> recipients,
            QueueOptions options)
            throws SQLException {
        if (options.key().isPresent()) {
            String key = options.key().get();
            if (!keepsHistory) {
                throw new QueueException("The message has the key " + Printable.quote(key)
                        + ", but keys are known from the history, and none is kept: mail.mx.queue.keep is 0");
            }
            if (!HistoryRows.addUnlessKnown(connection, dialect, message, key)) {
                return new Added(sameMessage(connection, message, recipients, key), false);
            }
        } else if (keepsHistory) {
            HistoryRows.add(connection, message);
        }
        MessageRows.add(connection, message, content, recipients, options);
        if (keepsHistory) {
            HistoryRows.addRecipients(connection, message);
        }
        return new Added(message.id(), true);
    }

    /** Returns the id of the message with the key. A retry has a new Message-ID and date, but the same people and subject. */
    private String sameMessage(
            Connection connection, QueuedMessage message, List<Envelope.Recipient> recipients, String key)
            throws SQLException {
        HistoryRows.KeyedMessage known = HistoryRows.withKey(connection, dialect, key);
        Set<String> wanted = new HashSet<>();
        recipients.forEach(one -> wanted.add(one.mailbox().toString()));
        Set<String> missing = new HashSet<>(known.recipients());
        missing.removeAll(wanted);
        boolean same = known.recipients().containsAll(wanted)
                && areSuppressed(connection, missing)
                && known.sender().equals(message.sender().map(Mailbox::toString))
                && known.subject().equals(message.labels().subject());
        if (!same) {
            throw new QueueException("The key " + Printable.quote(key) + " belongs to the message " + known.id() + " "
                    + describe(known.sender(), known.recipients(), known.subject())
                    + ", and this one, which was not stored, is "
                    + describe(
                            message.sender().map(Mailbox::toString),
                            recipients.stream()
                                    .map(one -> one.mailbox().toString())
                                    .toList(),
                            message.labels().subject())
                    + "; messages with different senders, recipients or subjects need different keys");
        }
        return known.id();
    }

    /** Recipients that were suppressed since the first message are missing in its repetition. */
    private static boolean areSuppressed(Connection connection, Set<String> mailboxes) throws SQLException {
        for (String mailbox : mailboxes) {
            if (!SuppressionRows.exists(connection, mailbox)) {
                return false;
            }
        }
        return true;
    }

    private static String describe(Optional<String> sender, List<String> recipients, Optional<String> subject) {
        List<String> named = new ArrayList<>();
        recipients.stream().limit(MAX_NAMED).forEach(mailbox -> named.add("<" + Printable.clean(mailbox) + ">"));
        if (recipients.size() > MAX_NAMED) {
            named.add((recipients.size() - MAX_NAMED) + " more");
        }
        return "from <" + sender.map(Printable::clean).orElse("") + "> to " + String.join(", ", named)
                + subject.map(words -> " with the subject " + Printable.quote(words))
                        .orElse(" without a subject");
    }
}
