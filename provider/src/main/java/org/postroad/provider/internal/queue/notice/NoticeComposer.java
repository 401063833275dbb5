// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.notice;

import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.postroad.api.Domain;
import org.postroad.api.Host;
import org.postroad.api.Mailbox;
import org.postroad.api.QueueOptions;
import org.postroad.api.QueuedMail;
import org.postroad.api.TlsDemand;
import org.postroad.provider.internal.dsn.DeliveryNotice;
import org.postroad.provider.internal.dsn.Event;
import org.postroad.provider.internal.dsn.NoticeStamp;
import org.postroad.provider.internal.dsn.NoticeWriter;
import org.postroad.provider.internal.dsn.OriginalMessage;
import org.postroad.provider.internal.dsn.RecipientStatus;
import org.postroad.provider.internal.dsn.ReturnedContent;
import org.postroad.provider.internal.dsn.Submission;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.envelope.MessageId;
import org.postroad.provider.internal.envelope.Notify;
import org.postroad.provider.internal.envelope.Returned;
import org.postroad.provider.internal.message.MessageFacts;
import org.postroad.provider.internal.message.MessageSpool;
import org.postroad.provider.internal.message.SpoolSettings;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.message.UnsendableMessageException;
import org.postroad.provider.internal.queue.store.NewMessages;
import org.postroad.provider.internal.queue.store.PendingNotice;
import org.postroad.provider.internal.queue.store.QueueIds;
import org.postroad.provider.internal.queue.store.QueuedMessage;

/** Composes delivery status notifications as messages for the queue. Thread-safe. */
public final class NoticeComposer {

    /** Maximum number of recipients in one notice. Beyond it, several notices are written, each of a size that servers accept. */
    static final int MAX_RECIPIENTS = 5_000;

    private final Host localHost;
    private final Duration lifetime;
    private final RandomGenerator random;
    private final Optional<Mailbox> postmaster;

    /** Without a postmaster. */
    public NoticeComposer(Host self, Duration lifetime, RandomGenerator random) {
        this(self, lifetime, random, Optional.empty());
    }

    /**
     * @param localHost the reporting host
     * @param lifetime how long delivery of a notice is retried
     * @param random must be unguessable, so that a boundary cannot occur in the returned message
     * @param postmaster receives what would otherwise go to the null sender
     */
    public NoticeComposer(Host self, Duration lifetime, RandomGenerator random, Optional<Mailbox> postmaster) {
        this.postmaster = postmaster;
        this.localHost = self;
        this.lifetime = lifetime;
        this.random = random;
    }

    /** A notice that is ready for the queue. Must be closed. */
    record Notice(QueuedMessage message, SpooledMessage content, Mailbox addressee) implements AutoCloseable {

        void add(Connection connection, NewMessages newMessages) throws SQLException {
            newMessages.add(
                    connection,
                    message,
                    content::openStream,
                    List.of(new Envelope.Recipient(addressee, Set.of(Notify.NEVER), Optional.empty())),
                    QueueOptions.NONE);
        }

        @Override
        public void close() throws IOException {
            content.close();
        }
    }

    /**
     * Composes one notice.
     *
     * @param notices what happened, with the same event for each recipient; at most {@link #MAX_RECIPIENTS}
     * @param history the attempts at each of the recipients' domains
     */
    Notice compose(
            QueuedMessage message,
            List<PendingNotice> notices,
            Map<Domain, List<QueuedMail.PastAttempt>> history,
            SpooledMessage original,
            Instant now)
            throws IOException {
        Event event = notices.get(0).event();
        Map<Domain, List<Mailbox>> recipients =
                notices.stream().map(one -> one.address().current()).collect(Collectors.groupingBy(Mailbox::domain));
        Map<Domain, AttemptHistories> reports = new HashMap<>();
        recipients.forEach((domain, own) ->
                reports.put(domain, new AttemptHistories(history.getOrDefault(domain, List.of()), own)));
        List<RecipientStatus> statuses = notices.stream()
                .map(one -> status(
                        one,
                        message,
                        Objects.requireNonNull(
                                reports.get(one.address().current().domain()))))
                .toList();
        return notice(new DeliveryNotice(event, localHost, submission(message), statuses, postmaster), original, now);
    }

    private Notice notice(DeliveryNotice notice, SpooledMessage original, Instant now) throws IOException {
        String id = QueueIds.next(now, random);
        MessageId messageId = new MessageId("<" + id + "@" + new Domain(localHost) + ">");
        NoticeStamp stamp = new NoticeStamp(now, messageId, "=_" + QueueIds.next(now, random));
        SpooledMessage content = content(notice, new Original(original), stamp);
        QueuedMessage queued = new QueuedMessage(
                id,
                now,
                now.plus(lifetime),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                TlsDemand.NONE,
                new QueuedMessage.Labels(Optional.of(messageId), Optional.empty()),
                content.facts());
        return new Notice(queued, content, notice.addressee());
    }

    /** Includes as much of the original message as can be sent to any server. */
    private static SpooledMessage content(DeliveryNotice notice, Original original, NoticeStamp stamp)
            throws IOException {
        for (ReturnedContent limit : List.of(ReturnedContent.FULL, ReturnedContent.HEADERS)) {
            try {
                return MessageSpool.complete(
                        out -> NoticeWriter.write(notice, original, limit, stamp, out), SpoolSettings.DEFAULTS);
            } catch (UnsendableMessageException e) {
                // The returned part is what cannot be sent; our own part always can. Try with less of it.
            }
        }
        return MessageSpool.complete(
                out -> NoticeWriter.write(notice, original, ReturnedContent.NOTHING, stamp, out),
                SpoolSettings.DEFAULTS);
    }

    private static Submission submission(QueuedMessage message) {
        return new Submission(
                new Submission.EnvelopeFacts(message.sender(), message.envelopeId(), returned(message)),
                message.queuedAt(),
                message.labels().messageId(),
                message.labels().subject());
    }

    private static RecipientStatus status(PendingNotice notice, QueuedMessage message, AttemptHistories reports) {
        return new RecipientStatus(
                notice.address(),
                notice.status(),
                Optional.of(notice.lastAttempt()),
                notice.event() == Event.DELAYED ? Optional.of(message.expiresAt()) : Optional.empty(),
                reports.of(notice.address().current(), notice.lastAttempt()));
    }

    /**
     * Returns how much of a message a notice may include: of one that requires TLS only the header, because the notice itself is not
     * protected (RFC 8689 §5).
     */
    private static Optional<Returned> returned(QueuedMessage message) {
        if (message.tls() == TlsDemand.REQUIRED) {
            return Optional.of(Returned.HDRS);
        }
        if (message.sender().isEmpty()) {
            return Optional.of(Returned.FULL); // the postmaster needs what the sender would have received
        }
        return message.returned();
    }

    private record Original(SpooledMessage message) implements OriginalMessage {

        @Override
        public InputStream open() throws IOException {
            return message.openStream();
        }

        @Override
        public OriginalFacts facts() {
            MessageFacts facts = message.facts();
            return new OriginalFacts(
                    facts.size(), facts.has8bitBody(), facts.hasNonAsciiHeader(), facts.hasOverlongLine());
        }
    }
}
