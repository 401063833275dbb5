// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

import java.util.Optional;
import org.postroad.api.Host;
import org.postroad.api.HostName;
import org.postroad.api.TlsSummary.Level;

/**
 * The protection required for a connection to one mail exchanger.
 *
 * @param startTls whether TLS is required
 * @param proof what the certificate must prove
 * @param level the level reached with that proof
 * @param base the TLSA base domain, if TLSA records apply
 */
public record RequiredProtection(StartTls startTls, PeerAuthentication proof, Level level, Optional<HostName> base) {

    /** Protection without TLSA records. */
    public RequiredProtection(StartTls startTls, PeerAuthentication proof, Level level) {
        this(startTls, proof, level, Optional.empty());
    }

    static final RequiredProtection IN_THE_CLEAR =
            new RequiredProtection(StartTls.DISABLED, PeerAuthentication.NOTHING, Level.NONE);

    /** Returns protection without authentication of the server. */
    public static RequiredProtection unauthenticated(StartTls startTls) {
        return startTls == StartTls.DISABLED
                ? IN_THE_CLEAR
                : new RequiredProtection(startTls, PeerAuthentication.NOTHING, Level.OPPORTUNISTIC);
    }

    /**
     * TLS-07: returns the name for SNI and for the session cache: the TLSA base domain (RFC 7672 §8.1), else the host. A server that
     * selects its certificate by SNI presents the one that the TLSA records describe only for this name.
     */
    public Host serverName(Host host) {
        return base.map(Host.class::cast).orElse(host);
    }
}
