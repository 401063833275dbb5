// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.util.Optional;
import org.postroad.api.Credentials;
import org.postroad.api.Relay;
import org.postroad.api.TlsSummary.Level;
import org.postroad.provider.internal.deliver.Tools.StartTls;

/**
 * How one connection is to be protected.
 *
 * @param implicit TLS from the first octet
 * @param startTls what to do about STARTTLS
 * @param level what TLS has to prove
 * @param credentials who we are to the server; only over verified TLS (RELAY-04)
 */
record Security(boolean implicit, StartTls startTls, Level level, Optional<Credentials> credentials) {

    static final Security NONE = new Security(false, StartTls.DISABLED, Level.NONE, Optional.empty());

    static Security of(StartTls startTls) {
        return new Security(false, startTls, Level.OPPORTUNISTIC, Optional.empty());
    }

    static Security of(Relay relay) {
        return switch (relay.tls()) {
            case IMPLICIT -> new Security(true, StartTls.REQUIRED, Level.VERIFIED, relay.credentials());
            case REQUIRED -> new Security(false, StartTls.REQUIRED, Level.VERIFIED, relay.credentials());
            case OPPORTUNISTIC -> of(StartTls.OPPORTUNISTIC);
            case NEVER -> NONE;
        };
    }

    /** Whether what cannot be encrypted is sent in the clear (RFC 7435). */
    boolean mayFallBack() {
        return startTls == StartTls.OPPORTUNISTIC;
    }
}
