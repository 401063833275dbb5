// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Selects messages of a queue, or their deliveries. All given criteria must match; {@link #ALL} has none.
 *
 * <p>A delivery is one message to one domain. Domain, recipient, state, priority and reason must match for the same delivery of the message.
 */
public final class QueueFilter {

    /** Selects everything. */
    public static final QueueFilter ALL = new QueueFilter(
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

    private final Optional<Domain> domain;
    private final Optional<Mailbox> sender;
    private final Optional<Mailbox> recipient;
    private final Optional<QueuedMail.State> state;
    private final Optional<Priority> priority;
    private final Optional<String> reason;
    private final Optional<Instant> since;
    private final Optional<Instant> before;

    private QueueFilter(
            Optional<Domain> domain,
            Optional<Mailbox> sender,
            Optional<Mailbox> recipient,
            Optional<QueuedMail.State> state,
            Optional<Priority> priority,
            Optional<String> reason,
            Optional<Instant> since,
            Optional<Instant> before) {
        this.domain = domain;
        this.sender = sender;
        this.recipient = recipient;
        this.state = state;
        this.priority = priority;
        this.reason = reason;
        this.since = since;
        this.before = before;
    }

    /** {@return a filter that selects by the domain of a pending delivery} */
    public static QueueFilter to(Domain domain) {
        return ALL.withDomain(domain);
    }

    /** {@return a filter that selects by the state of a delivery} */
    public static QueueFilter in(QueuedMail.State state) {
        return ALL.withState(state);
    }

    /** {@return this filter, which also selects by domain: the delivery is to it} */
    public QueueFilter withDomain(Domain wanted) {
        return new QueueFilter(Optional.of(wanted), sender, recipient, state, priority, reason, since, before);
    }

    /** {@return this filter, which also selects by the reverse-path} */
    public QueueFilter withSender(Mailbox wanted) {
        return new QueueFilter(domain, Optional.of(wanted), recipient, state, priority, reason, since, before);
    }

    /** {@return this filter, which also selects by a recipient for whom delivery is still pending} */
    public QueueFilter withRecipient(Mailbox wanted) {
        return new QueueFilter(domain, sender, Optional.of(wanted), state, priority, reason, since, before);
    }

    /** {@return this filter, which also selects by the state of the delivery} */
    public QueueFilter withState(QueuedMail.State wanted) {
        return new QueueFilter(domain, sender, recipient, Optional.of(wanted), priority, reason, since, before);
    }

    /** {@return this filter, which also selects by the priority of the delivery} */
    public QueueFilter withPriority(Priority wanted) {
        return new QueueFilter(domain, sender, recipient, state, Optional.of(wanted), reason, since, before);
    }

    /**
     * Returns this filter, which also selects by a part of the report of the last attempt at the delivery that has ended. The report is the
     * text of {@link QueuedMail.PastAttempt#report()}: it names the hosts contacted and quotes their replies. A delivery without an attempt
     * is not selected, even if it waits because its destination does not answer.
     *
     * @param wanted text that the report contains; upper and lower case are the same
     * @return a new filter
     * @throws IllegalArgumentException if it is empty or has more than {@value #MAX_TEXT} characters
     */
    public QueueFilter withReason(String wanted) {
        if (wanted.isEmpty() || wanted.length() > MAX_TEXT) {
            throw new IllegalArgumentException("The reason to search for has 1 to " + MAX_TEXT + " characters, not "
                    + wanted.length() + ": " + Printable.quote(wanted));
        }
        return new QueueFilter(domain, sender, recipient, state, priority, Optional.of(wanted), since, before);
    }

    /** {@return this filter, which also selects by time: the message was queued at this time or later} */
    public QueueFilter withQueuedSince(Instant wanted) {
        return new QueueFilter(domain, sender, recipient, state, priority, reason, Optional.of(wanted), before);
    }

    /** {@return this filter, which also selects by time: the message was queued before this time} */
    public QueueFilter withQueuedBefore(Instant wanted) {
        return new QueueFilter(domain, sender, recipient, state, priority, reason, since, Optional.of(wanted));
    }

    /** {@return the domain of the delivery} */
    public Optional<Domain> domain() {
        return domain;
    }

    /** {@return the reverse-path} */
    public Optional<Mailbox> sender() {
        return sender;
    }

    /** {@return a recipient for whom delivery is still pending} */
    public Optional<Mailbox> recipient() {
        return recipient;
    }

    /** {@return the state of the delivery} */
    public Optional<QueuedMail.State> state() {
        return state;
    }

    /** {@return the priority of the delivery} */
    public Optional<Priority> priority() {
        return priority;
    }

    /** {@return text that the report of the last attempt at the delivery contains} */
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
        return other instanceof QueueFilter that
                && domain.equals(that.domain)
                && sender.equals(that.sender)
                && recipient.equals(that.recipient)
                && state.equals(that.state)
                && priority.equals(that.priority)
                && reason.equals(that.reason)
                && since.equals(that.since)
                && before.equals(that.before);
    }

    @Override
    public int hashCode() {
        return Objects.hash(domain, sender, recipient, state, priority, reason, since, before);
    }

    @Override
    public String toString() {
        return "QueueFilter[domain=" + domain
                + ", sender=" + sender
                + ", recipient=" + recipient
                + ", state=" + state
                + ", priority=" + priority
                + ", reason=" + reason
                + ", since=" + since
                + ", before=" + before + "]";
    }
}
