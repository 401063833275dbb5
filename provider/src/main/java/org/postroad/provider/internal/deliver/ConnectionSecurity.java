// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.util.Optional;
import org.postroad.api.Relay;
import org.postroad.api.TlsSummary.Level;
import org.postroad.provider.internal.tls.PeerAuthentication;
import org.postroad.provider.internal.tls.RequiredProtection;
import org.postroad.provider.internal.tls.StartTls;

/**
 * Protection required for one connection.
 *
 * @param implicit whether TLS is used from the first octet
 * @param protection the required protection
 * @param login the relay to authenticate to; credentials are sent only over verified TLS (RELAY-04)
 */
record ConnectionSecurity(boolean implicit, RequiredProtection protection, Optional<Relay> login) {

    static final ConnectionSecurity NONE = of(StartTls.DISABLED);

    static ConnectionSecurity of(StartTls startTls) {
        return of(RequiredProtection.unauthenticated(startTls));
    }

    static ConnectionSecurity of(RequiredProtection protection) {
        return new ConnectionSecurity(false, protection, Optional.empty());
    }

    static ConnectionSecurity of(Relay relay) {
        return switch (relay.tls()) {
            case IMPLICIT -> new ConnectionSecurity(true, verified(relay), login(relay));
            case REQUIRED -> new ConnectionSecurity(false, verified(relay), login(relay));
            case OPPORTUNISTIC -> of(StartTls.OPPORTUNISTIC);
            case NEVER -> NONE;
        };
    }

    private static Optional<Relay> login(Relay relay) {
        return Optional.of(relay).filter(known -> known.credentialsSource().isPresent());
    }

    private static RequiredProtection verified(Relay relay) {
        PeerAuthentication proof = relay.fingerprint()
                .<PeerAuthentication>map(PeerAuthentication.Pinned::new)
                .orElse(new PeerAuthentication.Certificate());
        return new RequiredProtection(StartTls.REQUIRED, proof, Level.VERIFIED);
    }

    StartTls startTls() {
        return protection.startTls();
    }

    boolean isRequired() {
        return startTls() == StartTls.REQUIRED;
    }
}
