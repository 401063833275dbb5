// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.mail.MessagingException;
import jakarta.mail.NoSuchProviderException;
import jakarta.mail.Session;

/**
 * Entry point: registers the transport with a Session, gives access to TLS reports, and releases what is kept between sends.
 * Thread-safe.
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
     * Closes all queues, stops all deliveries, and releases everything that is kept between sends: DNS answers, connections, settings,
     * threads, counts for TLS reports. Messages in a queue stay there. Running deliveries of a queue get
     * {@code mail.mx.queue.closetimeout} to finish; those of direct sends are stopped immediately. A later send starts afresh. Idempotent.
     */
    public static void close() {
        Engines.close();
    }
}
