// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

import java.util.Optional;
import org.postroad.api.Host;
import org.postroad.api.HostName;
import org.postroad.api.TlsSummary.Level;

/**
 * How a connection to one mail exchanger is to be protected.
 *
 * @param startTls whether there has to be TLS
 * @param proof what its certificate has to prove
 * @param level what is reached if it does
 * @param base the TLSA base domain, where TLSA records decide
 */
public record Protection(StartTls startTls, Proof proof, Level level, Optional<HostName> base) {

    /** Where no TLSA record decides. */
    public Protection(StartTls startTls, Proof proof, Level level) {
        this(startTls, proof, level, Optional.empty());
    }

    static final Protection IN_THE_CLEAR = new Protection(StartTls.DISABLED, Proof.NOTHING, Level.NONE);

    /** Nobody is authenticated. */
    public static Protection unauthenticated(StartTls startTls) {
        return startTls == StartTls.DISABLED
                ? IN_THE_CLEAR
                : new Protection(startTls, Proof.NOTHING, Level.OPPORTUNISTIC);
    }

    /**
     * TLS-07: whom the handshake asks for, and under which name its session is kept: the TLSA base domain (RFC 7672 §8.1), else the host. A
     * server that chooses its certificate by name has the one that the records are of under this name.
     */
    public Host serverName(Host host) {
        return base.map(Host.class::cast).orElse(host);
    }
}
