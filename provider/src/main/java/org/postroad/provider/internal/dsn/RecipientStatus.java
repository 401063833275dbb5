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
 * What a notice says about one recipient; what happened to it is the notice's {@link Event}.
 *
 * @param address whom it was about
 * @param status the last status as it stands
 * @param lastAttempt the attempt that the status comes from, where there was one
 * @param retryUntil when it will be given up; only where it is delayed
 * @param history every attempt in plain words, the newest last
 */
public record RecipientStatus(
        Address address,
        EnhancedStatus status,
        Optional<LastAttempt> lastAttempt,
        Optional<Instant> retryUntil,
        List<Line> history) {

    public RecipientStatus {
        history = List.copyOf(history);
    }

    /**
     * Where the message was going.
     *
     * @param current the forward-path (Final-Recipient)
     * @param original ORCPT: whom the sender wrote to, where that is known
     */
    public record Address(Mailbox current, Optional<Mailbox> original) {}

    /**
     * An attempt.
     *
     * @param at when
     * @param remote who was contacted, where somebody was
     * @param reply what the server said, where it said something
     */
    public record LastAttempt(Instant at, Optional<RemoteMta> remote, Optional<Reply> reply) {}

    /**
     * A line of the history.
     *
     * @param at when
     * @param words for people; may quote a server, and is cleaned as it comes in
     */
    public record Line(Instant at, String words) {
        public Line {
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
