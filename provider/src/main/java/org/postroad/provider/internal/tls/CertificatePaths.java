// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Set;

/**
 * Paths from a server's certificate to an authority (RFC 5280 §6). Servers show certificates that no path needs, in any order, and some of
 * them twice (RFC 8446 §4.4.2). The JDK takes each of them once at most, so the work grows with their number and no faster. No IO.
 */
final class CertificatePaths {

    private static final String SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";

    private static final int EXTENSIBLE = 3;

    private CertificatePaths() {}

    /**
     * Looks for a path to one of the anchors.
     *
     * @param chain the server's own first
     * @throws GeneralSecurityException if there is none
     */
    static void build(List<X509Certificate> chain, Set<TrustAnchor> anchors, Instant at)
            throws GeneralSecurityException {
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, server(chain.get(0)));
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
        parameters.setMaxPathLength(chain.size());
        parameters.setRevocationEnabled(false); // whoever publishes the record can take it back
        parameters.setDate(Date.from(at));
        CertPathBuilder.getInstance("PKIX").build(parameters);
    }

    private static X509CertSelector server(X509Certificate own) throws GeneralSecurityException {
        X509CertSelector selector = new X509CertSelector();
        selector.setCertificate(own);
        try {
            selector.setExtendedKeyUsage(Set.of(SERVER_AUTHENTICATION));
        } catch (IOException noIdentifier) {
            throw new GeneralSecurityException(noIdentifier);
        }
        return selector;
    }

    /** Whether there was a path once, so that only a date is the reason why there is none now. */
    static boolean isExpired(List<X509Certificate> chain, Set<TrustAnchor> anchors, Instant now) {
        for (X509Certificate certificate : chain) {
            Instant end = certificate.getNotAfter().toInstant();
            if (end.isBefore(now)) {
                try {
                    build(chain, anchors, end);
                    return true;
                } catch (GeneralSecurityException | RuntimeException stillNone) {
                    // It is not this date.
                }
            }
        }
        return false;
    }

    /** Whether a certificate may be that of an authority (RFC 5280 §4.2.1.9): the JDK does not look at that where a path is built. */
    static boolean isAuthority(X509Certificate certificate) {
        return certificate.getVersion() < EXTENSIBLE || certificate.getBasicConstraints() >= 0;
    }

    /** Anchors for a key whose certificate is not shown: it may have signed any of these certificates. */
    static Collection<TrustAnchor> anchors(PublicKey key, List<X509Certificate> chain) {
        List<TrustAnchor> anchors = new ArrayList<>();
        chain.stream()
                .map(X509Certificate::getIssuerX500Principal)
                .distinct()
                .forEach(issuer -> anchors.add(new TrustAnchor(issuer, key, null)));
        return anchors;
    }
}
