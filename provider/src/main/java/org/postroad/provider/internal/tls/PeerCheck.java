// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.X509TrustManager;
import org.postroad.api.Host;
import org.postroad.api.HostName;
import org.postroad.api.TlsFailure;
import org.postroad.api.TlsFailure.Type;
import org.postroad.api.TlsaRecord;

/**
 * Checks the certificates that a server presented. Runs after every handshake, also a resumed one, because hosts that share a session can
 * have different requirements. Thread-safe.
 */
final class PeerCheck {

    /** Maximum length of a chain; legitimate chains have up to five certificates. */
    static final int MAX_CHAIN = 10;

    /** Maximum number of CA keys tried whose certificates are not in the chain; further records are ignored. */
    static final int MAX_KEYS = 20;

    /** The JDK's name for a key exchange that does not restrict the key usage of the certificate, as in TLS 1.3. */
    private static final String ANY_KEY_EXCHANGE = "UNKNOWN";

    private final TrustSource trust;
    private final InstantSource clock;

    /** Provides the CAs, opening the trust store on first use. */
    @FunctionalInterface
    interface TrustSource {

        /** @throws IOException if there are none; the message names the cause and the fix */
        X509TrustManager manager() throws IOException;
    }

    /** @param trust used unless TLSA records apply */
    PeerCheck(TrustSource trust, InstantSource clock) {
        this.trust = trust;
        this.clock = clock;
    }

    PeerCheck(X509TrustManager trusted, InstantSource clock) {
        this(() -> trusted, clock);
    }

    /**
     * Returns why the chain does not satisfy the proof; empty if it does.
     *
     * @param chain the server's own certificate first
     */
    Optional<TlsFailure> violation(PeerAuthentication proof, Host host, List<X509Certificate> chain) {
        if (proof instanceof PeerAuthentication.Nothing) {
            return Optional.empty();
        }
        if (chain.isEmpty() || chain.size() > MAX_CHAIN) {
            return Optional.of(
                    notTrusted("it sent " + chain.size() + " certificates; 1 to " + MAX_CHAIN + " are accepted"));
        }
        if (proof instanceof PeerAuthentication.TestingOnly tested && !tested.listed()) {
            return Optional.of(new TlsFailure(Type.VALIDATION_FAILURE, "the policy does not list this host"));
        }
        if (proof instanceof PeerAuthentication.Pinned pinned) {
            return pinned(pinned.fingerprint(), chain.get(0));
        }
        return proof instanceof PeerAuthentication.Dane dane ? dane(dane, chain) : publicAuthority(host, chain);
    }

    private static TlsFailure notTrusted(String why) {
        return new TlsFailure(Type.CERTIFICATE_NOT_TRUSTED, why);
    }

