// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.NoSuchProviderException;
import jakarta.mail.Session;
import java.util.concurrent.CompletionStage;
import org.postroad.api.AuditOptions;
import org.postroad.api.AuditReport;
import org.postroad.api.Domain;
import org.postroad.api.ProbeOptions;
import org.postroad.api.ProbeReport;
import org.postroad.api.RoutePlan;
import org.postroad.api.SetupFinding;
import org.postroad.api.SetupReport;

/**
 * Entry point: registers the transport with a Session, sends with a result, finds out where mail would go and what the hosts there do,
 * checks a Session, gives access to TLS reports, and releases what is kept between sends. Thread-safe.
 */
public final class Postroad {

    private Postroad() {}

    /**
     * Makes the Session send internet mail through {@code mx}, independent of class loaders and properties.
     *
     * @param session the Session to change
     * @throws NoSuchProviderException if the Session rejects the provider
     */
    public static void install(Session session) throws NoSuchProviderException {
        session.setProvider(new MxProvider());
        session.setProtocolForAddress("rfc822", MxTransport.PROTOCOL);
    }

    /**
     * Sends like {@link jakarta.mail.Transport#send(Message)}, and returns what happened. It calls {@code saveChanges} and sends to all
     * recipients in the header fields of the message, through the transport that the Session of the message has for internet mail.
     *
     * @param message a {@code MimeMessage}, written once on the calling thread
     * @return the result, if the message was accepted for all recipients
     * @throws MessagingException as {@link #send(Message, Address...)}
     */
    public static SendResult send(Message message) throws MessagingException {
        return SendWithResult.send(message);
    }

    /**
     * Sends like {@link jakarta.mail.Transport#send(Message, Address[])}, and returns what happened. It calls {@code saveChanges} and
     * sends through the transport that the Session of the message has for internet mail.
     *
     * @param message a {@code MimeMessage}, written once on the calling thread
     * @param recipients the envelope recipients, {@code InternetAddress} objects; the header fields of the message are not used. An
     *     empty array is an error, as in {@code Transport.send}
     * @return the result, if the message was accepted for all recipients
     * @throws MxSendFailedException if a recipient was not accepted; it has the result of each recipient. With
     *     {@code mail.mx.reportsuccess}, also if all were accepted
     * @throws jakarta.mail.SendFailedException if there are no recipients, or one is not an {@code InternetAddress}, such as a newsgroup
     * @throws NoSuchProviderException if the Session sends internet mail through a transport other than {@code mx} and {@code mxqueue}
     * @throws MessagingException as {@link MxTransport#sendMessage} and {@link MxQueueTransport#sendMessage}
     */
    public static SendResult send(Message message, Address... recipients) throws MessagingException {
        return SendWithResult.send(message, recipients);
    }

    /**
     * Sends like {@link #send(Message)}, on another thread. See {@link #sendAsync(Message, Address...)}.
     *
     * @param message must not be changed, or sent again, until the stage is completed
     * @return completed with the result, or with the exception that {@link #send(Message)} throws
     */
    public static CompletionStage<SendResult> sendAsync(Message message) {
        return Engines.asyncSends().submit(() -> SendWithResult.send(message), MessagingException::new);
    }

