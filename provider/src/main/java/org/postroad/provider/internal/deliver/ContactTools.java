// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.time.InstantSource;
import org.postroad.api.RemoteMta;
import org.postroad.provider.internal.connect.Dialler;
import org.postroad.provider.internal.smtp.DialogueLog;
import org.postroad.provider.internal.smtp.SmtpSettings;
import org.postroad.provider.internal.smtp.Watchdog;
import org.postroad.provider.internal.tls.TlsHandshakes;

/**
 * Services and settings for contacting a host.
 *
 * @param dialler opens connections
 * @param tls performs TLS handshakes
 * @param smtp settings of the dialogue
 * @param watchdog closes connections whose operations exceed their time limit
 * @param log receives the dialogue
 * @param clock for the times of contacts
 * @param policy how connections to mail exchangers are protected
 * @param maxRecipients in one transaction
 * @param connections the connection pool
 * @param broken servers that fail on extensions
 * @param hellos servers at which hybrid groups failed
 * @param credentials what relays received recently
 */
public record ContactTools(
        Dialler dialler,
        TlsHandshakes tls,
        SmtpSettings smtp,
        Watchdog watchdog,
        DialogueLog log,
        InstantSource clock,
        TlsPreferences policy,
        int maxRecipients,
        ConnectionPool connections,
        BrokenExtensions broken,
        HybridGroupFailures hellos,
        RecentCredentials credentials) {

    /** Returns the same services with another connection pool. */
    ContactTools with(ConnectionPool pool) {
        return new ContactTools(
                dialler, tls, smtp, watchdog, log, clock, policy, maxRecipients, pool, broken, hellos, credentials);
    }

    /** Returns the same services with another protection of connections. */
    public ContactTools with(TlsPreferences other) {
        return new ContactTools(
                dialler,
                tls,
                smtp,
                watchdog,
                log,
                clock,
                other,
                maxRecipients,
                connections,
                broken,
                hellos,
                credentials);
    }

    /** Returns the key under which a connection to this address is kept. */
    ConnectionKey key(RemoteMta remote, ConnectionSecurity security) {
        return new ConnectionKey(remote, security, smtp.self(), dialler.connector());
    }

    /** Returns the dialogue settings for this server. */
    SmtpSettings smtpFor(RemoteMta remote) {
        return broken.fit(remote, smtp);
    }
}
