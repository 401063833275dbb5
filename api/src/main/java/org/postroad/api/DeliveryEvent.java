// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A step of the delivery to one domain, sent to a {@link org.postroad.spi.DeliveryListener} when it happens.
 *
 * <p>Later versions will add kinds of events, and information about the delivery that every event has. So a listener must ignore
 * events that it does not know. Only this class has subclasses; they are all nested in it.
 */
public abstract class DeliveryEvent {

    private final Domain domain;

    private DeliveryEvent(Domain domain) {
        this.domain = domain;
    }

    /** {@return the recipient domain of the delivery} */
    public final Domain domain() {
        return domain;
    }

    /** A DNS lookup has finished. */
    public static final class LookedUp extends DeliveryEvent {

        private final Lookup<?> lookup;

        /** Creates the event of a lookup. */
        public LookedUp(Domain domain, Lookup<?> lookup) {
            super(domain);
            this.lookup = lookup;
        }

        /** {@return the question and its answer} */
        public Lookup<?> lookup() {
            return lookup;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof LookedUp that && domain().equals(that.domain()) && lookup.equals(that.lookup);
        }

        @Override
        public int hashCode() {
            return Objects.hash(domain(), lookup);
        }

        @Override
        public String toString() {
            return "LookedUp[domain=" + domain() + ", lookup=" + lookup + "]";
        }
    }

    /** A connection attempt is about to start. */
    public static final class Connecting extends DeliveryEvent {

        private final RemoteMta remote;

        /** Creates the event before a connection attempt. */
        public Connecting(Domain domain, RemoteMta remote) {
            super(domain);
            this.remote = remote;
        }

        /** {@return the address to connect to} */
        public RemoteMta remote() {
            return remote;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Connecting that && domain().equals(that.domain()) && remote.equals(that.remote);
        }

        @Override
        public int hashCode() {
            return Objects.hash(domain(), remote);
        }

        @Override
        public String toString() {
            return "Connecting[domain=" + domain() + ", remote=" + remote + "]";
        }
    }

    /** A contact with a host has ended. */
    public static final class Attempted extends DeliveryEvent {

        private final Attempt attempt;

        /** Creates the event after a contact. */
        public Attempted(Domain domain, Attempt attempt) {
            super(domain);
            this.attempt = attempt;
        }

        /** {@return the contact, with its outcome for each recipient} */
        public Attempt attempt() {
            return attempt;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Attempted that && domain().equals(that.domain()) && attempt.equals(that.attempt);
        }

        @Override
        public int hashCode() {
            return Objects.hash(domain(), attempt);
        }

        @Override
        public String toString() {
            return "Attempted[domain=" + domain() + ", attempt=" + attempt + "]";
        }
    }

    /**
     * A session with a mail exchanger has passed the STARTTLS stage, with or without TLS, or published TLS policies prevented
     * the session.
     *
     * <p>Sent once for each connection, before the {@link Attempted} event of the same contact. Not sent for relays, and not for mail
     * with {@code TLS-Required: No} (RFC 8689 §5).
     */
    public static final class TlsConcluded extends DeliveryEvent {

        private final TlsResult result;

        /** Creates the event of a TLS result. */
        public TlsConcluded(Domain domain, TlsResult result) {
            super(domain);
            this.result = result;
        }

        /** {@return the result, in the terms of TLS reporting} */
        public TlsResult result() {
            return result;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof TlsConcluded that && domain().equals(that.domain()) && result.equals(that.result);
        }

        @Override
        public int hashCode() {
            return Objects.hash(domain(), result);
        }

        @Override
        public String toString() {
            return "TlsConcluded[domain=" + domain() + ", result=" + result + "]";
        }
    }

    /** The relay selector has returned. */
    public static final class RelaysSelected extends DeliveryEvent {

        private final List<Relay> relays;

        /** Creates the event of a choice of relays. */
        public RelaysSelected(Domain domain, List<Relay> relays) {
            super(domain);
            this.relays = List.copyOf(relays);
        }

