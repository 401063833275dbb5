// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

import java.util.Optional;
import java.util.function.Function;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.TlsDemand;
import org.postroad.api.TlsSummary.Level;

/**
 * The only class that decides how a connection to a mail exchanger is protected. The first match wins, in this order:
 *
 * <ol>
 *   <li>TLS is disabled here, and the message requires authenticated TLS (RFC 8689): every host is unsuitable;
 *   <li>TLS is disabled here, or the message waives it (RFC 8689 §5): published policies are ignored;
 *   <li>the TLSA lookup failed: the host is skipped for now (RFC 7672 §2.1.2);
 *   <li>an enforced MTA-STS policy does not list the host: the host is skipped (RFC 8461 §5);
 *   <li>the message requires authenticated TLS, and neither DNSSEC nor an enforced policy proves that the host belongs to the domain: the
 *       host is unsuitable, whatever is published for its name, because an attacker could have chosen that name (TLS-13);
 *   <li>usable TLSA records: TLS, and one of them must match. An MTA-STS policy never replaces a match (RFC 8461 §2);
 *   <li>an enforced policy: TLS, and the certificate must chain to the trust store and name the host;
 *   <li>the message requires authenticated TLS: the same;
 *   <li>TLSA records of which none is usable: TLS without authentication;
 *   <li>a policy in testing mode: our own default applies; what enforcement would have rejected is reported;
 *   <li>nothing is published: our own default applies.
 * </ol>
 */
public final class TlsLadder {

    private TlsLadder() {}

    /** The decision for one host. */
    public sealed interface Decision {

        /** Applies the function for the kind of decision. */
        default <R> R fold(Function<Protect, R> ifProtect, Function<SkipHost, R> ifLeaveAlone) {
            return this instanceof Protect protect ? ifProtect.apply(protect) : ifLeaveAlone.apply((SkipHost) this);
        }
    }

    /** The host may be contacted with this protection. */
    public record Protect(RequiredProtection protection) implements Decision {}

    /**
     * The host must not receive the message.
     *
     * @param status 4.y.z for now; 5.y.z permanently for this message
     */
    public record SkipHost(EnhancedStatus status, String why) implements Decision {}

    /**
     * @param own the default when nothing is published or required
     * @param demand the message's requirement
     */
    public static Decision decide(PublishedTlsPolicies published, StartTls own, TlsDemand demand) {
        if (own == StartTls.DISABLED && demand == TlsDemand.REQUIRED) {
            return unauthenticated("TLS is switched off here");
        }
        if (own == StartTls.DISABLED || demand == TlsDemand.WAIVED) {
            return new Protect(RequiredProtection.unauthenticated(own));
        }
        if (published.dane() instanceof PublishedTlsPolicies.PublishedDane.TlsaLookupFailed failed) {
            return new SkipHost(
                    EnhancedStatus.DIRECTORY_FAILURE_4_4_3, "its TLSA records could not be had: " + failed.why());
        }
        if (published.sts() instanceof PublishedTlsPolicies.PublishedSts.Enforce enforce && !enforce.allowed()) {
            String why = "the domain's MTA-STS policy does not list this host";
            return demand == TlsDemand.REQUIRED
                    ? unauthenticated(why)
                    : new SkipHost(EnhancedStatus.CRYPTOGRAPHIC_FAILURE_4_7_5, why);
        }
        if (demand == TlsDemand.REQUIRED && !isProved(published)) {
            return published.sts() instanceof PublishedTlsPolicies.PublishedSts.PolicyUnavailable unavailable
                    ? new SkipHost(
                            EnhancedStatus.DIRECTORY_FAILURE_4_4_3,
                            "the MTA-STS policy that may prove that this is a host of the domain could not be had: "
                                    + unavailable.failure().detail())
                    : unauthenticated("neither DNSSEC nor an MTA-STS policy proves that this is a host of the domain");
        }
        if (published.dane() instanceof PublishedTlsPolicies.PublishedDane.Usable usable) {
            return new Protect(new RequiredProtection(
                    StartTls.REQUIRED,
                    new PeerAuthentication.Dane(usable.records(), usable.names()),
                    Level.DANE,
                    Optional.of(usable.policy().domain())));
        }
        if (published.sts() instanceof PublishedTlsPolicies.PublishedSts.Enforce) {
            return protect(StartTls.REQUIRED, new PeerAuthentication.Certificate(), Level.MTA_STS);
        }
        if (demand == TlsDemand.REQUIRED) {
            return protect(StartTls.REQUIRED, new PeerAuthentication.Certificate(), Level.VERIFIED);
        }
        if (published.dane() instanceof PublishedTlsPolicies.PublishedDane.Unusable unusable) {
            return new Protect(new RequiredProtection(
                    StartTls.REQUIRED,
                    PeerAuthentication.NOTHING,
                    Level.OPPORTUNISTIC,
                    Optional.of(unusable.policy().domain())));
        }
        if (published.sts() instanceof PublishedTlsPolicies.PublishedSts.Testing testing) {
            return protect(own, new PeerAuthentication.TestingOnly(testing.allowed()), Level.OPPORTUNISTIC);
        }
        return new Protect(RequiredProtection.unauthenticated(own));
    }

    /** RFC 8689 §4.2.1, step 2: an enforced policy also proves the hosts that it lists. */
    private static boolean isProved(PublishedTlsPolicies published) {
        return published.provedMx() || published.sts() instanceof PublishedTlsPolicies.PublishedSts.Enforce;
    }

    private static Decision protect(StartTls startTls, PeerAuthentication proof, Level level) {
        return new Protect(new RequiredProtection(startTls, proof, level));
    }

    private static Decision unauthenticated(String why) {
        return new SkipHost(EnhancedStatus.REQUIRETLS_SUPPORT_5_7_30, "the message demands authenticated TLS: " + why);
    }
}
