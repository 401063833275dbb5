// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Selects messages in the history of a queue. All given criteria must match; {@link #ALL} has none.
 *
 * <p>Recipient, domain, fate and reason must match for the same recipient of the message.
 */
public final class HistoryFilter {

    /** Selects all messages. */
    public static final HistoryFilter ALL = new HistoryFilter(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /** Maximum length of a searched text, in characters. */
    public static final int MAX_TEXT = 250;

    private final Optional<String> messageId;
    private final Optional<String> key;
    private final Optional<Mailbox> sender;
    private final Optional<Mailbox> recipient;
    private final Optional<Domain> domain;
    private final Optional<MailHistory.Fate> fate;
    private final Optional<String> reason;
    private final Optional<Instant> since;
    private final Optional<Instant> before;

    private HistoryFilter(
            Optional<String> messageId,
            Optional<String> key,
            Optional<Mailbox> sender,
            Optional<Mailbox> recipient,
            Optional<Domain> domain,
            Optional<MailHistory.Fate> fate,
            Optional<String> reason,
            Optional<Instant> since,
            Optional<Instant> before) {
        this.messageId = messageId;
        this.key = key;
        this.sender = sender;
        this.recipient = recipient;
        this.domain = domain;
        this.fate = fate;
        this.reason = reason;
        this.since = since;
        this.before = before;
    }

    /**
     * Returns this filter, which also selects by the {@code Message-ID} header field.
     *
     * @param wanted the field, with or without its angle brackets
     * @return a new filter
     * @throws IllegalArgumentException if it is empty or has more than {@value #MAX_TEXT} characters
     */
    public HistoryFilter withMessageId(String wanted) {
        String id = checked("Message-ID", wanted.strip());
        return new HistoryFilter(
                Optional.of(id.startsWith("<") ? id : "<" + id + ">"),
                key,
                sender,
                recipient,
                domain,
                fate,
                reason,
                since,
                before);
    }

    /**
     * Returns this filter, which also selects by the key that the application gave the message.
     *
     * @param wanted the key
     * @return a new filter
     * @throws IllegalArgumentException if it is empty or has more than {@value #MAX_TEXT} characters
     */
    public HistoryFilter withKey(String wanted) {
        return new HistoryFilter(
                messageId, Optional.of(checked("key", wanted)), sender, recipient, domain, fate, reason, since, before);
    }

    /** {@return this filter, which also selects by the reverse-path} */
    public HistoryFilter withSender(Mailbox wanted) {
        return new HistoryFilter(messageId, key, Optional.of(wanted), recipient, domain, fate, reason, since, before);
    }

    /** {@return this filter, which also selects by a recipient} */
    public HistoryFilter withRecipient(Mailbox wanted) {
        return new HistoryFilter(messageId, key, sender, Optional.of(wanted), domain, fate, reason, since, before);
    }

    /** {@return this filter, which also selects by the domain of a recipient} */
    public HistoryFilter withDomain(Domain wanted) {
        return new HistoryFilter(messageId, key, sender, recipient, Optional.of(wanted), fate, reason, since, before);
    }

    /** {@return this filter, which also selects by what became of a recipient} */
    public HistoryFilter withFate(MailHistory.Fate wanted) {
        return new HistoryFilter(messageId, key, sender, recipient, domain, Optional.of(wanted), reason, since, before);
    }

    /**
     * Returns this filter, which also selects by a part of the reason.
     *
     * @param wanted text that the reason contains; upper and lower case are the same
     * @return a new filter
     * @throws IllegalArgumentException if it is empty or has more than {@value #MAX_TEXT} characters
     */
    public HistoryFilter withReason(String wanted) {
        return new HistoryFilter(
                messageId, key, sender, recipient, domain, fate, Optional.of(checked("reason", wanted)), since, before);
    }

    /** {@return this filter, which also selects by time: the message was queued at this time or later} */
    public HistoryFilter withQueuedSince(Instant wanted) {
        return new HistoryFilter(messageId, key, sender, recipient, domain, fate, reason, Optional.of(wanted), before);
    }

    /** {@return this filter, which also selects by time: the message was queued before this time} */
    public HistoryFilter withQueuedBefore(Instant wanted) {
        return new HistoryFilter(messageId, key, sender, recipient, domain, fate, reason, since, Optional.of(wanted));
    }

    private static String checked(String what, String text) {
        if (text.isEmpty() || text.length() > MAX_TEXT) {
            throw new IllegalArgumentException("The " + what + " to search for has 1 to " + MAX_TEXT
                    + " characters, not " + text.length() + ": " + Printable.quote(text));
        }
        return text;
    }

    /** {@return the {@code Message-ID} header field, with its angle brackets} */
    public Optional<String> messageId() {
        return messageId;
    }

    /** {@return the key that the application gave the message} */
    public Optional<String> key() {
        return key;
    }

    /** {@return the reverse-path} */
    public Optional<Mailbox> sender() {
        return sender;
    }

    /** {@return a recipient} */
    public Optional<Mailbox> recipient() {
        return recipient;
    }

    /** {@return the domain of a recipient} */
    public Optional<Domain> domain() {
        return domain;
    }

    /** {@return what became of a recipient} */
    public Optional<MailHistory.Fate> fate() {
        return fate;
    }

    /** {@return text that the reason contains} */
    public Optional<String> reason() {
        return reason;
    }

    /** {@return the earliest time at which the message was queued} */
    public Optional<Instant> queuedSince() {
        return since;
    }

    /** {@return the time before which the message was queued} */
    public Optional<Instant> queuedBefore() {
        return before;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HistoryFilter that
                && messageId.equals(that.messageId)
                && key.equals(that.key)
                && sender.equals(that.sender)
                && recipient.equals(that.recipient)
                && domain.equals(that.domain)
                && fate.equals(that.fate)
                && reason.equals(that.reason)
                && since.equals(that.since)
                && before.equals(that.before);
    }

    @Override
    public int hashCode() {
        return Objects.hash(messageId, key, sender, recipient, domain, fate, reason, since, before);
    }

    @Override
    public String toString() {
        return "HistoryFilter[messageId=" + messageId
                + ", key=" + key
                + ", sender=" + sender
                + ", recipient=" + recipient
                + ", domain=" + domain
                + ", fate=" + fate
                + ", reason=" + reason
                + ", since=" + since
                + ", before=" + before + "]";
    }
}