    /**
     * Sends like {@link #send(Message, Address...)}, on another thread, and returns without waiting for it.
     *
     * <p><b>Threads.</b> The send runs on a daemon thread {@code postroad-send-*}, where {@code saveChanges} is called, the message is written
     * and plug-ins are looked up, with the context class loader of the calling thread. No other context of the calling thread is there: no
     * transaction, so that a message for {@code mxqueue} is stored immediately and independently of the caller's, and in some servers no
     * {@code java:comp} names. If such a context is needed, call {@link #send(Message, Address...)} in an executor of the server. Deliveries
     * run where they run for {@code send}, with {@code mail.mx.executor} there. In a process at most 200 asynchronous sends run at a time,
     * and at most 10000 more wait; the time of {@code mail.mx.deadline} starts when a send begins. Dependent
     * stages without an executor of their own may run on the thread of the send, and must not block it.
     *
     * <p><b>Errors.</b> The stage is completed with the exception that {@code send} throws; stages that depend on it receive a
     * {@link java.util.concurrent.CompletionException} with that cause. If too many sends wait, or {@link #close()} is called before the
     * send begins, it is completed with a {@code MessagingException} and nothing was sent.
     *
     * <p><b>Cancellation.</b> {@code toCompletableFuture().cancel(false)} prevents a send that has not begun. {@code cancel(true)} also
     * interrupts a running one, which then stops as described at {@link MxTransport#sendMessage}; recipients may have got the message by
     * then. The cancelled future does not have the report. Cancelling a dependent stage, or a time-out of the future, does not affect the
     * send. {@link #close()} interrupts running sends; their stages are completed with the exception, which has the report.
     *
     * @param message must not be changed, or sent again, until the stage is completed, and not at all after {@code cancel(true)}
     * @param recipients the envelope recipients; the array is copied
     * @return completed with the result, or exceptionally
     */
    public static CompletionStage<SendResult> sendAsync(Message message, Address... recipients) {
        Address[] copy = recipients.clone();
        return Engines.asyncSends().submit(() -> SendWithResult.send(message, copy), MessagingException::new);
    }

    /**
     * Returns where mail to these recipients would go: the hosts and addresses of each domain, which of them are contacted in which order
     * and with which TLS, why the others are passed over, and the result if none answers. The routing algorithm of the transports decides,
     * with the settings and plug-ins of the Session and the state of the network now.
     *
     * <p>DNS, MTA-STS policies and the relay selector are asked as for a message, with the same caches, within {@code mail.mx.deadline}.
     * No mail server is contacted, and no {@code DeliveryListener} is called. Three things can differ in a delivery: hosts of equal
     * preference are in another random order, an idle connection to a later address of a host is used first, and an address order of an
     * application may answer differently.
     *
     * @param session has the settings; {@code mail.mx.from} is the sender, which a relay selector may need
     * @param recipients {@code InternetAddress} objects
     * @return the plan; malformed addresses are part of it
     * @throws jakarta.mail.SendFailedException if there are no recipients, or one is not an {@code InternetAddress}
     * @throws MessagingException if a property is wrong, a library is missing, or the thread was interrupted, and stays so
     */
    public static RoutePlan route(Session session, Address... recipients) throws MessagingException {
        return RouteQuery.route(session, recipients);
    }

    /**
     * Connects to the hosts to which mail to these recipients would go, as a delivery does, and sends no message: greeting, EHLO, STARTTLS with
     * the checks that the route demands, and QUIT; with {@link ProbeOptions#withRecipients()} also MAIL and RCPT. DATA and BDAT are never
     * sent.
     *
     * <p>It runs on the calling thread, domain by domain, each within {@code mail.mx.deadline}. Connections that are kept for mail are not
     * used. No {@code DeliveryListener} is called, and nothing counts for TLS reports; addresses that do not answer are remembered as by a
     * delivery.
     *
     * @param session has the settings; {@code mail.mx.from} is the sender, else {@code <>}
     * @param options what is done
     * @param recipients {@code InternetAddress} objects
     * @return the report; malformed addresses are part of it
     * @throws jakarta.mail.SendFailedException if there are no recipients, or one is not an {@code InternetAddress}
     * @throws MessagingException if a property is wrong, this host has no usable name, a library is missing, or the thread was
     *     interrupted, and stays so
     */
    public static ProbeReport probe(Session session, ProbeOptions options, Address... recipients)
            throws MessagingException {
        return RouteQuery.probe(session, options, recipients);
    }

