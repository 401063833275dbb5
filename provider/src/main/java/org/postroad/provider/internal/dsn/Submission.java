// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import java.time.Instant;
import java.util.Optional;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;

/**
 * The message that a notice is about, as it was submitted.
 *
 * @param envelope what its envelope said
 * @param arrivedAt when we took it
 * @param messageId its Message-ID, where it has one that may be cited
 * @param subject its subject in words, decoded; for people only, cleaned as it comes in
 */
public record Submission(
        EnvelopeFacts envelope, Instant arrivedAt, Optional<MessageId> messageId, Optional<String> subject) {

    /** Characters in an ENVID (RFC 3461 §4.4). */
    public static final int MAX_ID = 100;

    public Submission {
        subject = subject.map(Printable::clean).map(String::strip).filter(words -> !words.isEmpty());
    }

    /**
     * What the envelope said about reports.
     *
     * @param sender the reverse-path; empty: the null sender {@code <>}, to which nothing is ever reported
     * @param id ENVID, decoded (RFC 3461 §4.4): 1 to {@value Submission#MAX_ID} characters of printable ASCII
     * @param returned RET, where it was given
     */
    public record EnvelopeFacts(Optional<Mailbox> sender, Optional<String> id, Optional<Returned> returned) {

        public EnvelopeFacts {
            id.ifPresent(EnvelopeFacts::checkId);
        }

        private static void checkId(String id) {
            boolean printable = id.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
            if (id.isBlank() || id.length() > MAX_ID || !printable) {
                throw new IllegalArgumentException("The envelope id " + Printable.quote(id) + " is not 1 to " + MAX_ID
                        + " characters of printable ASCII");
            }
        }
    }
}
