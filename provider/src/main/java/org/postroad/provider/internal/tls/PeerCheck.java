// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.HexFormat;
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

    private static TlsFailure otherHost(String why) {
        return new TlsFailure(Type.CERTIFICATE_HOST_MISMATCH, why);
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
            return host instanceof HostName name && CertificateNames.isFor(chain.get(0), name)
                    ? Optional.empty()
                    : Optional.of(otherHost(
                            "its certificate is for " + CertificateNames.shown(chain.get(0)) + " and not for " + host));
        } catch (IOException e) {
            return Optional.of(notTrusted("its certificate cannot be verified: " + e.getMessage()));
        } catch (GeneralSecurityException | RuntimeException e) {
            return Optional.of(failed(e, "its certificate is not trusted: "));
        }
    }

    private Optional<TlsFailure> dane(Proof.Dane dane, List<X509Certificate> chain) {
        List<TlsFailure> failures = new ArrayList<>();
        for (TlsaRecord record : dane.records()) {
            try {
                Optional<TlsFailure> failure = record.usage() == DaneRecords.OWN
                        ? own(record, chain.get(0))
                        : authority(record, dane.names(), chain);
                if (failure.isEmpty()) {
                    return Optional.empty();
                }
                failures.add(failure.get());
            } catch (GeneralSecurityException | RuntimeException e) {
                failures.add(failed(e, ""));
            }
        }
        failures.sort(
                Comparator.comparing(TlsFailure::type).thenComparing(TlsFailure::detail)); // records have no order
        String all = failures.stream().map(TlsFailure::detail).collect(Collectors.joining("; "));
        return Optional.of(new TlsFailure(failures.get(0).type(), "no TLSA record matches: " + all));
    }

    /** DANE-EE: names and dates do not matter (RFC 7672 §3.1.1). */
    private static Optional<TlsFailure> own(TlsaRecord record, X509Certificate certificate)
            throws GeneralSecurityException {
        return DaneRecords.matches(record, certificate)
                ? Optional.empty()
                : Optional.of(notTrusted("the certificate is not that of a record DANE-EE"));
    }

    /** DANE-TA: the chain leads to the authority, and the certificate has one of the names (RFC 7672 §3.1.2). */
    private Optional<TlsFailure> authority(TlsaRecord record, Set<HostName> names, List<X509Certificate> chain)
            throws GeneralSecurityException {
        Optional<TrustAnchor> anchor = DaneRecords.certificate(record).map(whole -> new TrustAnchor(whole, null));
        int below = chain.size();
        for (int i = chain.size() - 1; i > 0; i--) {
            if (DaneRecords.matches(record, chain.get(i))) {
                anchor = Optional.of(new TrustAnchor(chain.get(i), null));
                below = i;
            }
        }
        if (anchor.isEmpty()) {
            return Optional.of(notTrusted("no certificate of the chain is that of a record DANE-TA"));
        }
        validate(chain.subList(0, below), anchor.get());
        for (HostName name : names) {
            if (CertificateNames.isFor(chain.get(0), name)) {
                return Optional.empty();
            }
        }
        return Optional.of(
                otherHost("the certificate is for " + CertificateNames.shown(chain.get(0)) + ", and none of " + names));
    }

    private void validate(List<X509Certificate> chain, TrustAnchor anchor) throws GeneralSecurityException {
        CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(chain);
        PKIXParameters parameters = new PKIXParameters(Set.of(anchor));
        parameters.setRevocationEnabled(false); // whoever publishes the record can take it back
        parameters.setDate(Date.from(clock.instant()));
        CertPathValidator.getInstance("PKIX").validate(path, parameters);
    }
}
