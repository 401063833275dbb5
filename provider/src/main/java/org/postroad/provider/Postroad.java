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
     * Closes all queues, stops all deliveries, and releases everything that is kept between sends: DNS answers, connections, settings,
     * threads, counts for TLS reports. Messages in a queue stay there. Running deliveries of a queue get
     * {@code mail.mx.queue.closetimeout} to finish; those of direct sends are stopped immediately. A later send starts afresh. Idempotent.
     */
    public static void close() {
        Engines.close();
    }
}
