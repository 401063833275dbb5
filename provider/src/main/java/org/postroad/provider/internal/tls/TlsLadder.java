// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

import java.util.Optional;
import java.util.function.Function;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.HostName;
import org.postroad.api.TlsDemand;
import org.postroad.api.TlsFailure;
import org.postroad.api.TlsFailure.Type;
import org.postroad.api.TlsResult;
import org.postroad.api.TlsSummary.Level;
import org.postroad.provider.internal.tls.PublishedTlsPolicies.PublishedDane;
import org.postroad.provider.internal.tls.PublishedTlsPolicies.PublishedSts;

/**
 * The only class that decides how a connection to a mail exchanger is protected, and under which policy its sessions are reported (RFC 8460
 * §4). The first match wins, in this order:
 *
 * <ol>
 *   <li>TLS is disabled here, or the message waives it (RFC 8689 §5): published policies are ignored. If TLS is disabled and the message
 *       requires authenticated TLS, every host is unsuitable;
 *   <li>the TLSA lookup failed: the host is skipped for now (RFC 7672 §2.1.2);
 *   <li>an enforced MTA-STS policy does not list the host: the host is skipped (RFC 8461 §5);
 *   <li>usable TLSA records: TLS, and one of them must match. An MTA-STS policy never replaces a match (RFC 8461 §2);
 *   <li>an enforced policy: TLS, and the certificate must chain to the trust store and name the host;
 *   <li>TLSA records of which none is usable: TLS without authentication;
 *   <li>a policy in testing mode: our own default applies; what enforcement would have rejected is reported;
 *   <li>nothing is published: our own default applies.
 * </ol>
 *
 * <p>If the message requires authenticated TLS (RFC 8689), the last three become: TLS, and the certificate must chain to the trust store
 * and name the host. And a host is unsuitable unless DNSSEC or an enforced policy proves that it belongs to the domain, whatever is
 * published for its name, because an attacker could have chosen that name (TLS-13).
 */
public final class TlsLadder {

    private TlsLadder() {}

    /** The decision for one host. */
    public sealed interface Decision {

