// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.postroad.api.Host;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Printable;
import org.postroad.api.TlsFailure;

/**
 * The only check whether a certificate is for a host (RFC 9525 §6); used for relays, mail exchangers (RFC 8461 §4.2, RFC 7672 §3.2.3) and
 * web servers.
 *
 * <ul>
 *   <li>A host known by name must be among the DNS names of subjectAltName. {@code *.example.org} matches exactly one additional label; a
 *       wildcard is valid nowhere else and must be followed by at least two labels.
 *   <li>A host known by address must be among the addresses of subjectAltName.
 *   <li>The common name never counts, not even for DANE-TA, for which RFC 7672 §3.2.3 still allows it.
 * </ul>
 */
final class CertificateNames {

    /** Maximum number of names shown per certificate. */
    static final int MAX_SHOWN = 20;

    private static final String NAME_CONSTRAINTS = "2.5.29.30";

    private CertificateNames() {}

    /**
     * Returns why the certificate is not for the host; empty if it is.
     *
     * @param chain the server's own certificate first, already trusted
     */
    static Optional<TlsFailure> violation(Host host, List<X509Certificate> chain) {
        return violation(List.of(host), chain);
    }

    /** Checks several names, one of which must match. */
    static Optional<TlsFailure> violation(List<? extends Host> hosts, List<X509Certificate> chain) {
        X509Certificate own = chain.get(0);
        if (hosts.stream().noneMatch(host -> isFor(own, host))) {
            String wanted = hosts.size() == 1 ? "not for " + hosts.get(0) : "for none of " + hosts;
            return Optional.of(otherHost("its certificate is " + presented(own) + " and " + wanted));
        }
        boolean constrained =
                chain.stream().skip(1).anyMatch(above -> above.getExtensionValue(NAME_CONSTRAINTS) != null);
        if (constrained && !AlternativeNames.areKnownToTheJdk(own)) {
            return Optional.of(
                    otherHost("the names in its certificate are malformed, so they cannot be checked against "
                            + "the name constraints of its CAs"));
        }
        return Optional.empty();
    }

    private static String presented(X509Certificate certificate) {
        AlternativeNames names = AlternativeNames.of(certificate);
        return names.dnsNames().isEmpty() && names.addresses().isEmpty()
                ? "without a host name in subjectAltName (its subject " + shown(certificate) + " does not count)"
                : "for " + shown(certificate);
    }

    private static TlsFailure otherHost(String why) {
        return new TlsFailure(TlsFailure.Type.CERTIFICATE_HOST_MISMATCH, why);
    }

    /** Returns the names and addresses for display, at most {@value #MAX_SHOWN}, or the subject if there are none; cleaned. */
    static List<String> shown(X509Certificate certificate) {
        AlternativeNames names = AlternativeNames.of(certificate);
        List<String> all = new ArrayList<>(names.dnsNames());
        names.addresses().forEach(address -> all.add(address.toString()));
        if (all.isEmpty()) {
            return List.of(Printable.clean(certificate.getSubjectX500Principal().getName()));
        }
        List<String> shown = new ArrayList<>(
                all.stream().limit(MAX_SHOWN).map(Printable::clean).toList());
        if (all.size() > MAX_SHOWN) {
            shown.add("and " + (all.size() - MAX_SHOWN) + " more");
        }
        return shown;
    }

    static boolean isFor(X509Certificate certificate, Host host) {
        AlternativeNames names = AlternativeNames.of(certificate);
        return host.fold(
                name -> names.dnsNames().stream().anyMatch(presented -> matches(presented, name)),
                (IpAddress address) -> names.addresses().contains(address));
    }

    private static boolean matches(String name, HostName host) {
        String presented = name.toLowerCase(Locale.ROOT); // ASCII only
        if (!presented.startsWith("*.")) {
            return presented.equals(host.text());
        }
        String parent = presented.substring(1);
        int dot = host.text().indexOf('.');
        return dot > 0 && host.text().substring(dot).equals(parent) && parent.indexOf('.', 1) > 0;
    }
}
