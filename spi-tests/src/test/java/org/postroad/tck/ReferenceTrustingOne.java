// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;

/** Accepts only the certificate with the configured fingerprint, for relays. */
final class ReferenceTrustingOne extends ReferenceTrustingAnybody {

    private final String fingerprint;

    /** @param fingerprint SHA-256, in hexadecimal */
    ReferenceTrustingOne(String fingerprint) {
        this.fingerprint = fingerprint;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(chain[0].getEncoded());
            if (!HexFormat.of().formatHex(digest).equals(fingerprint)) {
                throw new CertificateException("another certificate");
            }
        } catch (NoSuchAlgorithmException e) {
            throw new CertificateException(e);
        }
    }
}