    /**
     * Audits how a domain receives mail from senders that reach IPv4 only, IPv6 only, or both, with everything working and with each single
     * host or address down: rules AUDIT-01 to AUDIT-10, which {@code provider/AUDIT.md} explains. The routing algorithm of the transports
     * decides who takes the mail of the simulated senders. No message is sent: DATA and BDAT are never sent.
     *
     * <p>It runs on the calling thread, within {@code mail.mx.deadline}. DNS is asked afresh, and the authoritative servers of the zones
     * directly, at port 53, without recursion; not if DNS is a plug-in. Unless {@link AuditOptions#withoutConnections()} is chosen, the addresses
     * of the hosts are contacted one after the other, as by {@link #probe}, at most 40 of them. {@code mail.mx.routes}, and whether this host is
     * a mail exchanger of the domain, do not matter.
     *
     * @param session has the settings
     * @param domain a domain name
     * @param options what is done
     * @return the report; what fails temporarily is a finding of the level {@code TEMPORARY}
     * @throws IllegalArgumentException if the domain is an address literal, or too long for an address
     * @throws MessagingException if a property is wrong, this host has no usable name and connections are wanted, a library is missing, or
     *     the thread was interrupted, and stays so
     */
    public static AuditReport audit(Session session, Domain domain, AuditOptions options) throws MessagingException {
        return RouteQuery.audit(session, domain, options);
    }

    /**
     * Returns the TLS reports about the mail exchangers of domains (RFC 8460).
     *
     * @param session has the settings; Sessions with equal {@code mail.mx.*} settings share the counts
     * @return the reports
     * @throws MessagingException if {@code mail.mx.tlsrpt.contact} is not set, or a property is wrong
     */
    public static TlsReports tlsReports(Session session) throws MessagingException {
        return TlsReports.of(session);
    }

    /**
     * Checks whether the Session can send where it is called: in an application server, on a thread of the application. It looks at the
     * transports that Jakarta Mail would use, the settings, this host, the plug-ins, and the queue; see {@link SetupFinding.Subject}. No mail
     * is sent, no queue is opened, and nothing is sent over the network: what needs it is not checked.
     *
     * @param session the Session to check
     * @return the report; problems are findings, not exceptions
     */
    public static SetupReport check(Session session) {
        return SetupCheck.of(session, false);
    }

    /**
     * Checks like {@link #check(Session)}, and uses the network if that is allowed: looks up the name of this host in DNS, within
     * {@code mail.mx.dns.timeout}, and gets a connection from the DataSource of the queue, which takes as long as that allows. If the calling
     * thread is interrupted meanwhile, it stays interrupted, and the report says what was not checked.
     *
     * @param session the Session to check
     * @param withNetwork whether the network may be used
     * @return the report; problems are findings, not exceptions
     */
    public static SetupReport check(Session session, boolean withNetwork) {
        return SetupCheck.of(session, withNetwork);
    }

    /**
     * Closes the queue of the Session, if the calling application opened it, although it may be in use, and the idle connections of sends with
     * its settings. For an application that stops in a server where several applications share Postroad. A queue that another application
     * opened, or the queue of another Session, stays open. Messages in the queue stay there; running deliveries of the queue get
     * {@code mail.mx.queue.closetimeout} to finish. Idempotent.
     *
     * @param session has the settings
     * @throws MessagingException if a property is wrong
     */
    public static void close(Session session) throws MessagingException {
        Engines.close(Engines.properties(session));
    }

    /**
     * Closes everything of the calling application: all queues that it opened, and idle connections. The application is known by the context
     * class loader. If Postroad is in the application and not in the server, this is {@link #close()}. A web application need not call it:
     * servlet containers do so when the application stops. When this returns, the threads of the application have ended, unless one did not
     * react to an interrupt for five seconds. Idempotent.
     */
    public static void closeApplication() {
        Engines.closeApplication();
    }

    /**
     * Closes all queues, stops all deliveries, and releases everything that is kept between sends: DNS answers, connections, settings,
     * threads, counts for TLS reports. Messages in a queue stay there. Running deliveries of a queue get
     * {@code mail.mx.queue.closetimeout} to finish; those of direct sends are stopped immediately. Asynchronous sends are interrupted, and
     * do not begin if they are waiting. A later send starts afresh. Idempotent.
     */
    public static void close() {
        Engines.close();
    }
}
