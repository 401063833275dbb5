// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.util.Optional;
import org.postroad.api.Credentials;
import org.postroad.api.Relay;
import org.postroad.api.TlsSummary.Level;
import org.postroad.provider.internal.tls.Proof;
import org.postroad.provider.internal.tls.Protection;
import org.postroad.provider.internal.tls.StartTls;

/**
 * Protection required for one connection.
 *
 * @param implicit whether TLS is used from the first octet
 * @param protection the required protection
 * @param credentials for AUTH; sent only over verified TLS (RELAY-04)
 */
record Security(boolean implicit, Protection protection, Optional<Credentials> credentials) {

    static final Security NONE = of(StartTls.DISABLED);

    static Security of(StartTls startTls) {
        return of(Protection.unauthenticated(startTls));
    }

    static Security of(Protection protection) {
        return new Security(false, protection, Optional.empty());
    }

    static Security of(Relay relay) {
        return switch (relay.tls()) {
            case IMPLICIT -> new Security(true, verified(relay), relay.credentials());
            case REQUIRED -> new Security(false, verified(relay), relay.credentials());
            case OPPORTUNISTIC -> of(StartTls.OPPORTUNISTIC);
            case NEVER -> NONE;
        };
    }

    private static Protection verified(Relay relay) {
        Proof proof = relay.fingerprint().<Proof>map(Proof.Pinned::new).orElse(new Proof.Certificate());
        return new Protection(StartTls.REQUIRED, proof, Level.VERIFIED);
    }

    StartTls startTls() {
        return protection.startTls();
    }

    boolean isRequired() {
        return startTls() == StartTls.REQUIRED;
    }
}
