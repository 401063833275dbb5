// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.time.InstantSource;
import org.postroad.api.RemoteMta;
import org.postroad.provider.internal.connect.Dialler;
import org.postroad.provider.internal.smtp.DialogueLog;
import org.postroad.provider.internal.smtp.SmtpSettings;
import org.postroad.provider.internal.smtp.Watchdog;
import org.postroad.provider.internal.tls.TlsUpgrade;

/**
 * What contacting a host takes.
 *
 * @param dialler opens connections
 * @param tls secures them
 * @param smtp how to speak
 * @param watchdog ends writes that nobody takes
 * @param log is told the dialogue
 * @param clock tells when a contact began
 * @param policy how connections to mail exchangers are protected
 * @param maxRecipients in one transaction
 * @param connections those that there are
 * @param broken what servers break on
 * @param hellos where hybrid groups failed
 */
public record Tools(
        Dialler dialler,
        TlsUpgrade tls,
        SmtpSettings smtp,
        Watchdog watchdog,
        DialogueLog log,
        InstantSource clock,
        TlsPolicy policy,
        int maxRecipients,
        Connections connections,
        BrokenExtensions broken,
        LargeHellos hellos) {

    /** What a connection to that address is kept under. */
    Connections.Key key(RemoteMta remote, Security security) {
        return new Connections.Key(remote, security, smtp.self(), dialler.connector());
    }

    /** How to speak with that server. */
    SmtpSettings smtpFor(RemoteMta remote) {
        return broken.fit(remote, smtp);
    }
}
