// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.postroad.api.TlsaRecord;

/** TLSA records (RFC 6698 §2.1), as far as SMTP uses them: usages 2 and 3 (RFC 7672 §3.1). */
public final class DaneRecords {

    /** DANE-TA: the certificate of an authority in the server's chain. */
    static final int AUTHORITY = 2;

    /** DANE-EE: the server's own certificate. */
    static final int OWN = 3;

    private static final int WHOLE_CERTIFICATE = 0;
    private static final int PUBLIC_KEY = 1;

    private static final int EXACT = 0;
    private static final int SHA_256 = 1;
    private static final int SHA_512 = 2;

    private DaneRecords() {}

    /** Those that a certificate can be checked against. The others are there, and say that there is TLS. */
    public static Set<TlsaRecord> usable(Collection<TlsaRecord> records) {
        return records.stream().filter(DaneRecords::isUsable).collect(Collectors.toUnmodifiableSet());
    }

    private static boolean isUsable(TlsaRecord record) {
        boolean known = (record.usage() == AUTHORITY || record.usage() == OWN)
                && (record.selector() == WHOLE_CERTIFICATE || record.selector() == PUBLIC_KEY);
        if (!known) {
            return false;
        }
        return switch (record.matchingType()) {
            case EXACT ->
                record.selector() == WHOLE_CERTIFICATE
                        ? certificate(record).isPresent()
                        : !record.data().isEmpty();
            case SHA_256 -> octets(record).length == 32;
            case SHA_512 -> octets(record).length == 64;
            default -> false;
        };
    }

    /** The certificate itself, where the record has it as a whole. */
    static Optional<X509Certificate> certificate(TlsaRecord record) {
        if (record.selector() != WHOLE_CERTIFICATE || record.matchingType() != EXACT) {
            return Optional.empty();
        }
        try {
            return Optional.of((X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(octets(record))));
        } catch (CertificateException noCertificate) {
            return Optional.empty();
        }
    }

    /** Whether the record speaks of this certificate. */
    static boolean matches(TlsaRecord record, X509Certificate certificate) throws GeneralSecurityException {
        byte[] selected = record.selector() == WHOLE_CERTIFICATE
                ? certificate.getEncoded()
                : certificate.getPublicKey().getEncoded();
        byte[] compared = switch (record.matchingType()) {
            case SHA_256 -> digest("SHA-256", selected);
            case SHA_512 -> digest("SHA-512", selected);
            default -> selected;
        };
        return MessageDigest.isEqual(compared, octets(record));
    }

    private static byte[] digest(String algorithm, byte[] octets) throws NoSuchAlgorithmException {
        return MessageDigest.getInstance(algorithm).digest(octets);
    }

    private static byte[] octets(TlsaRecord record) {
        return HexFormat.of().parseHex(record.data());
    }
}
