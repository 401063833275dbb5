// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A snapshot of a message in the queue. */
public final class QueuedMail {

    private final String id;
    private final Instant queuedAt;
    private final Instant expiresAt;
    private final Optional<Mailbox> sender;
    private final Optional<String> messageId;
    private final Optional<String> subject;
    private final long size;
    private final List<Delivery> deliveries;
    private final Optional<String> damage;

    /** Creates a snapshot. */
    public QueuedMail(
            String id,
            Instant queuedAt,
            Instant expiresAt,
            Optional<Mailbox> sender,
            Optional<String> messageId,
            Optional<String> subject,
            long size,
            List<Delivery> deliveries,
            Optional<String> damage) {
        this.id = id;
        this.queuedAt = queuedAt;
        this.expiresAt = expiresAt;
        this.sender = sender;
        this.messageId = messageId;
        this.subject = subject;
        this.size = size;
        this.deliveries = List.copyOf(deliveries);
        this.damage = damage;
    }

    /** {@return the id in the queue; a later message has a greater id} */
    public String id() {
        return id;
    }

    /** {@return when it was stored durably} */
    public Instant queuedAt() {
        return queuedAt;
    }

    /** {@return when it expires; it is given up after that time} */
    public Instant expiresAt() {
        return expiresAt;
    }

    /** {@return the reverse-path; empty for the null sender} */
    public Optional<Mailbox> sender() {
        return sender;
    }

    /** {@return the {@code Message-ID} header field, if it can be cited} */
    public Optional<String> messageId() {
        return messageId;
    }

    /** {@return the decoded subject, cleaned and possibly shortened} */
    public Optional<String> subject() {
        return subject;
    }

    /** {@return the size in octets} */
    public long size() {
        return size;
    }

    /** {@return one delivery for each domain that still has pending recipients; empty if only the notice to the sender is pending} */
    public List<Delivery> deliveries() {
        return deliveries;
    }

