// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.Optional;

/**
 * Which messages of a queue: those to which all of this applies.
 *
 * @param domain something is still to be delivered to this domain
 * @param sender the reverse-path
 * @param recipient somebody who is still to get the message
 * @param state of a delivery; of that to the domain, where one is given
 */
public record QueueFilter(
        Optional<Domain> domain,
        Optional<Mailbox> sender,
        Optional<Mailbox> recipient,
        Optional<QueuedMail.State> state) {

    /** All messages. */
    public static final QueueFilter ALL =
            new QueueFilter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** Those to that domain. */
    public static QueueFilter to(Domain domain) {
        return new QueueFilter(Optional.of(domain), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Those with a delivery in that state. */
    public static QueueFilter in(QueuedMail.State state) {
        return new QueueFilter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(state));
    }
}