        /** Applies the function for the kind of decision. */
        default <R> R fold(Function<Protect, R> ifProtect, Function<SkipHost, R> ifSkipHost) {
            return this instanceof Protect protect ? ifProtect.apply(protect) : ifSkipHost.apply((SkipHost) this);
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
     * The decision for one host, and how its sessions are reported.
     *
     * @param policy the published policy that decides, or that there is none; empty: published policies are ignored, and nothing is
     *     reported
     * @param flaw a failure that is already known, whatever the session's result
     */
    public record HostDecision(Decision decision, Optional<TlsResult.Policy> policy, Optional<TlsFailure> flaw) {

        private static HostDecision of(Decision decision, TlsResult.Policy policy) {
            return new HostDecision(decision, Optional.of(policy), Optional.empty());
        }

        private static HostDecision flawed(Decision decision, TlsResult.Policy policy, TlsFailure flaw) {
            return new HostDecision(decision, Optional.of(policy), Optional.of(flaw));
        }
    }

    /**
     * Returns whether published policies are observed at all.
     *
     * @param own the default when nothing is published or required
     * @param demand the message's requirement
     */
    public static boolean observesPolicies(StartTls own, TlsDemand demand) {
        return own != StartTls.DISABLED && demand != TlsDemand.WAIVED;
    }

    /** Decides for a host that cannot have a published policy, or if published policies are ignored. */
    public static Decision decideWithoutPolicies(StartTls own, TlsDemand demand) {
        if (demand != TlsDemand.REQUIRED) {
            return new Protect(RequiredProtection.unauthenticated(own));
        }
        return own == StartTls.DISABLED
                ? unauthenticated("TLS is switched off here")
                : ifProved(PublishedTlsPolicies.NOTHING, demand, RequiredProtection.unauthenticated(own));
    }

    /**
     * Decides for a host.
     *
     * @param own the default when nothing is published or required
     * @param demand the message's requirement
     * @param domain the recipient domain, which is reported if no policy is published
     */
    public static HostDecision decide(PublishedTlsPolicies published, StartTls own, TlsDemand demand, HostName domain) {
        if (!observesPolicies(own, demand)) {
            return new HostDecision(decideWithoutPolicies(own, demand), Optional.empty(), Optional.empty());
        }
        PublishedDane dane = published.dane();
        PublishedSts sts = published.sts();
        if (dane instanceof PublishedDane.TlsaLookupFailed failed) {
            return HostDecision.flawed(
                    new SkipHost(
                            EnhancedStatus.DIRECTORY_FAILURE_4_4_3,
                            "the lookup of its TLSA records failed: " + failed.why()),
                    failed.policy(),
                    new TlsFailure(Type.DNSSEC_INVALID, failed.why()));
        }
        if (sts instanceof PublishedSts.Enforce enforce && !enforce.allowed()) {
            return HostDecision.flawed(
                    notListed(demand),
                    enforce.policy(),
                    new TlsFailure(Type.VALIDATION_FAILURE, "the policy does not list this host"));
        }
        if (dane instanceof PublishedDane.Usable usable) {
            return HostDecision.of(ifProved(published, demand, matching(usable)), usable.policy());
        }
        if (sts instanceof PublishedSts.Enforce enforce) {
            return HostDecision.of(new Protect(certificate(Level.MTA_STS)), enforce.policy());
        }
        Decision weak = ifProved(
                published, demand, demand == TlsDemand.REQUIRED ? certificate(Level.VERIFIED) : weak(dane, sts, own));
        if (dane instanceof PublishedDane.Unusable unusable) {
            return HostDecision.flawed(
                    weak,
                    unusable.policy(),
                    new TlsFailure(Type.TLSA_INVALID, "none of the TLSA records can be checked"));
        }
        if (sts instanceof PublishedSts.Testing testing) {
            return HostDecision.of(weak, testing.policy()); // violations are reported by the session
        }
        return sts instanceof PublishedSts.PolicyUnavailable unavailable
                ? HostDecision.flawed(weak, unavailable.policy(), unavailable.failure())
                : HostDecision.of(weak, new TlsResult.Policy(TlsResult.Type.NO_POLICY_FOUND, domain));
    }

    private static Decision notListed(TlsDemand demand) {
        String why = "the domain's MTA-STS policy does not list this host";
        return demand == TlsDemand.REQUIRED
                ? unauthenticated(why)
                : new SkipHost(EnhancedStatus.CRYPTOGRAPHIC_FAILURE_4_7_5, why);
    }

    private static RequiredProtection matching(PublishedDane.Usable usable) {
        return new RequiredProtection(
                StartTls.REQUIRED,
                new PeerAuthentication.Dane(usable.records(), usable.names()),
                Level.DANE,
                Optional.of(usable.policy().domain()));
    }

    private static RequiredProtection certificate(Level level) {
        return new RequiredProtection(StartTls.REQUIRED, new PeerAuthentication.Certificate(), level);
    }

    /** Returns the protection if nothing is published that authenticates the host. */
    private static RequiredProtection weak(PublishedDane dane, PublishedSts sts, StartTls own) {
        if (dane instanceof PublishedDane.Unusable unusable) {
            return new RequiredProtection(
                    StartTls.REQUIRED,
                    PeerAuthentication.NOTHING,
                    Level.OPPORTUNISTIC,
                    Optional.of(unusable.policy().domain()));
        }
        return sts instanceof PublishedSts.Testing testing
                ? new RequiredProtection(
                        own, new PeerAuthentication.TestingOnly(testing.allowed()), Level.OPPORTUNISTIC)
                : RequiredProtection.unauthenticated(own);
    }

    /** TLS-13: returns the protection, unless the message requires authenticated TLS and nothing proves that the host is the domain's. */
    private static Decision ifProved(PublishedTlsPolicies published, TlsDemand demand, RequiredProtection protection) {
        // RFC 8689 §4.2.1, step 2: an enforced policy also proves the hosts that it lists.
        boolean proved = published.provedMx() || published.sts() instanceof PublishedSts.Enforce;
        if (demand != TlsDemand.REQUIRED || proved) {
            return new Protect(protection);
        }
        return published.sts() instanceof PublishedSts.PolicyUnavailable unavailable
                ? new SkipHost(
                        EnhancedStatus.DIRECTORY_FAILURE_4_4_3,
                        "the MTA-STS policy needed to prove that the host belongs to the domain could not be fetched: "
                                + unavailable.failure().detail())
                : unauthenticated("neither DNSSEC nor an MTA-STS policy proves that this is a host of the domain");
    }

    private static Decision unauthenticated(String why) {
        return new SkipHost(EnhancedStatus.REQUIRETLS_SUPPORT_5_7_30, "the message demands authenticated TLS: " + why);
    }
}