    /** Describes a failure. Expiry shows only in one of the exception's causes. */
    private static TlsFailure failed(Exception failure, String what) {
        Type type = Type.CERTIFICATE_NOT_TRUSTED;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateExpiredException
                    || (cause instanceof CertPathValidatorException invalid
                            && invalid.getReason() == CertPathValidatorException.BasicReason.EXPIRED)) {
                type = Type.CERTIFICATE_EXPIRED;
            }
        }
        return new TlsFailure(type, what + JvmTrust.reason(failure));
    }

    private static Optional<TlsFailure> pinned(String wanted, X509Certificate own) {
        try {
            String shown = fingerprint(own);
            return shown.equals(wanted)
                    ? Optional.empty()
                    : Optional.of(notTrusted("its certificate has the fingerprint " + shown + ", not " + wanted));
        } catch (GeneralSecurityException | RuntimeException e) {
            return Optional.of(failed(e, "its certificate cannot be read: "));
        }
    }

    /** Returns the SHA-256 fingerprint in lower-case hexadecimal. */
    static String fingerprint(X509Certificate certificate) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    }

    /** Returns whether no certificate at all could be verified, because the CAs that the proof needs are not available. */
    boolean lacksAuthorities(PeerAuthentication proof) {
        if (!(proof instanceof PeerAuthentication.Certificate)) {
            return false;
        }
        try {
            return trust.manager().getAcceptedIssuers().length == 0;
        } catch (IOException e) {
            return true;
        }
    }

    /** Security providers throw undeclared exceptions when certificates are malformed. */
    private Optional<TlsFailure> publicAuthority(Host host, List<X509Certificate> chain) {
        try {
            trust.manager().checkServerTrusted(chain.toArray(X509Certificate[]::new), ANY_KEY_EXCHANGE);
            return CertificateNames.violation(host, chain);
        } catch (IOException e) {
            return Optional.of(notTrusted("its certificate cannot be verified: " + e.getMessage()));
        } catch (GeneralSecurityException | RuntimeException e) {
            return Optional.of(failed(e, "its certificate is not trusted: "));
        }
    }

    private Optional<TlsFailure> dane(PeerAuthentication.Dane dane, List<X509Certificate> chain) {
        List<TlsaRecord> records = DaneRecords.strongest(dane.records());
        List<TlsFailure> failures = new ArrayList<>();
        try {
            List<TlsaRecord> authorities = records.stream()
                    .filter(record -> record.usage() != DaneRecords.DANE_EE)
                    .toList();
            if (authorities.size() < records.size()) {
                if (isOwn(records, chain.get(0))) {
                    return Optional.empty();
                }
                failures.add(notTrusted("the certificate matches no DANE-EE record"));
            }
            if (!authorities.isEmpty()) {
                Optional<TlsFailure> failure = authority(authorities, dane.names(), chain);
                if (failure.isEmpty()) {
                    return Optional.empty();
                }
                failures.add(failure.get());
            }
        } catch (GeneralSecurityException | RuntimeException e) {
            failures.add(failed(e, ""));
        }
        failures.sort(Comparator.comparing(TlsFailure::type).thenComparing(TlsFailure::detail));
        String all = failures.stream().map(TlsFailure::detail).collect(Collectors.joining("; "));
        return Optional.of(new TlsFailure(failures.get(0).type(), "no TLSA record matches: " + all));
    }

    /** DANE-EE: names and dates are ignored (RFC 7672 §3.1.1). */
    private static boolean isOwn(List<TlsaRecord> records, X509Certificate certificate)
            throws GeneralSecurityException {
        for (TlsaRecord record : records) {
            if (record.usage() == DaneRecords.DANE_EE && DaneRecords.matches(record, certificate)) {
                return true;
            }
        }
        return false;
    }

    /** DANE-TA: a path must lead to one of the CAs, and the certificate must have one of the names (RFC 7672 §3.1.2). */
    private Optional<TlsFailure> authority(List<TlsaRecord> records, Set<HostName> names, List<X509Certificate> chain)
            throws GeneralSecurityException {
        Instant now = clock.instant();
        Set<TrustAnchor> anchors = anchors(records, chain);
        if (anchors.isEmpty()) {
            return Optional.of(notTrusted("no CA certificate in the chain matches a DANE-TA record"));
        }
        try {
            CertificatePaths.build(chain, anchors, now);
        } catch (GeneralSecurityException | RuntimeException e) {
            return Optional.of(
                    CertificatePaths.isExpired(chain, anchors, now)
                            ? new TlsFailure(
                                    Type.CERTIFICATE_EXPIRED,
                                    "a certificate between the server and the CA of a DANE-TA record has expired")
                            : failed(e, "no path to the CA of a DANE-TA record: "));
        }
        List<HostName> sorted =
                names.stream().sorted(Comparator.comparing(HostName::text)).toList();
        return CertificateNames.violation(sorted, chain);
    }

    /** Returns the trust anchors that the records designate, taken from the records and the chain. */
    private static Set<TrustAnchor> anchors(List<TlsaRecord> records, List<X509Certificate> chain)
            throws GeneralSecurityException {
        Set<TrustAnchor> anchors = new LinkedHashSet<>();
        int keys = 0;
        for (TlsaRecord record : records) {
            DaneRecords.certificate(record)
                    .filter(CertificatePaths::isAuthority)
                    .ifPresent(whole -> anchors.add(new TrustAnchor(whole, null)));
            Optional<PublicKey> key = keys < MAX_KEYS ? DaneRecords.key(record) : Optional.empty();
            if (key.isPresent()) {
                keys++;
                anchors.addAll(CertificatePaths.anchors(key.get(), chain));
            }
            for (X509Certificate certificate : chain) {
                boolean own = certificate.equals(chain.get(0)); // a repeated server certificate is not a CA
                if (!own && CertificatePaths.isAuthority(certificate) && DaneRecords.matches(record, certificate)) {
                    anchors.add(new TrustAnchor(certificate, null));
                }
            }
        }
        return anchors;
    }
}
