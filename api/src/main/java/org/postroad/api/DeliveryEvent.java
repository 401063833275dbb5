// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.List;
import java.util.Optional;

/** A step of the delivery to one domain, sent to a {@link org.postroad.spi.DeliveryListener} when it happens. */
public sealed interface DeliveryEvent {

    /** @return the recipient domain of the delivery */
    Domain domain();

    /**
     * A DNS lookup has finished.
     *
     * @param domain the recipient domain of the delivery
     * @param lookup the question and its answer
     */
    record LookedUp(Domain domain, Lookup<?> lookup) implements DeliveryEvent {}

    /**
     * A connection attempt is about to start.
     *
     * @param domain the recipient domain of the delivery
     * @param remote the address to connect to
     */
    record Connecting(Domain domain, RemoteMta remote) implements DeliveryEvent {}

    /**
     * A contact with a host has ended.
     *
     * @param domain the recipient domain of the delivery
     * @param attempt the contact, with its outcome for each recipient
     */
    record Attempted(Domain domain, Attempt attempt) implements DeliveryEvent {}

    /**
     * A session with a mail exchanger has passed the STARTTLS stage, with or without TLS, or published TLS policies prevented
     * the session.
     *
     * <p>Sent once for each connection, before the {@link Attempted} event of the same contact. Not sent for relays, and not for mail
     * with {@code TLS-Required: No} (RFC 8689 §5).
     *
     * @param domain the recipient domain of the delivery
     * @param result the result, in the terms of TLS reporting
     */
    record TlsConcluded(Domain domain, TlsResult result) implements DeliveryEvent {}

    /**
     * The relay selector has returned.
     *
     * @param domain the recipient domain of the delivery
     * @param relays in the order in which to try them; empty if the selector found no relay
     */
    record RelaysSelected(Domain domain, List<Relay> relays) implements DeliveryEvent {
        public RelaysSelected {
            relays = List.copyOf(relays);
        }
    }

    /**
     * Queued mail has been given up, and no notice is mailed to the sender: {@code mail.mx.queue.bounces=listener} is set, or
     * the message has the null sender, as notices have (a double bounce).
     *
     * <p>Sent before the mail is removed from the queue. Normally sent once; a crash between the two steps can cause a second
     * event.
     *
     * @param domain the recipient domain of the delivery
     * @param mail the message and its recipients
     */
    record Undeliverable(Domain domain, AbandonedMail mail) implements DeliveryEvent {}

    /**
     * Queued mail that was given up.
     *
     * @param queueId its id in the queue
     * @param sender the reverse-path; empty for the null sender
     * @param envelopeId the ENVID (RFC 3461 §4.4)
     * @param messageId the {@code Message-ID} header field
     * @param recipients the recipients that do not get the message, with the reasons
     */
    record AbandonedMail(
            String queueId,
            Optional<Mailbox> sender,
            Optional<String> envelopeId,
            Optional<String> messageId,
            List<RecipientReport> recipients) {
        public AbandonedMail {
            recipients = List.copyOf(recipients);
        }
    }

    /**
     * The delivery to the domain has ended.
     *
     * @param domain the recipient domain of the delivery
     * @param report the result for each recipient
     */
    record Concluded(Domain domain, DomainReport report) implements DeliveryEvent {}
}
