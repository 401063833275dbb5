// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.util.Optional;
import org.postroad.api.Deadline;
import org.postroad.api.Domain;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.HostName;
import org.postroad.api.Lookup;
import org.postroad.api.MtaStsResult;
import org.postroad.api.RemoteMta;
import org.postroad.api.TlsDemand;
import org.postroad.provider.internal.tls.PublishedTlsPolicies;
import org.postroad.provider.internal.tls.StartTls;

/**
 * How connections to mail exchangers are protected.
 *
 * @param startTls the policy when nothing is published or required
 * @param fallback whether mail is sent in plaintext to the same address when TLS fails and is not required
 * @param dane whether TLSA records are looked up (RFC 7672)
 * @param sts source of MTA-STS policies (RFC 8461)
 * @param demand the message's requirement (RFC 8689)
 */
public record TlsPreferences(StartTls startTls, boolean fallback, boolean dane, StsSource sts, TlsDemand demand) {

    /** Looks up MTA-STS policies. */
    @FunctionalInterface
    public interface StsSource {

        /** Looks up nothing. */
        StsSource NONE = (domain, host, deadline) -> StsLookup.NOTHING;

        /** Returns what the domain's policy means for a host. Waits for DNS and HTTPS if it is not cached. */
        StsLookup lookUp(Domain domain, HostName host, Deadline deadline) throws InterruptedException;

        /** Sends the DNS question for the domain in advance, so that the answer is cached when needed. Waits for DNS. */
        default void prepare(Domain domain, Deadline deadline) throws InterruptedException {}
    }

    /**
     * Result of a policy lookup.
     *
     * @param sts for the host
     * @param question the DNS lookup; empty if DNS was not queried
     * @param result for the domain's report; empty if DNS was not queried
     */
    public record StsLookup(
            PublishedTlsPolicies.PublishedSts sts, Optional<Lookup<String>> question, Optional<MtaStsResult> result) {

        static final StsLookup NOTHING =
                new StsLookup(PublishedTlsPolicies.PublishedSts.ABSENT, Optional.empty(), Optional.empty());
    }

    /**
     * Returns the status for a host that has shown that it has no authenticated TLS: it does not offer STARTTLS, refuses it permanently, or
     * presents the wrong certificate. RFC 8689 §4.2.1: if the message requires authenticated TLS, the next host is tried, and after the
     * last one the sender receives a notice. Failures that may be temporary, such as a lost connection or a failed lookup, are retried like
     * any other. Mail is never returned because of a host named in the configuration.
     *
     * @return the status to report; if empty, the usual status applies and the mail is retried
     */
    Optional<EnhancedStatus> statusIfUnauthenticated(RemoteMta remote) {
        return demand == TlsDemand.REQUIRED && remote.role() == RemoteMta.Role.MAIL_EXCHANGER
                ? Optional.of(EnhancedStatus.REQUIRETLS_SUPPORT_5_7_30)
                : Optional.empty();
    }

    /** Returns a policy that ignores everything published. */
    public static TlsPreferences own(StartTls startTls) {
        return new TlsPreferences(startTls, true, false, StsSource.NONE, TlsDemand.NONE);
    }
}
