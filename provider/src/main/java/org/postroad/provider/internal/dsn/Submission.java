// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import java.time.Instant;
import java.util.Optional;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.envelope.MessageId;
import org.postroad.provider.internal.envelope.Returned;

/**
 * The message that a notice is about, as it was submitted.
 *
 * @param envelope its envelope, as far as it affects notices
 * @param arrivedAt when this host accepted it
 * @param messageId its Message-ID, if it has one that may be cited
 * @param subject its subject, decoded; human-readable, and cleaned by the constructor
 */
public record Submission(
        EnvelopeFacts envelope, Instant arrivedAt, Optional<MessageId> messageId, Optional<String> subject) {

    public Submission {
        subject = subject.map(Printable::clean).map(String::strip).filter(words -> !words.isEmpty());
    }

    /**
     * The parts of the envelope that affect notices.
     *
     * @param sender the reverse-path; empty for the null sender {@code <>}, to which notices are never sent
     * @param id the ENVID, decoded (RFC 3461 §4.4): as {@link Envelope#checkedId} allows
     * @param returned the RET parameter, if given
     */
    public record EnvelopeFacts(Optional<Mailbox> sender, Optional<String> id, Optional<Returned> returned) {

        public EnvelopeFacts {
            id.ifPresent(Envelope::checkedId);
        }
    }
}
