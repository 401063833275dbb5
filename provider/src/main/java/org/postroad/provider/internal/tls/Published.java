// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

import java.util.Set;
import org.postroad.api.HostName;
import org.postroad.api.TlsFailure;
import org.postroad.api.TlsResult;
import org.postroad.api.TlsaRecord;

/**
 * What a destination publishes about TLS at one of its mail exchangers.
 *
 * @param dane by DNS, for the host (RFC 7672)
 * @param sts by HTTPS, for the domain (RFC 8461)
 * @param provedMx whether the host is proved to be the domain's: DNSSEC proved that the domain named it, or it is the domain itself
 */
public record Published(Dane dane, Sts sts, boolean provedMx) {

    /** Nothing, or nothing that is asked for. */
    public static final Published NOTHING = new Published(Dane.ABSENT, Sts.ABSENT, false);

    /** What DNS said of TLSA records at the host. */
    public sealed interface Dane {

        Dane ABSENT = new Absent();

        /**
         * There are some that we can check.
         *
         * @param records those
         * @param names the TLSA base domain, and the domain's where it is authentic (RFC 7672 §3.2.2)
         * @param policy all of them, and the TLSA base domain, where they are
         */
        record Usable(Set<TlsaRecord> records, Set<HostName> names, TlsResult.Policy policy) implements Dane {}

        /** There are some, and none that we can check: TLS is promised, nobody can be authenticated (RFC 7672 §2.2). */
        record Unusable(TlsResult.Policy policy) implements Dane {}

        /** DNSSEC proved that there are none, or the zone is not signed: nobody promised anything. */
        record Absent() implements Dane {}

        /** Nothing is known, or it was forged. */
        record Failed(TlsResult.Policy policy, String why) implements Dane {}
    }

    /** What the policy of the domain says of the host. */
    public sealed interface Sts {

        Sts ABSENT = new Absent();

        /**
         * Mode enforce.
         *
         * @param allowed whether the policy lists the host
         */
        record Enforce(TlsResult.Policy policy, boolean allowed) implements Sts {}

        /**
         * Mode testing.
         *
         * @param allowed whether the policy lists the host
         */
        record Testing(TlsResult.Policy policy, boolean allowed) implements Sts {}

        /** There is none, or its mode is none. */
        record Absent() implements Sts {}

        /** There is one that could not be fetched, and none that is known from before (RFC 8461 §5.1: as if there were none). */
        record Unavailable(TlsResult.Policy policy, TlsFailure failure) implements Sts {}
    }
}
