// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What is known of a message that was put into a queue, without its content. It may still be in the queue. */
public final class MailHistory {

    private final String id;
    private final Instant queuedAt;
    private final Optional<Mailbox> sender;
    private final Optional<String> messageId;
    private final Optional<String> subject;
    private final long size;
    private final Optional<String> envelopeId;
    private final Optional<String> key;
    private final List<RecipientHistory> recipients;

    /** Creates a history. */
    public MailHistory(
            String id,
            Instant queuedAt,
            Optional<Mailbox> sender,
            Optional<String> messageId,
            Optional<String> subject,
            long size,
            Optional<String> envelopeId,
            Optional<String> key,
            List<RecipientHistory> recipients) {
        this.id = id;
        this.queuedAt = queuedAt;
        this.sender = sender;
        this.messageId = messageId;
        this.subject = subject;
        this.size = size;
        this.envelopeId = envelopeId;
        this.key = key;
        this.recipients = List.copyOf(recipients);
    }

    /** {@return the id in the queue; a later message has a greater id} */
    public String id() {
        return id;
    }

    /** {@return when it was stored durably} */
    public Instant queuedAt() {
        return queuedAt;
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

    /** {@return the envelope identifier (ENVID of RFC 3461)} */
    public Optional<String> envelopeId() {
        return envelopeId;
    }

    /** {@return the key that the application gave it, of which there is one message only} */
    public Optional<String> key() {
        return key;
    }

    /** {@return the recipients, in the order of the envelope; in lists only those that the filter selects, and a limited number} */
    public List<RecipientHistory> recipients() {
        return recipients;
    }

    /** What became of a recipient so far. */
    public enum Fate {
        /** No attempt has ended yet. */
        WAITING,
        /** The last attempt failed temporarily; the message is in the queue. */
        DEFERRED,
        /** The last attempt ended without a result, and may have delivered the message (TRY-05); it is in the queue. */
        IN_DOUBT,
        /** A server accepted the message. */
        DELIVERED,
        /** The recipient was given up after a permanent failure. */
        FAILED,
        /** The recipient was given up because the message expired. */
        EXPIRED,
        /** An operator removed or bounced the message. */
        REMOVED;

        /** {@return whether nothing more is tried for the recipient} */
        public boolean isFinal() {
            return this != WAITING && this != DEFERRED && this != IN_DOUBT;
        }
    }

    /** The result of an attempt for one recipient. */
    public static final class AttemptResult {

        private final EnhancedStatus status;
        private final RecipientReport.Decision decision;
        private final Optional<Integer> replyCode;
        private final Optional<RemoteMta> remote;
        private final Optional<TlsSummary.Level> protection;

        /** Creates a result. */
        public AttemptResult(
                EnhancedStatus status,
                RecipientReport.Decision decision,
                Optional<Integer> replyCode,
                Optional<RemoteMta> remote,
                Optional<TlsSummary.Level> protection) {
            this.status = status;
            this.decision = decision;
            this.replyCode = replyCode;
            this.remote = remote;
            this.protection = protection;
        }

        /** {@return the enhanced status code} */
        public EnhancedStatus status() {
            return status;
        }

        /** {@return the rule that decided, and the explanation, which may be shortened} */
        public RecipientReport.Decision decision() {
            return decision;
        }

        /** {@return the code of the server reply that decided, if there is one} */
        public Optional<Integer> replyCode() {
            return replyCode;
        }

        /** {@return the address contacted; empty if no host was contacted} */
        public Optional<RemoteMta> remote() {
            return remote;
        }

        /** {@return the protection of the connection; empty if no host was contacted} */
        public Optional<TlsSummary.Level> protection() {
            return protection;
        }

        private JsonObject json() {
            return new JsonObject()
                    .with("status", status.toString())
                    .with("rule", decision.rule())
                    .with("explanation", decision.explanation())
                    .with("replyCode", replyCode)
                    .with("remote", remote.map(ReportJson::of))
                    .with("protection", protection);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof AttemptResult that
                    && status.equals(that.status)
                    && decision.equals(that.decision)
                    && replyCode.equals(that.replyCode)
                    && remote.equals(that.remote)
                    && protection.equals(that.protection);
        }

        @Override
        public int hashCode() {
            return Objects.hash(status, decision, replyCode, remote, protection);
        }

        /** {@return {@code 5.1.1 (RETRY-01): ... at mx.example.org[192.0.2.1]:25}} */
        @Override
        public String toString() {
            return status + " (" + decision.rule() + "): " + decision.explanation()
                    + remote.map(host -> " at " + host).orElse("");
        }
    }

    /** What became of one recipient so far. */
    public static final class RecipientHistory {

        private final Mailbox recipient;
        private final Fate fate;
        private final Instant changedAt;
        private final int attempts;
        private final Optional<AttemptResult> result;

        /** Creates the history of a recipient. */
        public RecipientHistory(
                Mailbox recipient, Fate fate, Instant changedAt, int attempts, Optional<AttemptResult> result) {
            this.recipient = recipient;
            this.fate = fate;
            this.changedAt = changedAt;
            this.attempts = attempts;
            this.result = result;
        }

        /** {@return the mailbox} */
        public Mailbox recipient() {
            return recipient;
        }

        /** {@return what became of it} */
        public Fate fate() {
            return fate;
        }

        /** {@return when that was recorded} */
        public Instant changedAt() {
            return changedAt;
        }

        /** {@return the number of attempts started until then} */
        public int attempts() {
            return attempts;
        }

        /** {@return the result of the last attempt; empty if none has ended, or if it was made before results were recorded} */
        public Optional<AttemptResult> result() {
            return result;
        }

        private JsonObject json() {
            return new JsonObject()
                    .with("recipient", recipient.toString())
                    .with("fate", fate)
                    .with("changedAt", QueueJson.time(changedAt))
                    .with("attempts", attempts)
                    .with("result", result.map(AttemptResult::json));
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof RecipientHistory that
                    && recipient.equals(that.recipient)
                    && fate == that.fate
                    && changedAt.equals(that.changedAt)
                    && attempts == that.attempts
                    && result.equals(that.result);
        }

        @Override
        public int hashCode() {
            return Objects.hash(recipient, fate, changedAt, attempts, result);
        }

        /** {@return one human-readable line} */
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("<")
                    .append(Printable.clean(recipient.toString()))
                    .append("> ")
                    .append(fate)
                    .append(" at ")
                    .append(changedAt)
                    .append(", ")
                    .append(attempts)
                    .append(" attempts");
            result.ifPresent(last -> text.append(": ").append(last));
            return text.toString();
        }
    }

