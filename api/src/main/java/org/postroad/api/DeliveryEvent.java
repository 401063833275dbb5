// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A step of the delivery to one domain, sent to a {@link org.postroad.spi.DeliveryListener} when it happens.
 *
 * <p>Later versions will add kinds of events, so a listener must ignore events that it does not know: it asks {@code instanceof} for those
 * that it wants, and needs no change for the others. What every event has ({@link #domain}, {@link #mail}, {@link #at}) and the text form also work for
 * unknown kinds.
 *
 * <p>A send begins with {@link SendStarted} and ends with {@link SendEnded}, both for each of its domains, on the thread that sends. All
 * events in between have the same {@link MailContext} object, so that they can be told from those of a concurrent send of the same message.
 * Mail in a queue is sent to one domain at a time.
 *
 * <p>{@link LookedUp}, {@link Connecting}, {@link TlsConcluded}, {@link Attempted} and {@link RelaysSelected} are the steps of one attempt,
 * which ends with {@link Concluded}. The other events are about mail in a queue. {@link Queued}, {@link Held}, {@link Released} and
 * {@link Removed} are sent after the commit, if the queue can observe it: not for a transaction of the caller's plain JDBC connection.
 * {@link Deferred}, {@link Expired}, {@link Bounced} and {@link DoubleBounced} are sent before the result is stored, so that none is lost;
 * after a crash in between, or if another process took over the delivery, they are sent again.
 */
public abstract class DeliveryEvent {

    private final Domain domain;
    private final MailContext mail;
    private final Instant at;
    private final Object content;

    /**
     * Creates an event.
     *
     * @param domain the recipient domain
     * @param mail the mail that it is about
     * @param at when it happened
     * @param content what happened, for comparison and for the text form
     */
    protected DeliveryEvent(Domain domain, MailContext mail, Instant at, Object content) {
        this.domain = domain;
        this.mail = mail;
        this.at = at;
        this.content = content;
    }

    /** {@return the recipient domain of the delivery} */
    public final Domain domain() {
        return domain;
    }

    /** {@return the mail that the event is about} */
    public final MailContext mail() {
        return mail;
    }

    /** {@return when it happened} */
    public final Instant at() {
        return at;
    }

    /** Events are equal if they are of the same class, about the same mail and domain, at the same time, and with equal content. */
    @Override
    public final boolean equals(Object other) {
        return other instanceof DeliveryEvent that
                && getClass() == that.getClass()
                && domain.equals(that.domain)
                && mail.equals(that.mail)
                && at.equals(that.at)
                && content.equals(that.content);
    }

    @Override
    public final int hashCode() {
        return Objects.hash(getClass(), domain, mail, at, content);
    }

    /** {@return for example {@code Connecting[domain, mail, time, content]}} */
    @Override
    public final String toString() {
        return getClass().getSimpleName() + "[" + domain + ", " + mail + ", " + at + ", " + content + "]";
    }

    /**
     * A send begins: of mail that is sent directly, or an attempt of a queue. Sent for each domain, before the first step of any, on the
     * thread that sends: for mail that is sent directly, the one on which the application called the transport.
     */
    public static final class SendStarted extends DeliveryEvent {

        private final List<Mailbox> recipients;
        private final int domains;

        /** Creates the event. */
        public SendStarted(Domain domain, MailContext mail, Instant at, List<Mailbox> recipients, int domains) {
            super(domain, mail, at, List.of(recipients, domains));
            this.recipients = List.copyOf(recipients);
            this.domains = domains;
        }

        /** {@return the recipients in the domain} */
        public List<Mailbox> recipients() {
            return recipients;
        }

        /** {@return the number of domains of the send, each of which has this event} */
        public int domains() {
            return domains;
        }
    }

    /**
     * A send has ended. Sent for each domain, after the last step of all, on the same thread as {@link SendStarted}; also for a domain whose
     * delivery never began, which has no {@link Concluded}.
     */
    public static final class SendEnded extends DeliveryEvent {

        private final DomainReport report;

        /** Creates the event. */
        public SendEnded(Domain domain, MailContext mail, Instant at, DomainReport report) {
            super(domain, mail, at, report);
            this.report = report;
        }

        /** {@return the result for each recipient} */
        public DomainReport report() {
            return report;
        }
    }

    /** A DNS lookup has finished. */
    public static final class LookedUp extends DeliveryEvent {

        private final Lookup<?> lookup;

        /** Creates the event. */
        public LookedUp(Domain domain, MailContext mail, Instant at, Lookup<?> lookup) {
            super(domain, mail, at, lookup);
            this.lookup = lookup;
        }

        /** {@return the question and its answer} */
        public Lookup<?> lookup() {
            return lookup;
        }
    }

    /** A connection attempt is about to start, or a pooled connection is about to be used. */
    public static final class Connecting extends DeliveryEvent {

        private final RemoteMta remote;

        /** Creates the event. */
        public Connecting(Domain domain, MailContext mail, Instant at, RemoteMta remote) {
            super(domain, mail, at, remote);
            this.remote = remote;
        }

        /** {@return the address to connect to} */
        public RemoteMta remote() {
            return remote;
        }
    }

    /** A contact with a host has ended. */
    public static final class Attempted extends DeliveryEvent {

        private final Attempt attempt;

        /** Creates the event. */
        public Attempted(Domain domain, MailContext mail, Instant at, Attempt attempt) {
            super(domain, mail, at, attempt);
            this.attempt = attempt;
        }

        /** {@return the contact, with its connection and its outcome for each recipient} */
        public Attempt attempt() {
            return attempt;
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

        /** Creates the event. */
        public TlsConcluded(Domain domain, MailContext mail, Instant at, TlsResult result) {
            super(domain, mail, at, result);
            this.result = result;
        }

        /** {@return the result, in the terms of TLS reporting} */
        public TlsResult result() {
            return result;
        }
    }

    /** The relay selector has returned. */
    public static final class RelaysSelected extends DeliveryEvent {

        private final List<Relay> relays;

        /** Creates the event. */
        public RelaysSelected(Domain domain, MailContext mail, Instant at, List<Relay> relays) {
            super(domain, mail, at, relays);
            this.relays = List.copyOf(relays);
        }

        /** {@return the relays in the order in which to try them; empty if the selector found none} */
        public List<Relay> relays() {
            return relays;
        }
    }

    /**
     * An attempt at the delivery to the domain has ended. For mail in a queue, {@link Deferred} or {@link Bounced} follow for the recipients
     * that did not get it.
     */
    public static final class Concluded extends DeliveryEvent {

        private final DomainReport report;

        /** Creates the event. */
        public Concluded(Domain domain, MailContext mail, Instant at, DomainReport report) {
            super(domain, mail, at, report);
            this.report = report;
        }

        /** {@return the result for each recipient} */
        public DomainReport report() {
            return report;
        }
    }

    /** The queue has accepted the mail. */
    public static final class Queued extends DeliveryEvent {

        private final List<Mailbox> recipients;

        /** Creates the event. */
        public Queued(Domain domain, MailContext mail, Instant at, List<Mailbox> recipients) {
            super(domain, mail, at, recipients);
            this.recipients = List.copyOf(recipients);
        }

        /** {@return the recipients in the domain} */
        public List<Mailbox> recipients() {
            return recipients;
        }
    }

    /** Queued mail has not been delivered to some recipients yet, and waits. */
    public static final class Deferred extends DeliveryEvent {

        private final List<RecipientReport> recipients;
        private final Instant nextAttempt;

        /** Creates the event. */
        public Deferred(
                Domain domain, MailContext mail, Instant at, List<RecipientReport> recipients, Instant nextAttempt) {
            super(domain, mail, at, List.of(recipients, nextAttempt));
            this.recipients = List.copyOf(recipients);
            this.nextAttempt = nextAttempt;
        }

        /** {@return those recipients, with the reasons} */
        public List<RecipientReport> recipients() {
            return recipients;
        }

        /** {@return when the next attempt is due} */
        public Instant nextAttempt() {
            return nextAttempt;
        }
    }

    /** Queued mail has been given up because its lifetime has ended. {@link Bounced} or {@link DoubleBounced} follows. */
    public static final class Expired extends DeliveryEvent {

        private final List<RecipientReport> recipients;

        /** Creates the event. */
        public Expired(Domain domain, MailContext mail, Instant at, List<RecipientReport> recipients) {
            super(domain, mail, at, recipients);
            this.recipients = List.copyOf(recipients);
        }

        /** {@return the recipients that do not get the mail, with the results of the last attempt} */
        public List<RecipientReport> recipients() {
            return recipients;
        }
    }

    /**
     * Queued mail has been given up: a server rejected it permanently, it has expired, or an operator ended it.
     *
     * <p>Normally sent once; a crash before the mail is removed from the queue can cause a second event.
     */
    public static final class Bounced extends DeliveryEvent {

        private final List<RecipientReport> recipients;
        private final boolean senderNotified;

        /** Creates the event. */
        public Bounced(
                Domain domain, MailContext mail, Instant at, List<RecipientReport> recipients, boolean senderNotified) {
            super(domain, mail, at, List.of(recipients, senderNotified));
            this.recipients = List.copyOf(recipients);
            this.senderNotified = senderNotified;
        }

        /** {@return the recipients that do not get the mail, with the reasons} */
        public List<RecipientReport> recipients() {
            return recipients;
        }

        /** {@return whether the queue mails a notice to the sender, unless the message asks for none (NOTIFY, RFC 3461); false with {@code mail.mx.queue.bounces=listener}} */
        public boolean senderNotified() {
            return senderNotified;
        }
    }

    /**
     * Queued mail with the null sender, as notices have, has been given up. No notice is mailed, except to the postmaster if
     * {@code mail.mx.queue.postmaster} is set.
     */
    public static final class DoubleBounced extends DeliveryEvent {

        private final List<RecipientReport> recipients;

        /** Creates the event. */
        public DoubleBounced(Domain domain, MailContext mail, Instant at, List<RecipientReport> recipients) {
            super(domain, mail, at, recipients);
            this.recipients = List.copyOf(recipients);
        }

        /** {@return the recipients that do not get the mail, with the reasons} */
        public List<RecipientReport> recipients() {
            return recipients;
        }
    }

    /** Queued mail is held until an operator releases it. */
    public static final class Held extends DeliveryEvent {

        private final String reason;

        /** Creates the event. */
        public Held(Domain domain, MailContext mail, Instant at, String reason) {
            super(domain, mail, at, reason);
            this.reason = reason;
        }

        /** {@return why, in words} */
        public String reason() {
            return reason;
        }
    }

    /** An operator has released held mail; it is due now. */
    public static final class Released extends DeliveryEvent {

        /** Creates the event. */
        public Released(Domain domain, MailContext mail, Instant at) {
            super(domain, mail, at, "");
        }
    }

    /** An operator has removed mail from the queue without a notice to the sender. */
    public static final class Removed extends DeliveryEvent {

        /** Creates the event. */
        public Removed(Domain domain, MailContext mail, Instant at) {
            super(domain, mail, at, "");
        }
    }
}
