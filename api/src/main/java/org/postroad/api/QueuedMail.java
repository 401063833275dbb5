// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A message in the queue, as it was when it was looked at.
 *
 * @param id its name in the queue; of two, the later one is greater
 * @param queuedAt when it became durable
 * @param expiresAt given up after that moment
 * @param sender the reverse-path; empty: the null sender
 * @param messageId the field Message-ID, where it can be cited
 * @param subject in words, cleaned, as much of it as is kept
 * @param size octets
 * @param deliveries one for each domain to which it is still to be delivered; none where only its sender is still to hear of it
 * @param damage what of it cannot be read, and why, for people; that part is set aside until it is released or dropped. Empty: all can be
 *     read
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

    /** A message of which everything can be read. */
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
     * One recipient domain.
     *
     * @param domain the domain
     * @param state what is done with it now
     * @param dueAt when it is tried next
     * @param attempts how many were begun
     * @param inDoubt whether one of them ended without a word, and may have delivered (TRY-05)
     * @param recipients who is still to get the message
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

    /** What is done with a delivery. */
    public enum State {
        /** It waits for its time. */
        OPEN,
        /** An attempt is under way, or was when its process died. */
        TRYING,
        /** It waits for somebody to release it: stopped by hand, in doubt, or damaged. */
        HELD
    }

    /**
     * An attempt that is over.
     *
     * @param startedAt when it began
     * @param report what came of it, for people; several lines
     */
    public record PastAttempt(Instant startedAt, String report) {}

    /** Several lines for people. */
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
