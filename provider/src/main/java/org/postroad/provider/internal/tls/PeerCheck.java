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
 * Checks the certificates that a server showed. After the handshake, and also where it resumed a session, for what one host has to prove
 * another one need not.
 */
final class PeerCheck {

    /** Certificates of a chain that are looked at; an honest one has up to five. */
    static final int MAX_CHAIN = 10;

    /** Keys of authorities that are tried where their certificates are not shown; of more records, the others count for nothing. */
    static final int MAX_KEYS = 20;

    /** What the JDK calls the key exchange where it does not matter for what the certificate may be used, as in TLS 1.3. */
    private static final String ANY_KEY_EXCHANGE = "UNKNOWN";

    private final Authorities authorities;
    private final InstantSource clock;

    /** Has the authorities, and opens them when they are first asked for. */
    @FunctionalInterface
    interface Authorities {

        /** @throws IOException if there are none; the message says why, and what to do */
        X509TrustManager manager() throws IOException;
    }

    /** @param authorities those that count where no TLSA record says otherwise */
    PeerCheck(Authorities authorities, InstantSource clock) {
        this.authorities = authorities;
        this.clock = clock;
    }

    PeerCheck(X509TrustManager trusted, InstantSource clock) {
        this(() -> trusted, clock);
    }

    /**
     * Why the chain does not prove it; empty: it does.
     *
     * @param chain the server's own first
     */
    Optional<TlsFailure> objection(Proof proof, Host host, List<X509Certificate> chain) {
        if (proof instanceof Proof.Nothing) {
            return Optional.empty();
        }
        if (chain.isEmpty() || chain.size() > MAX_CHAIN) {
            return Optional.of(
                    notTrusted("it showed " + chain.size() + " certificates; 1 to " + MAX_CHAIN + " are looked at"));
        }
        if (proof instanceof Proof.Tested tested && !tested.listed()) {
            return Optional.of(new TlsFailure(Type.VALIDATION_FAILURE, "the policy does not list this host"));
        }
        if (proof instanceof Proof.Pinned pinned) {
            return pinned(pinned.fingerprint(), chain.get(0));
        }
        return proof instanceof Proof.Dane dane ? dane(dane, chain) : publicAuthority(host, chain);
    }

    private static TlsFailure notTrusted(String why) {
        return new TlsFailure(Type.CERTIFICATE_NOT_TRUSTED, why);
    }

    /** Whether it is only the date shows somewhere below what was thrown. */
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

    /** SHA-256, in hexadecimal, lower case. */
    static String fingerprint(X509Certificate certificate) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    }

    /** Whether nothing can be verified, whatever is shown: the authorities that the proof needs cannot be had here. */
    boolean lacksAuthorities(Proof proof) {
        if (!(proof instanceof Proof.Certificate)) {
            return false;
        }
        try {
            return authorities.manager().getAcceptedIssuers().length == 0;
        } catch (IOException e) {
            return true;
        }
    }

    /** Security providers throw more than they declare, and foreign certificates give them occasion. */
    private Optional<TlsFailure> publicAuthority(Host host, List<X509Certificate> chain) {
        try {
            authorities.manager().checkServerTrusted(chain.toArray(X509Certificate[]::new), ANY_KEY_EXCHANGE);
            return CertificateNames.objection(host, chain);
        } catch (IOException e) {
            return Optional.of(notTrusted("its certificate cannot be verified: " + e.getMessage()));
        } catch (GeneralSecurityException | RuntimeException e) {
            return Optional.of(failed(e, "its certificate is not trusted: "));
        }
    }

    private Optional<TlsFailure> dane(Proof.Dane dane, List<X509Certificate> chain) {
        List<TlsaRecord> records = DaneRecords.strongest(dane.records());
        List<TlsFailure> failures = new ArrayList<>();
        try {
            List<TlsaRecord> authorities = records.stream()
                    .filter(record -> record.usage() != DaneRecords.OWN)
                    .toList();
            if (authorities.size() < records.size()) {
                if (isOwn(records, chain.get(0))) {
                    return Optional.empty();
                }
                failures.add(notTrusted("the certificate is not that of a record DANE-EE"));
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

    /** DANE-EE: names and dates do not matter (RFC 7672 §3.1.1). */
    private static boolean isOwn(List<TlsaRecord> records, X509Certificate certificate)
            throws GeneralSecurityException {
        for (TlsaRecord record : records) {
            if (record.usage() == DaneRecords.OWN && DaneRecords.matches(record, certificate)) {
                return true;
            }
        }
        return false;
    }

    /** DANE-TA: a path leads to one of the authorities, and the certificate has one of the names (RFC 7672 §3.1.2). */
    private Optional<TlsFailure> authority(List<TlsaRecord> records, Set<HostName> names, List<X509Certificate> chain)
            throws GeneralSecurityException {
        Instant now = clock.instant();
        Set<TrustAnchor> anchors = anchors(records, chain);
        if (anchors.isEmpty()) {
            return Optional.of(
                    notTrusted("no certificate of the chain is that of an authority and of a record DANE-TA"));
        }
        try {
            CertificatePaths.build(chain, anchors, now);
        } catch (GeneralSecurityException | RuntimeException e) {
            return Optional.of(
                    CertificatePaths.isExpired(chain, anchors, now)
                            ? new TlsFailure(
                                    Type.CERTIFICATE_EXPIRED,
                                    "a certificate between the server and the authority of a record DANE-TA has expired")
                            : failed(e, "no path to the authority of a record DANE-TA: "));
        }
        List<HostName> sorted =
                names.stream().sorted(Comparator.comparing(HostName::text)).toList();
        return CertificateNames.objection(sorted, chain);
    }

    /** What the records say of authorities, as far as it can be told from the records and the chain. */
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
                boolean own =
                        certificate.equals(chain.get(0)); // perhaps shown once more, which makes no authority of it
                if (!own && CertificatePaths.isAuthority(certificate) && DaneRecords.matches(record, certificate)) {
                    anchors.add(new TrustAnchor(certificate, null));
                }
            }
        }
        return anchors;
    }
}
