// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A snapshot of a message in the queue.
 *
 * @param id its id in the queue; a later message has a greater id
 * @param queuedAt when it was stored durably
 * @param expiresAt when it expires; it is given up after that time
 * @param sender the reverse-path; empty for the null sender
 * @param messageId the {@code Message-ID} header field, if it can be cited
 * @param subject the decoded subject, cleaned and possibly shortened
 * @param size in octets
 * @param deliveries one for each domain that still has pending recipients; empty if only the notice to the sender is pending
 * @param damage which part cannot be read, and why; human-readable. That part is not processed until it is released or removed.
 *     Empty if everything can be read
 */
public record QueuedMail(
        String id,
        Instant queuedAt,
        Instant expiresAt,
        Optional<Mailbox> sender,
        Optional<String> messageId,
        Optional<String> subject,
        long size,
        List<Delivery> deliveries,
        Optional<String> damage) {

    public QueuedMail {
        deliveries = List.copyOf(deliveries);
    }

    /** Creates a snapshot of an undamaged message. */
    public QueuedMail(
            String id,
            Instant queuedAt,
            Instant expiresAt,
            Optional<Mailbox> sender,
            Optional<String> messageId,
            Optional<String> subject,
            long size,
            List<Delivery> deliveries) {
        this(id, queuedAt, expiresAt, sender, messageId, subject, size, deliveries, Optional.empty());
    }

    /**
     * The delivery to one recipient domain.
     *
     * @param domain the domain
     * @param state the current state
     * @param dueAt when the next attempt is due
     * @param attempts the number of attempts started
     * @param inDoubt whether an attempt ended without a result, and may have delivered the message (TRY-05)
     * @param recipients the pending recipients
     * @param history the latest attempts, in order; empty in lists
     */
    public record Delivery(
            Domain domain,
            State state,
            Instant dueAt,
            int attempts,
            boolean inDoubt,
            List<Mailbox> recipients,
            List<PastAttempt> history) {

        public Delivery {
            recipients = List.copyOf(recipients);
            history = List.copyOf(history);
        }
    }

    /** The state of a delivery. */
    public enum State {
        /** Waiting until it is due. */
        OPEN,
        /** An attempt is in progress, or was in progress when its process died. */
        TRYING,
        /** Waiting to be released by an operator: held manually, in doubt, or damaged. */
        HELD
    }

    /**
     * An attempt that has ended.
     *
     * @param startedAt when it started
     * @param report its result; human-readable, several lines
     */
    public record PastAttempt(Instant startedAt, String report) {}

    /** Returns several human-readable lines. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(id)
                .append(" from ")
                .append(sender.map(mailbox -> "<" + Printable.clean(mailbox.toString()) + ">")
                        .orElse("<>"))
                .append(", ")
                .append(size)
                .append(" octets, queued at ")
                .append(queuedAt)
                .append(", expires at ")
                .append(expiresAt);
        subject.ifPresent(words -> text.append(", \"").append(words).append('"'));
        damage.ifPresent(what -> text.append("\n  DAMAGED: ").append(what));
        for (Delivery delivery : deliveries) {
            text.append("\n  ")
                    .append(delivery.domain())
                    .append(' ')
                    .append(delivery.state())
                    .append(delivery.inDoubt() ? " (in doubt)" : "")
                    .append(", ")
                    .append(delivery.attempts())
                    .append(" attempts, due at ")
                    .append(delivery.dueAt());
            delivery.recipients()
                    .forEach(mailbox -> text.append("\n    <")
                            .append(Printable.clean(mailbox.toString()))
                            .append('>'));
            for (PastAttempt attempt : delivery.history()) {
                text.append("\n    ").append(attempt.startedAt());
                attempt.report().lines().forEach(line -> text.append("\n      ").append(line));
            }
        }
        return text.toString();
    }
}
