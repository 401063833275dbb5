// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.List;
import java.util.Optional;

/** A step of a delivery to one domain, told to a {@link org.postroad.spi.DeliveryListener} as it happens. */
public sealed interface DeliveryEvent {

    /** Whose delivery this is a step of. */
    Domain domain();

    /** DNS answered. */
    record LookedUp(Domain domain, Lookup<?> lookup) implements DeliveryEvent {}

    /** A dial is about to begin. */
    record Connecting(Domain domain, RemoteMta remote) implements DeliveryEvent {}

    /** A contact is over. */
    record Attempted(Domain domain, Attempt attempt) implements DeliveryEvent {}

    /**
     * A session with a mail exchanger got past STARTTLS, with or without TLS; or there was none, for what is published about TLS.
     * Told of each connection once, before the {@link Attempted} that it is a part of; not of relays, nor of mail that may go
     * without TLS (RFC 8689 §5).
     */
    record TlsConcluded(Domain domain, TlsResult result) implements DeliveryEvent {}

    /** The relay selector answered; perhaps with none. */
    record RelaysSelected(Domain domain, List<Relay> relays) implements DeliveryEvent {
        public RelaysSelected {
            relays = List.copyOf(relays);
        }
    }

    /**
     * Mail from the queue is given up, and its sender is not told by mail: because of {@code mail.mx.queue.bounces=listener}, or because
     * the message is from the null sender, as notices are (a double bounce). Told before it is taken out of the queue: once, or twice where a
     * crash comes between.
     */
    record Undeliverable(Domain domain, Undelivered mail) implements DeliveryEvent {}

    /**
     * What was given up.
     *
     * @param queueId its name in the queue
     * @param sender the reverse-path; empty: the null sender
     * @param envelopeId ENVID (RFC 3461 §4.4)
     * @param messageId the field Message-ID
     * @param recipients who does not get it, and why
     */
    record Undelivered(
            String queueId,
            Optional<Mailbox> sender,
            Optional<String> envelopeId,
            Optional<String> messageId,
            List<RecipientReport> recipients) {
        public Undelivered {
            recipients = List.copyOf(recipients);
        }
    }

    /** The delivery is over. */
    record Concluded(Domain domain, DomainReport report) implements DeliveryEvent {}
}
