// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.postroad.api.HostName;
import org.postroad.api.Printable;

/**
 * The names in a certificate, and whether one of them is a host's (RFC 9525 §6, RFC 8461 §4.2): DNS names only, never the common
 * name, which RFC 9525 takes from clients; not for DANE-TA either, where RFC 7672 §3.2.3 still knew it.
 */
final class CertificateNames {

    /** The kind of a subject alternative name that is a DNS name (RFC 5280 §4.2.1.6). */
    private static final int DNS_NAME = 2;

    private CertificateNames() {}

    /** As they stand there. */
    static List<String> of(X509Certificate certificate) throws CertificateParsingException {
        Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
        List<String> names = new ArrayList<>();
        if (alternatives != null) {
            for (List<?> alternative : alternatives) {
                if (alternative.get(0).equals(DNS_NAME)) {
                    names.add(String.valueOf(alternative.get(1)));
                }
            }
        }
        return names;
    }

    /** For people: those, or else the subject; cleaned. */
    static List<String> shown(X509Certificate certificate) {
        List<String> names;
        try {
            names = of(certificate);
        } catch (CertificateParsingException unreadable) {
            names = List.of();
        }
        return names.isEmpty()
                ? List.of(Printable.clean(certificate.getSubjectX500Principal().getName()))
                : names.stream().map(Printable::clean).toList();
    }

    static boolean isFor(X509Certificate certificate, HostName host) throws CertificateParsingException {
        return of(certificate).stream().anyMatch(name -> matches(name, host.text()));
    }

    /**
     * {@code *.example.org} stands for one label more, and a star stands nowhere else. Anything else is compared as it is: a NUL
     * matches nothing.
     */
    private static boolean matches(String name, String host) {
        String presented = name.toLowerCase(Locale.ROOT);
        if (!presented.startsWith("*.")) {
            return presented.equals(host);
        }
        String behind = presented.substring(1);
        int dot = host.indexOf('.');
        // Not of a whole top-level domain: the star needs two labels behind it.
        return dot > 0 && host.substring(dot).equals(behind) && behind.indexOf('.', 1) > 0;
    }
}