        /** {@return the relays in the order in which to try them; empty if the selector found none} */
        public List<Relay> relays() {
            return relays;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof RelaysSelected that && domain().equals(that.domain()) && relays.equals(that.relays);
        }

        @Override
        public int hashCode() {
            return Objects.hash(domain(), relays);
        }

        @Override
        public String toString() {
            return "RelaysSelected[domain=" + domain() + ", relays=" + relays + "]";
        }
    }

    /**
     * Queued mail has been given up, and no notice is mailed to the sender: {@code mail.mx.queue.bounces=listener} is set, or
     * the message has the null sender, as notices have (a double bounce).
     *
     * <p>Sent before the mail is removed from the queue. Normally sent once; a crash between the two steps can cause a second
     * event.
     */
    public static final class Undeliverable extends DeliveryEvent {

        private final AbandonedMail mail;

        /** Creates the event of mail that was given up. */
        public Undeliverable(Domain domain, AbandonedMail mail) {
            super(domain);
            this.mail = mail;
        }

        /** {@return the message and its recipients} */
        public AbandonedMail mail() {
            return mail;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Undeliverable that && domain().equals(that.domain()) && mail.equals(that.mail);
        }

        @Override
        public int hashCode() {
            return Objects.hash(domain(), mail);
        }

        @Override
        public String toString() {
            return "Undeliverable[domain=" + domain() + ", mail=" + mail + "]";
        }
    }

    /** Queued mail that was given up. */
    public static final class AbandonedMail {

        private final String queueId;
        private final Optional<Mailbox> sender;
        private final Optional<String> envelopeId;
        private final Optional<String> messageId;
        private final List<RecipientReport> recipients;

        /** Creates a description of the mail. */
        public AbandonedMail(
                String queueId,
                Optional<Mailbox> sender,
                Optional<String> envelopeId,
                Optional<String> messageId,
                List<RecipientReport> recipients) {
            this.queueId = queueId;
            this.sender = sender;
            this.envelopeId = envelopeId;
            this.messageId = messageId;
            this.recipients = List.copyOf(recipients);
        }

        /** {@return the id of the mail in the queue} */
        public String queueId() {
            return queueId;
        }

        /** {@return the reverse-path; empty for the null sender} */
        public Optional<Mailbox> sender() {
            return sender;
        }

        /** {@return the ENVID (RFC 3461 §4.4)} */
        public Optional<String> envelopeId() {
            return envelopeId;
        }

        /** {@return the {@code Message-ID} header field} */
        public Optional<String> messageId() {
            return messageId;
        }

        /** {@return the recipients that do not get the message, with the reasons} */
        public List<RecipientReport> recipients() {
            return recipients;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof AbandonedMail that
                    && queueId.equals(that.queueId)
                    && sender.equals(that.sender)
                    && envelopeId.equals(that.envelopeId)
                    && messageId.equals(that.messageId)
                    && recipients.equals(that.recipients);
        }

        @Override
        public int hashCode() {
            return Objects.hash(queueId, sender, envelopeId, messageId, recipients);
        }

        @Override
        public String toString() {
            return "AbandonedMail[queueId=" + queueId
                    + ", sender=" + sender
                    + ", envelopeId=" + envelopeId
                    + ", messageId=" + messageId
                    + ", recipients=" + recipients + "]";
        }
    }

    /** The delivery to the domain has ended. */
    public static final class Concluded extends DeliveryEvent {

        private final DomainReport report;

        /** Creates the event at the end. */
        public Concluded(Domain domain, DomainReport report) {
            super(domain);
            this.report = report;
        }

        /** {@return the result for each recipient} */
        public DomainReport report() {
            return report;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Concluded that && domain().equals(that.domain()) && report.equals(that.report);
        }

        @Override
        public int hashCode() {
            return Objects.hash(domain(), report);
        }

        @Override
        public String toString() {
            return "Concluded[domain=" + domain() + ", report=" + report + "]";
        }
    }
}
