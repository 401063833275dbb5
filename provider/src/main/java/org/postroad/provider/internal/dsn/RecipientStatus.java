// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;
import org.postroad.api.RemoteMta;
import org.postroad.api.Reply;

/**
 * The content of a notice about one recipient. What happened is the notice's {@link Event}.
 *
 * @param address the recipient's address
 * @param status the last status, unchanged
 * @param lastAttempt the attempt that produced the status, if there was one
 * @param retryUntil when delivery will be given up; only if it is delayed
 * @param history every attempt in plain words, newest last
 */
public record RecipientStatus(
        Address address,
        EnhancedStatus status,
        Optional<LastAttempt> lastAttempt,
        Optional<Instant> retryUntil,
        List<HistoryLine> history) {

    public RecipientStatus {
        history = List.copyOf(history);
    }

    /**
     * The addresses of a recipient.
     *
     * @param current the forward-path (Final-Recipient)
     * @param original the address the sender wrote to (ORCPT), if known
     */
    public record Address(Mailbox current, Optional<Mailbox> original) {}

    /**
     * A delivery attempt.
     *
     * @param at when it was made
     * @param remote the server contacted, if any
     * @param reply the server's reply, if any
     */
    public record LastAttempt(Instant at, Optional<RemoteMta> remote, Optional<Reply> reply) {}

    /**
     * A line of the history.
     *
     * @param at when it happened
     * @param words human-readable; may quote a server, and is cleaned by the constructor
     */
    public record HistoryLine(Instant at, String words) {
        public HistoryLine {
            words = Printable.clean(words);
        }
    }

    Optional<RemoteMta> remote() {
        return lastAttempt.flatMap(LastAttempt::remote);
    }

    Optional<Reply> reply() {
        return lastAttempt.flatMap(LastAttempt::reply);
    }
}
