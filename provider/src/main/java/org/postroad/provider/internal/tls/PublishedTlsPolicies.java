// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

import java.util.Set;
import org.postroad.api.HostName;
import org.postroad.api.TlsFailure;
import org.postroad.api.TlsResult;
import org.postroad.api.TlsaRecord;

/**
 * What a destination publishes about TLS for one of its mail exchangers.
 *
 * @param dane the host's TLSA records, from DNS (RFC 7672)
 * @param sts the domain's MTA-STS policy, from HTTPS (RFC 8461)
 * @param provedMx whether the host is proved to belong to the domain: by DNSSEC-secure MX records, or because it is the domain itself
 */
public record PublishedTlsPolicies(PublishedDane dane, PublishedSts sts, boolean provedMx) {

    /** Nothing is published, or it was not looked up. */
    public static final PublishedTlsPolicies NOTHING =
            new PublishedTlsPolicies(PublishedDane.ABSENT, PublishedSts.ABSENT, false);

    /** TLSA records of the host. */
    public sealed interface PublishedDane {

        PublishedDane ABSENT = new NoTlsa();

        /**
         * At least one record is usable.
         *
         * @param records the usable ones
         * @param names the TLSA base domain, and the names of the recipient domain if authentic (RFC 7672 §3.2.2)
         * @param policy all records and their TLSA base domain, for reports
         */
        record Usable(Set<TlsaRecord> records, Set<HostName> names, TlsResult.Policy policy) implements PublishedDane {}

        /** There are records, but none is usable: TLS is required, without authentication (RFC 7672 §2.2). */
        record Unusable(TlsResult.Policy policy) implements PublishedDane {}

        /** There are none, as proved by DNSSEC, or the zone is unsigned. */
        record NoTlsa() implements PublishedDane {}

        /** The lookup failed or its answer was bogus. */
        record TlsaLookupFailed(TlsResult.Policy policy, String why) implements PublishedDane {}
    }

    /** The domain's MTA-STS policy as it applies to the host. */
    public sealed interface PublishedSts {

        PublishedSts ABSENT = new NoPolicy();

        /**
         * Mode enforce.
         *
         * @param allowed whether the policy lists the host
         */
        record Enforce(TlsResult.Policy policy, boolean allowed) implements PublishedSts {}

        /**
         * Mode testing.
         *
         * @param allowed whether the policy lists the host
         */
        record Testing(TlsResult.Policy policy, boolean allowed) implements PublishedSts {}

        /** There is no policy, or its mode is none. */
        record NoPolicy() implements PublishedSts {}

        /** A policy exists but could not be fetched, and none is cached. Treated as no policy (RFC 8461 §5.1). */
        record PolicyUnavailable(TlsResult.Policy policy, TlsFailure failure) implements PublishedSts {}
    }
}
