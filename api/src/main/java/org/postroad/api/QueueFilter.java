// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.Objects;
import java.util.Optional;

/** Selects messages of a queue. All given criteria must match; {@link #ALL} has none. */
public final class QueueFilter {

    /** Selects all messages. */
    public static final QueueFilter ALL =
            new QueueFilter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private final Optional<Domain> domain;
    private final Optional<Mailbox> sender;
    private final Optional<Mailbox> recipient;
    private final Optional<QueuedMail.State> state;

    private QueueFilter(
            Optional<Domain> domain,
            Optional<Mailbox> sender,
            Optional<Mailbox> recipient,
            Optional<QueuedMail.State> state) {
        this.domain = domain;
        this.sender = sender;
        this.recipient = recipient;
        this.state = state;
    }

    /** {@return a filter that selects the messages with a pending delivery to the domain} */
    public static QueueFilter to(Domain domain) {
        return ALL.withDomain(domain);
    }

    /** {@return a filter that selects the messages with a delivery in the state} */
    public static QueueFilter in(QueuedMail.State state) {
        return ALL.withState(state);
    }

    /** {@return this filter, which also selects by domain: the message has a pending delivery to it} */
    public QueueFilter withDomain(Domain wanted) {
        return new QueueFilter(Optional.of(wanted), sender, recipient, state);
    }

    /** {@return this filter, which also selects by the reverse-path} */
    public QueueFilter withSender(Mailbox wanted) {
        return new QueueFilter(domain, Optional.of(wanted), recipient, state);
    }

    /** {@return this filter, which also selects by a recipient for whom delivery is still pending} */
    public QueueFilter withRecipient(Mailbox wanted) {
        return new QueueFilter(domain, sender, Optional.of(wanted), state);
    }

    /** {@return this filter, which also selects by the state of a delivery; of the delivery to the domain, if that is given} */
    public QueueFilter withState(QueuedMail.State wanted) {
        return new QueueFilter(domain, sender, recipient, Optional.of(wanted));
    }

    /** {@return the domain that the message has a pending delivery to} */
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

    /** {@return the state of a delivery; of the delivery to the domain, if that is given} */
    public Optional<QueuedMail.State> state() {
        return state;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof QueueFilter that
                && domain.equals(that.domain)
                && sender.equals(that.sender)
                && recipient.equals(that.recipient)
                && state.equals(that.state);
    }

    @Override
    public int hashCode() {
        return Objects.hash(domain, sender, recipient, state);
    }

    @Override
    public String toString() {
        return "QueueFilter[domain=" + domain + ", sender=" + sender + ", recipient=" + recipient + ", state=" + state
                + "]";
    }
}
