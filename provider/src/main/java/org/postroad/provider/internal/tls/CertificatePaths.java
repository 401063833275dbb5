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
 * Builds paths from a server's certificate to a CA (RFC 5280 §6). Servers send certificates that no path needs, in any order and sometimes
 * repeated (RFC 8446 §4.4.2). The JDK uses each of them at most once, so the work grows only linearly with their number. No I/O.
 */
final class CertificatePaths {

    private static final String SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";

    private static final int EXTENSIBLE = 3;

    private CertificatePaths() {}

    /**
     * Builds a path to one of the anchors.
     *
     * @param chain the server's own certificate first
     * @throws GeneralSecurityException if there is none
     */
    static void build(List<X509Certificate> chain, Set<TrustAnchor> anchors, Instant at)
            throws GeneralSecurityException {
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, server(chain.get(0)));
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
        parameters.setMaxPathLength(chain.size());
        parameters.setRevocationEnabled(false); // the publisher of the TLSA record can withdraw it instead
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

    /** Returns whether the chain was valid before, so that expiry is the only reason why it fails now. */
    static boolean isExpired(List<X509Certificate> chain, Set<TrustAnchor> anchors, Instant now) {
        for (X509Certificate certificate : chain) {
            Instant end = certificate.getNotAfter().toInstant();
            if (end.isBefore(now)) {
                try {
                    build(chain, anchors, end);
                    return true;
                } catch (GeneralSecurityException | RuntimeException stillNone) {
                    // Expiry of this certificate is not the only reason.
                }
            }
        }
        return false;
    }

    /**
     * Returns whether a certificate may belong to a CA (RFC 5280 §4.2.1.9). The JDK does not check this for anchors when it builds a path.
     */
    static boolean isAuthority(X509Certificate certificate) {
        return certificate.getVersion() < EXTENSIBLE || certificate.getBasicConstraints() >= 0;
    }

    /** Returns trust anchors for a key whose certificate is not in the chain: it may have signed any of these certificates. */
    static Collection<TrustAnchor> anchors(PublicKey key, List<X509Certificate> chain) {
        List<TrustAnchor> anchors = new ArrayList<>();
        chain.stream()
                .map(X509Certificate::getIssuerX500Principal)
                .distinct()
                .forEach(issuer -> anchors.add(new TrustAnchor(issuer, key, null)));
        return anchors;
    }
}
