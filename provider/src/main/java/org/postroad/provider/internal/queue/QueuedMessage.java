// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.time.Instant;
import java.util.Optional;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;
import org.postroad.api.TlsDemand;
import org.postroad.provider.internal.dsn.MessageId;
import org.postroad.provider.internal.message.MessageFacts;
import org.postroad.provider.internal.smtp.Envelope.Returned;

/**
 * A message in the queue, without its octets and its recipients.
 *
 * @param id names it; of two, the later one is greater
 * @param queuedAt when it became durable
 * @param expiresAt given up after that moment
 * @param sender the reverse-path; empty: the null sender
 * @param returned RET
 * @param envelopeId ENVID
 * @param tls what it says of TLS (RFC 8689)
 * @param labels what people know it by
 * @param facts what servers are told of it
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

    /** Characters of a subject that are kept. */
    static final int MAX_SUBJECT = 200;

    /**
     * What people know a message by.
     *
     * @param messageId the field Message-ID, where it can be cited
     * @param subject in words; cut where it is long
     */
    public record Labels(Optional<MessageId> messageId, Optional<String> subject) {

        public Labels {
            subject = subject.map(Printable::clean)
                    .map(text -> text.length() <= MAX_SUBJECT ? text : text.substring(0, MAX_SUBJECT - 1) + "\u2026");
        }
    }
}
