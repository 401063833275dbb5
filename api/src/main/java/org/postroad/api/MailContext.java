// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.Objects;
import java.util.Optional;

/** The mail that an event is about, and the attempt to deliver it. */
public final class MailContext {

    private final Optional<Mailbox> sender;
    private final Optional<String> envelopeId;
    private final Optional<String> messageId;
    private final Optional<String> queueId;
    private final int attempt;

    private MailContext(
            Optional<Mailbox> sender,
            Optional<String> envelopeId,
            Optional<String> messageId,
            Optional<String> queueId,
            int attempt) {
        this.sender = sender;
        this.envelopeId = envelopeId;
        this.messageId = messageId;
        this.queueId = queueId;
        this.attempt = attempt;
    }

    /** {@return the context of mail that is sent directly, in one attempt} */
    public static MailContext direct(
            Optional<Mailbox> sender, Optional<String> envelopeId, Optional<String> messageId) {
        return new MailContext(sender, envelopeId, messageId, Optional.empty(), 1);
    }

    /**
     * {@return the context of the same mail in a queue}
     *
     * @param id of the mail in the queue
     * @param number of the current or last attempt at the delivery to the domain; 0 before the first
     * @throws IllegalArgumentException if the number is negative
     */
    public MailContext inQueue(String id, int number) {
        if (number < 0) {
            throw new IllegalArgumentException("The number of an attempt is 0 or more, not " + number);
        }
        return new MailContext(sender, envelopeId, messageId, Optional.of(id), number);
    }

    /** {@return the reverse-path; empty for the null sender} */
    public Optional<Mailbox> sender() {
        return sender;
    }

    /** {@return the ENVID (RFC 3461 §4.4)} */
    public Optional<String> envelopeId() {
        return envelopeId;
    }

    /** {@return the {@code Message-ID} header field with its angle brackets; empty if it is malformed or longer than 250 characters} */
    public Optional<String> messageId() {
        return messageId;
    }

    /** {@return the id of the mail in the queue; empty for mail that is sent directly} */
    public Optional<String> queueId() {
        return queueId;
    }

    /** {@return the number of the current or last attempt at the delivery to the domain, beginning with 1; 0 if there was none} */
    public int attempt() {
        return attempt;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MailContext that
                && sender.equals(that.sender)
                && envelopeId.equals(that.envelopeId)
                && messageId.equals(that.messageId)
                && queueId.equals(that.queueId)
                && attempt == that.attempt;
    }

    @Override
    public int hashCode() {
        return Objects.hash(sender, envelopeId, messageId, queueId, attempt);
    }

    @Override
    public String toString() {
        return "MailContext[sender=" + sender
                + ", envelopeId=" + envelopeId
                + ", messageId=" + messageId
                + ", queueId=" + queueId
                + ", attempt=" + attempt + "]";
    }
}
