// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.Optional;

/**
 * Selects messages of a queue. All given criteria must match; empty ones match everything.
 *
 * @param domain the message has a pending delivery to this domain
 * @param sender the reverse-path
 * @param recipient a recipient for whom delivery is still pending
 * @param state the state of a delivery; of the delivery to {@code domain}, if that is given
 */
public record QueueFilter(
        Optional<Domain> domain,
        Optional<Mailbox> sender,
        Optional<Mailbox> recipient,
        Optional<QueuedMail.State> state) {

    /** Selects all messages. */
    public static final QueueFilter ALL =
            new QueueFilter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** Selects the messages with a pending delivery to the domain. */
    public static QueueFilter to(Domain domain) {
        return new QueueFilter(Optional.of(domain), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Selects the messages with a delivery in the state. */
    public static QueueFilter in(QueuedMail.State state) {
        return new QueueFilter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(state));
    }
}
