// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

import java.util.Set;
import org.postroad.api.HostName;
import org.postroad.api.TlsaRecord;

/** What a server's certificate must prove. Sealed. */
public sealed interface PeerAuthentication {

    /** Any certificate is accepted (RFC 7435). */
    PeerAuthentication NOTHING = new Nothing();

    /** Any certificate is accepted. */
    record Nothing() implements PeerAuthentication {}

    /** The certificate chains to the trust store and names the host (RFC 8461 §4.2, RFC 9525). */
    record Certificate() implements PeerAuthentication {}

    /**
     * MTA-STS testing mode (RFC 8461 §5): like {@link Certificate}, and the policy would have to list the host. Violations are reported,
     * and the mail is sent.
     *
     * @param listed whether the policy lists the host
     */
    record TestingOnly(boolean listed) implements PeerAuthentication {}

    /**
     * Exactly this certificate, regardless of issuer and names.
     *
     * @param fingerprint SHA-256 in lower-case hexadecimal
     */
    record Pinned(String fingerprint) implements PeerAuthentication {}

    /**
     * The certificate matches one of these records (RFC 7672 §3).
     *
     * @param records usable records, at least one
     * @param names for DANE-TA records, the certificate must have one of these names
     */
    record Dane(Set<TlsaRecord> records, Set<HostName> names) implements PeerAuthentication {
        public Dane {
            records = Set.copyOf(records);
            names = Set.copyOf(names);
        }
    }
}
