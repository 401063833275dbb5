// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.postroad.api.TlsaRecord;

/** Evaluates TLSA records (RFC 6698 §2.1) as far as SMTP uses them: usages 2 and 3 (RFC 7672 §3.1). */
public final class DaneRecords {

    /** DANE-TA: the certificate of a CA in the server's chain. */
    static final int DANE_TA = 2;

    /** DANE-EE: the server's own certificate. */
    static final int DANE_EE = 3;

    private static final int WHOLE_CERTIFICATE = 0;
    private static final int PUBLIC_KEY = 1;

    private static final int EXACT = 0;
    private static final int SHA_256 = 1;
    private static final int SHA_512 = 2;

    private static final int SEQUENCE = 0x30;

    /** The first field of a certificate; absent in version 1. */
    private static final int VERSION = 0xa0;

    /** The number of fields between version and key: serial number, algorithm, issuer, validity and subject. */
    private static final int BEFORE_KEY = 5;

    private static final int BIT_STRING = 0x03;

    /** Algorithms of keys that sign certificates; a JVM need not support all of them. */
    private static final List<String> KEY_ALGORITHMS = List.of("EC", "RSA", "RSASSA-PSS", "EdDSA", "DSA", "ML-DSA");

    private DaneRecords() {}

    /** Returns the records that a certificate can be checked against. The others still indicate that the server has TLS. */
    public static Set<TlsaRecord> usable(Collection<TlsaRecord> records) {
        return records.stream().filter(DaneRecords::isUsable).collect(Collectors.toUnmodifiableSet());
    }

    private static boolean isUsable(TlsaRecord record) {
        boolean known = (record.usage() == DANE_TA || record.usage() == DANE_EE)
                && (record.selector() == WHOLE_CERTIFICATE || record.selector() == PUBLIC_KEY);
        if (!known) {
            return false;
        }
        return switch (record.matchingType()) {
            case EXACT ->
                record.selector() == WHOLE_CERTIFICATE ? certificate(record).isPresent() : isKey(octets(record));
            case SHA_256 -> octets(record).length == 32;
            case SHA_512 -> octets(record).length == 64;
            default -> false;
        };
    }

    /** Returns the full certificate, if the record contains it. */
    static Optional<X509Certificate> certificate(TlsaRecord record) {
        if (record.selector() != WHOLE_CERTIFICATE || record.matchingType() != EXACT) {
            return Optional.empty();
        }
        byte[] octets = octets(record);
        try {
            X509Certificate certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(octets));
            return Optional.of(certificate).filter(read -> isEncoding(read, octets));
        } catch (CertificateException noCertificate) {
            return Optional.empty();
        }
    }

    /** Returns whether the octets contain nothing but the certificate; the JDK ignores trailing octets. */
    private static boolean isEncoding(X509Certificate certificate, byte[] octets) {
        try {
            return Arrays.equals(certificate.getEncoded(), octets);
        } catch (CertificateEncodingException e) {
            return false;
        }
    }

    /**
     * Returns whether this is exactly one SubjectPublicKeyInfo (RFC 5280 §4.1). Its algorithm may be unknown, because keys are compared as
     * octets.
     */
    private static boolean isKey(byte[] octets) {
        Der whole = new Der(octets);
        Optional<Der.Element> info = whole.next();
        if (info.isEmpty() || info.get().tag() != SEQUENCE || !whole.isAtEnd()) {
            return false;
        }
        Der parts = new Der(info.get().content());
        return parts.next().filter(part -> part.tag() == SEQUENCE).isPresent()
                && parts.next().filter(part -> part.tag() == BIT_STRING).isPresent()
                && parts.isAtEnd();
    }

    /** Returns the full key, if the record contains it and this JVM supports its algorithm. */
    static Optional<PublicKey> key(TlsaRecord record) {
        if (record.selector() != PUBLIC_KEY || record.matchingType() != EXACT) {
            return Optional.empty();
        }
        X509EncodedKeySpec encoded = new X509EncodedKeySpec(octets(record));
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return Optional.of(KeyFactory.getInstance(algorithm).generatePublic(encoded));
            } catch (GeneralSecurityException | RuntimeException notOfThatAlgorithm) {
                // Providers throw both; try the next algorithm.
            }
        }
        return Optional.empty();
    }

    /**
     * Returns the records that count (RFC 7671 §9): of digests, only the strongest published for each usage and selector. Full certificates
     * and keys always count.
     *
     * @param usable records
     */
    static List<TlsaRecord> strongest(Collection<TlsaRecord> usable) {
        return usable.stream()
                .filter(record -> record.matchingType() != SHA_256
                        || usable.stream()
                                .noneMatch(other -> other.matchingType() == SHA_512
                                        && other.usage() == record.usage()
                                        && other.selector() == record.selector()))
                .toList();
    }

    /** Returns whether the record matches this certificate. */
    static boolean matches(TlsaRecord record, X509Certificate certificate) throws GeneralSecurityException {
        byte[] selected =
                record.selector() == WHOLE_CERTIFICATE ? certificate.getEncoded() : publicKeyInfo(certificate);
        byte[] compared = switch (record.matchingType()) {
            case SHA_256 -> digest("SHA-256", selected);
            case SHA_512 -> digest("SHA-512", selected);
            default -> selected;
        };
        return MessageDigest.isEqual(compared, octets(record));
    }

    /**
     * Returns the key as encoded in the certificate (RFC 5280 §4.1). The JDK re-encodes keys and adds parameters that some certificates
     * omit.
     */
    private static byte[] publicKeyInfo(X509Certificate certificate) throws CertificateException {
        return new Der(certificate.getTBSCertificate())
                .enter(SEQUENCE)
                .flatMap(fields -> {
                    boolean hasVersion = fields.next()
                            .filter(first -> first.tag() == VERSION)
                            .isPresent();
                    for (int i = hasVersion ? 0 : 1; i < BEFORE_KEY; i++) {
                        fields.next();
                    }
                    return fields.nextOctets();
                })
                .orElseThrow(() -> new CertificateException("it has no public key"));
    }

    private static byte[] digest(String algorithm, byte[] octets) throws NoSuchAlgorithmException {
        return MessageDigest.getInstance(algorithm).digest(octets);
    }

    private static byte[] octets(TlsaRecord record) {
        return HexFormat.of().parseHex(record.data());
    }
}
