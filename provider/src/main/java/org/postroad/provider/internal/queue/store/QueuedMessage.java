// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.time.Instant;
import java.util.Optional;
import org.postroad.api.MailContext;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;
import org.postroad.api.TlsDemand;
import org.postroad.provider.internal.envelope.MessageId;
import org.postroad.provider.internal.envelope.Returned;
import org.postroad.provider.internal.message.MessageFacts;

/**
 * A message in the queue, without its content and recipients.
 *
 * @param id unique; a later message has a greater id
 * @param queuedAt when it became durable
 * @param expiresAt given up after this time
 * @param sender the reverse-path; empty: the null sender
 * @param returned RET
 * @param envelopeId ENVID
 * @param tls what the message demands of TLS (RFC 8689)
 * @param labels human-readable identification
 * @param facts properties of the content that the SMTP transaction depends on
 */
public record QueuedMessage(
        String id,
        Instant queuedAt,
        Instant expiresAt,
        Optional<Mailbox> sender,
        Optional<Returned> returned,
        Optional<String> envelopeId,
        TlsDemand tls,
        Labels labels,
        MessageFacts facts) {

    /** Maximum length of a stored subject, in characters. */
    static final int MAX_SUBJECT = 200;

    /**
     * Returns the context of an attempt, for events.
     *
     * @param attempt its number; 0 before the first
     */
    public MailContext context(int attempt) {
        return MailContext.direct(sender, envelopeId, labels.messageId().map(MessageId::text))
                .inQueue(id, attempt);
    }

    /**
     * Human-readable identification of a message.
     *
     * @param messageId the Message-ID field, if it can be quoted in a notice
     * @param subject decoded, and cut to {@link #MAX_SUBJECT} characters
     */
    public record Labels(Optional<MessageId> messageId, Optional<String> subject) {

        public Labels {
            subject = subject.map(Printable::clean)
                    .map(text -> text.length() <= MAX_SUBJECT ? text : text.substring(0, MAX_SUBJECT - 1) + "\u2026");
        }
    }
}
