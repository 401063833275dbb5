// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

import java.util.Set;
import org.postroad.api.HostName;
import org.postroad.api.TlsaRecord;

/** What a server's certificate has to prove. A closed set. */
public sealed interface Proof {

    /** Any certificate will do (RFC 7435). */
    Proof NOTHING = new Nothing();

    /** Any certificate will do. */
    record Nothing() implements Proof {}

    /** It chains to the trust store and names the host (RFC 8461 §4.2, RFC 9525). */
    record Certificate() implements Proof {}

    /**
     * It would have to do the same, and the policy that is in test would have to list the host; what is missing is written down,
     * and the mail goes (RFC 8461 §5, testing).
     *
     * @param listed whether it does
     */
    record Tested(boolean listed) implements Proof {}

    /**
     * It is this one, whoever signed it, whatever its names.
     *
     * @param fingerprint SHA-256, in hexadecimal, lower case
     */
    record Pinned(String fingerprint) implements Proof {}

    /**
     * It matches one of these records (RFC 7672 §3).
     *
     * @param records usable ones, at least one
     * @param names any of which the certificate must have where the record is one of an authority
     */
    record Dane(Set<TlsaRecord> records, Set<HostName> names) implements Proof {
        public Dane {
            records = Set.copyOf(records);
            names = Set.copyOf(names);
        }
    }
}
