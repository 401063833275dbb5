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
import org.postroad.provider.internal.tls.Published;
import org.postroad.provider.internal.tls.StartTls;

/**
 * How connections to mail exchangers are protected.
 *
 * @param startTls what is done where nobody says anything
 * @param fallback whether what cannot be encrypted is sent in the clear to the same address, where TLS is not required
 * @param dane whether TLSA records are asked for (RFC 7672)
 * @param sts what MTA-STS policies say (RFC 8461)
 * @param demand what the message says (RFC 8689)
 */
public record TlsPolicy(StartTls startTls, boolean fallback, boolean dane, StsSource sts, TlsDemand demand) {

    /** What the policy of a domain says of a host. */
    @FunctionalInterface
    public interface StsSource {

        /** Nobody asks. */
        StsSource NONE = (domain, host, deadline) -> Said.NOTHING;

        /** Waits for DNS and HTTPS where nothing is known. */
        Said say(Domain domain, HostName host, Deadline deadline) throws InterruptedException;

        /** Asks DNS what it will be asked for the domain, so that the answer is there then. Waits for DNS. */
        default void prepare(Domain domain, Deadline deadline) throws InterruptedException {}
    }

    /**
     * What was found.
     *
     * @param sts for the host
     * @param question to DNS; empty: DNS was not asked
     * @param result for the domain, for the report; empty: DNS was not asked
     */
    public record Said(Published.Sts sts, Optional<Lookup<String>> question, Optional<MtaStsResult> result) {

        static final Said NOTHING = new Said(Published.Sts.ABSENT, Optional.empty(), Optional.empty());
    }

    /**
     * What a host's answer comes to that proves by it that it has no authenticated TLS: it offers none, refuses it for good, or has the wrong
     * certificate. RFC 8689 §4.2.1: where the message demands it, the next host is tried, and after the last one the sender gets a
     * notice. What may pass, a connection lost or a lookup that failed, is tried again like any other. Hosts that configuration named are no
     * reason to return mail.
     *
     * @return empty: the usual status; mail waits
     */
    Optional<EnhancedStatus> whenNotProved(RemoteMta remote) {
        return demand == TlsDemand.REQUIRED && remote.role() == RemoteMta.Role.MAIL_EXCHANGER
                ? Optional.of(EnhancedStatus.REQUIRETLS_SUPPORT_5_7_30)
                : Optional.empty();
    }

    /** Nothing that is published counts. */
    public static TlsPolicy own(StartTls startTls) {
        return new TlsPolicy(startTls, true, false, StsSource.NONE, TlsDemand.NONE);
    }
}