    /** {@return this history as one line of JSON (RFC 8259), of ASCII characters; the format is described in {@code provider/QUEUE.md}} */
    public String toJson() {
        return new JsonObject()
                .with("version", QueueJson.VERSION)
                .with("id", id)
                .with("queuedAt", QueueJson.time(queuedAt))
                .with("sender", sender.map(Mailbox::toString))
                .with("messageId", messageId)
                .with("subject", subject)
                .with("size", size)
                .with("envelopeId", envelopeId)
                .with("key", key)
                .with(
                        "recipients",
                        recipients.stream().map(RecipientHistory::json).toList())
                .toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MailHistory that
                && id.equals(that.id)
                && queuedAt.equals(that.queuedAt)
                && sender.equals(that.sender)
                && messageId.equals(that.messageId)
                && subject.equals(that.subject)
                && size == that.size
                && envelopeId.equals(that.envelopeId)
                && key.equals(that.key)
                && recipients.equals(that.recipients);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, queuedAt, sender, messageId, subject, size, envelopeId, key, recipients);
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
                .append(queuedAt);
        messageId.ifPresent(header -> text.append(", ").append(header));
        subject.ifPresent(words -> text.append(", \"").append(words).append('"'));
        recipients.forEach(recipient -> text.append("\n  ").append(recipient));
        return text.toString();
    }
}