    /**
     * {@return which part cannot be read, and why; human-readable} That part is not processed until it is released or removed. Empty if
     * everything can be read.
     */
    public Optional<String> damage() {
        return damage;
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

    /** The delivery to one recipient domain. */
    public static final class Delivery {

        private final Domain domain;
        private final State state;
        private final Instant dueAt;
        private final int attempts;
        private final boolean inDoubt;
        private final List<Mailbox> recipients;
        private final List<PastAttempt> history;
        private final Priority priority;

        /** Creates the state of a delivery of {@link Priority#NORMAL}. */
        public Delivery(
                Domain domain,
                State state,
                Instant dueAt,
                int attempts,
                boolean inDoubt,
                List<Mailbox> recipients,
                List<PastAttempt> history) {
            this(domain, state, dueAt, attempts, inDoubt, recipients, history, Priority.NORMAL);
        }

        /** Creates the state of a delivery. */
        public Delivery(
                Domain domain,
                State state,
                Instant dueAt,
                int attempts,
                boolean inDoubt,
                List<Mailbox> recipients,
                List<PastAttempt> history,
                Priority priority) {
            this.domain = domain;
            this.state = state;
            this.dueAt = dueAt;
            this.attempts = attempts;
            this.inDoubt = inDoubt;
            this.recipients = List.copyOf(recipients);
            this.history = List.copyOf(history);
            this.priority = priority;
        }

        /** {@return the domain} */
        public Domain domain() {
            return domain;
        }

        /** {@return the current state} */
        public State state() {
            return state;
        }

        /** {@return when the next attempt is due} */
        public Instant dueAt() {
            return dueAt;
        }

        /** {@return the number of attempts started} */
        public int attempts() {
            return attempts;
        }

        /** {@return whether an attempt ended without a result, and may have delivered the message (TRY-05)} */
        public boolean inDoubt() {
            return inDoubt;
        }

        /** {@return the pending recipients} */
        public List<Mailbox> recipients() {
            return recipients;
        }

        /** {@return the latest attempts, in order; empty in lists} */
        public List<PastAttempt> history() {
            return history;
        }

        /** {@return the precedence over other messages that are due} */
        public Priority priority() {
            return priority;
        }

        private JsonObject json() {
            return new JsonObject()
                    .with("domain", domain.toString())
                    .with("state", state)
                    .with("priority", priority)
                    .with("dueAt", QueueJson.time(dueAt))
                    .with("attempts", attempts)
                    .with("inDoubt", inDoubt)
                    .with(
                            "recipients",
                            recipients.stream().map(Mailbox::toString).toList())
                    .with("history", history.stream().map(PastAttempt::json).toList());
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Delivery that
                    && domain.equals(that.domain)
                    && state.equals(that.state)
                    && dueAt.equals(that.dueAt)
                    && attempts == that.attempts
                    && inDoubt == that.inDoubt
                    && recipients.equals(that.recipients)
                    && history.equals(that.history)
                    && priority == that.priority;
        }

        @Override
        public int hashCode() {
            return Objects.hash(domain, state, dueAt, attempts, inDoubt, recipients, history, priority);
        }

        @Override
        public String toString() {
            return "Delivery[domain=" + domain
                    + ", state=" + state
                    + ", dueAt=" + dueAt
                    + ", attempts=" + attempts
                    + ", inDoubt=" + inDoubt
                    + ", recipients=" + recipients
                    + ", history=" + history
                    + ", priority=" + priority + "]";
        }
    }

    /** The state of a delivery. */
    public enum State {
        /** Waiting until it is due. */
        OPEN,
        /** An attempt is in progress, or was in progress when its process died. */
        TRYING,
        /** Waiting to be released by an operator: held manually, in doubt, or damaged. */
        HELD,
        /** Not tried yet: waiting until the time at which the application wants it sent. */
        FUTURE
    }

    /** An attempt that has ended. */
    public static final class PastAttempt {

        private final Instant startedAt;
        private final String report;

        /** Creates an attempt that has ended. */
        public PastAttempt(Instant startedAt, String report) {
            this.startedAt = startedAt;
            this.report = report;
        }

        /** {@return when it started} */
        public Instant startedAt() {
            return startedAt;
        }

        /** {@return its result; human-readable, several lines} */
        public String report() {
            return report;
        }

        private JsonObject json() {
            return new JsonObject().with("startedAt", QueueJson.time(startedAt)).with("report", report);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof PastAttempt that && startedAt.equals(that.startedAt) && report.equals(that.report);
        }

        @Override
        public int hashCode() {
            return Objects.hash(startedAt, report);
        }

        @Override
        public String toString() {
            return "PastAttempt[startedAt=" + startedAt + ", report=" + report + "]";
        }
    }

    /** {@return this message as one line of JSON (RFC 8259), of ASCII characters; the format is described in {@code provider/QUEUE.md}} */
    public String toJson() {
        return new JsonObject()
                .with("version", QueueJson.VERSION)
                .with("id", id)
                .with("queuedAt", QueueJson.time(queuedAt))
                .with("expiresAt", QueueJson.time(expiresAt))
                .with("sender", sender.map(Mailbox::toString))
                .with("messageId", messageId)
                .with("subject", subject)
                .with("size", size)
                .with("damage", damage)
                .with("deliveries", deliveries.stream().map(Delivery::json).toList())
                .toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof QueuedMail that
                && id.equals(that.id)
                && queuedAt.equals(that.queuedAt)
                && expiresAt.equals(that.expiresAt)
                && sender.equals(that.sender)
                && messageId.equals(that.messageId)
                && subject.equals(that.subject)
                && size == that.size
                && deliveries.equals(that.deliveries)
                && damage.equals(that.damage);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, queuedAt, expiresAt, sender, messageId, subject, size, deliveries, damage);
    }

    /** {@return several human-readable lines} */
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
                    .append(delivery.priority() == Priority.NORMAL ? "" : ", " + delivery.priority())
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
