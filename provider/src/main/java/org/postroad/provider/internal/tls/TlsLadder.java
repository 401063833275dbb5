// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

import java.util.Optional;
import java.util.function.Function;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.TlsDemand;
import org.postroad.api.TlsSummary.Level;

/**
 * The one place that decides how a connection to a mail exchanger is protected. In this order, first match wins:
 *
 * <ol>
 *   <li>we do not use TLS, or the message says that it may go without (RFC 8689 §5): nothing published counts;
 *   <li>TLSA records could not be had: the host is left alone for now (RFC 7672 §2.1.2);
 *   <li>an MTA-STS policy is enforced and does not list the host: the host is left alone (RFC 8461 §5);
 *   <li>the message demands authenticated TLS (RFC 8689), and neither DNSSEC nor an enforced policy proves that this is a host of the domain:
 *       the host will not do, whatever is published for its name, which anybody could have put there (TLS-13);
 *   <li>TLSA records can be checked: TLS, and one of them must match. A policy never makes up for it (RFC 8461 §2);
 *   <li>a policy is enforced: TLS, and the certificate must chain to the trust store and name the host;
 *   <li>the message demands authenticated TLS: the same;
 *   <li>TLSA records are there, and none can be checked: TLS, and nobody is authenticated;
 *   <li>a policy is tested: as we like, and what it would have forbidden is written down;
 *   <li>nothing is published: as we like.
 * </ol>
 */
public final class TlsLadder {

    private TlsLadder() {}

    /** What is to be done. */
    public sealed interface Decision {

        /** The result of the function that fits. */
        default <R> R fold(Function<Protect, R> ifProtect, Function<LeaveAlone, R> ifLeaveAlone) {
            return this instanceof Protect protect ? ifProtect.apply(protect) : ifLeaveAlone.apply((LeaveAlone) this);
        }
    }

    /** The host may be contacted so. */
    public record Protect(Protection protection) implements Decision {}

    /**
     * The host must not get the message.
     *
     * @param status 4.y.z: now; 5.y.z: this message never
     */
    public record LeaveAlone(EnhancedStatus status, String why) implements Decision {}

    /**
     * @param own what we do where nobody says anything
     * @param demand what the message says
     */
    public static Decision decide(Published published, StartTls own, TlsDemand demand) {
        if (own == StartTls.DISABLED && demand == TlsDemand.REQUIRED) {
            return unauthenticated("TLS is switched off here");
        }
        if (own == StartTls.DISABLED || demand == TlsDemand.WAIVED) {
            return new Protect(Protection.unauthenticated(own));
        }
        if (published.dane() instanceof Published.Dane.Failed failed) {
            return new LeaveAlone(
                    EnhancedStatus.DIRECTORY_FAILURE_4_4_3, "its TLSA records could not be had: " + failed.why());
        }
        if (published.sts() instanceof Published.Sts.Enforce enforce && !enforce.allowed()) {
            String why = "the domain's MTA-STS policy does not list this host";
            return demand == TlsDemand.REQUIRED
                    ? unauthenticated(why)
                    : new LeaveAlone(EnhancedStatus.CRYPTOGRAPHIC_FAILURE_4_7_5, why);
        }
        if (demand == TlsDemand.REQUIRED && !isProved(published)) {
            return published.sts() instanceof Published.Sts.Unavailable unavailable
                    ? new LeaveAlone(
                            EnhancedStatus.DIRECTORY_FAILURE_4_4_3,
                            "the MTA-STS policy that may prove that this is a host of the domain could not be had: "
                                    + unavailable.failure().detail())
                    : unauthenticated("neither DNSSEC nor an MTA-STS policy proves that this is a host of the domain");
        }
        if (published.dane() instanceof Published.Dane.Usable usable) {
            return new Protect(new Protection(
                    StartTls.REQUIRED,
                    new Proof.Dane(usable.records(), usable.names()),
                    Level.DANE,
                    Optional.of(usable.policy().domain())));
        }
        if (published.sts() instanceof Published.Sts.Enforce) {
            return protect(StartTls.REQUIRED, new Proof.Certificate(), Level.MTA_STS);
        }
        if (demand == TlsDemand.REQUIRED) {
            return protect(StartTls.REQUIRED, new Proof.Certificate(), Level.VERIFIED);
        }
        if (published.dane() instanceof Published.Dane.Unusable unusable) {
            return new Protect(new Protection(
                    StartTls.REQUIRED,
                    Proof.NOTHING,
                    Level.OPPORTUNISTIC,
                    Optional.of(unusable.policy().domain())));
        }
        if (published.sts() instanceof Published.Sts.Testing testing) {
            return protect(own, new Proof.Tested(testing.allowed()), Level.OPPORTUNISTIC);
        }
        return new Protect(Protection.unauthenticated(own));
    }

    /** RFC 8689 §4.2.1, step 2: a policy proves the host that it lists. */
    private static boolean isProved(Published published) {
        return published.provedMx() || published.sts() instanceof Published.Sts.Enforce;
    }

    private static Decision protect(StartTls startTls, Proof proof, Level level) {
        return new Protect(new Protection(startTls, proof, level));
    }

    private static Decision unauthenticated(String why) {
        return new LeaveAlone(
                EnhancedStatus.REQUIRETLS_SUPPORT_5_7_30, "the message demands authenticated TLS: " + why);
    }
}
