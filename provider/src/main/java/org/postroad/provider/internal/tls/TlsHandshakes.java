// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.postroad.api.Host;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Printable;
import org.postroad.api.TlsFailure;
import org.postroad.api.TlsSummary;
import org.postroad.api.TlsSummary.Level;

/** Adds TLS to a connection and checks what protection was reached. */
public final class TlsHandshakes {

    /** Oldest protocol with hybrid groups. */
    private static final String HYBRID_FROM = "TLSv1.3";

    private final TlsSettings settings;
    private final ContextSource verifying;
    private final SSLContext trusting;
    private final PeerCheck check;

    /** Provides the context that verifies certificates, opening the trust store on first use. */
    @FunctionalInterface
    private interface ContextSource {
        SSLContext context() throws IOException;
    }

    private TlsHandshakes(TlsSettings settings, ContextSource verifying, PeerCheck check) {
        this.settings = settings;
        this.verifying = verifying;
        this.trusting = AcceptAnyCertificate.newContext();
        this.check = check;
    }

    /**
     * Uses the JVM's trust: its default context for relays and web servers, its trust store for mail exchangers. They are opened when a
     * certificate is first verified.
     */
    public static TlsHandshakes with(TlsSettings settings, JvmTrust trust) {
        return new TlsHandshakes(settings, trust::context, new PeerCheck(trust::manager, InstantSource.system()));
    }

    /** Uses the given trust managers. */
    public static TlsHandshakes trusting(TlsSettings settings, TrustManager[] trust, InstantSource clock) {
        SSLContext context = AcceptAnyCertificate.newContext(trust);
        return new TlsHandshakes(settings, () -> context, new PeerCheck(x509(trust), clock));
    }

    private static X509TrustManager x509(TrustManager[] trust) {
        return Arrays.stream(trust)
                .filter(X509TrustManager.class::isInstance)
                .map(X509TrustManager.class::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No trust manager supports X.509 certificates"));
    }

    /**
     * Adds TLS to a connection to a relay or a web server. The caller must start the handshake and limit its time. It fails unless the
     * certificate chains to the trust store; {@link #checkVerified} then checks the names. No I/O.
     *
     * @throws IOException if the connection is closed or no certificate can be verified; the message names the cause
     */
    public SSLSocket layerVerified(Socket plain, Host host, Groups groups) throws IOException {
        return layer(verifying.context(), plain, host, groups);
    }

    /**
     * Adds TLS to a connection. The handshake accepts any certificate; {@link #check} then checks it.
     *
     * @param name for SNI and the session cache: {@link RequiredProtection#serverName}
     */
    public SSLSocket layerUnverified(Socket plain, Host name, Groups groups) throws IOException {
        return layer(trusting, plain, name, groups);
    }

    /** The key exchange groups offered. */
    public enum Groups {
        /** The configured groups, or else those of the JVM. */
        ALL,
        /** Only those with small key shares, without hybrid groups, whose ClientHello some middleboxes and servers drop. */
        CLASSICAL
    }

    /**
     * Returns whether to repeat a failed handshake with {@link Groups#CLASSICAL}: the ClientHello may have been too large, and the failure
     * is not a rejected certificate.
     *
     * @param socket whose handshake failed
     */
    public static boolean isWorthSmallerHello(SSLSocket socket, IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return false;
            }
        }
        return isHelloLarge(socket);
    }

    /** Returns whether both hybrid and classical groups are offered. */
    public static boolean isHelloLarge(SSLSocket socket) {
        return Arrays.asList(socket.getEnabledProtocols()).contains(HYBRID_FROM)
                && KeyGroups.haveSmallerChoice(KeyGroups.of(socket.getSSLParameters()));
    }

    private SSLSocket layer(SSLContext context, Socket plain, Host host, Groups groups) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(plain, host.fold(HostName::text, IpAddress::toString), plain.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(settings.protocols().toArray(String[]::new));
        if (!settings.cipherSuites().isEmpty()) {
            parameters.setCipherSuites(settings.cipherSuites().toArray(String[]::new));
        }
        List<String> all = settings.groups().isEmpty() ? KeyGroups.of(parameters) : settings.groups();
        boolean smaller = groups == Groups.CLASSICAL && KeyGroups.haveSmallerChoice(all);
        if (smaller || !settings.groups().isEmpty()) {
            KeyGroups.set(parameters, smaller ? KeyGroups.classical(all) : all);
        }
        parameters.setEndpointIdentificationAlgorithm(""); // names are checked only in CertificateNames
        host.name()
                .filter(TlsHandshakes::isSniName)
                .ifPresent(name -> parameters.setServerNames(List.of(new SNIHostName(name.text()))));
        socket.setSSLParameters(parameters);
        return socket;
    }

    /**
     * Checks the certificate after a handshake of {@link #layerVerified}, and returns the protection reached.
     *
     * @throws PeerNotAuthenticatedException if the certificate is not for the host
     */
    public static Established checkVerified(SSLSocket socket, Host host) throws IOException {
        SSLSession session = socket.getSession();
        List<X509Certificate> chain = chain(session);
        Optional<TlsFailure> violation = CertificateNames.violation(host, chain);
        if (violation.isPresent()) {
            throw new PeerNotAuthenticatedException(violation.get(), false);
        }
        return new Established(
                new TlsSummary(Level.VERIFIED, Optional.of(handshake(session, chain)), ""), Optional.empty());
    }

    /**
     * The protection that a handshake reached.
     *
     * @param flaw what the certificate fails to prove, if the MTA-STS policy is in testing mode
     */
    public record Established(TlsSummary tls, Optional<TlsFailure> flaw) {}

    /**
     * Checks the certificate after a handshake of {@link #layerUnverified}, and returns the protection reached.
     *
     * @throws PeerNotAuthenticatedException if the certificate does not prove what it must
     */
    public Established check(SSLSocket socket, Host host, RequiredProtection protection) throws IOException {
        SSLSession session = socket.getSession();
        List<X509Certificate> chain = chain(session);
        Optional<TlsSummary.Handshake> handshake = Optional.of(handshake(session, chain));
        Optional<TlsFailure> violation = check.violation(protection.proof(), host, chain);
        if (violation.isPresent() && !(protection.proof() instanceof PeerAuthentication.TestingOnly)) {
            // A resumed session would present the same certificate, even if the server has a new one.
            session.invalidate();
            throw new PeerNotAuthenticatedException(violation.get(), check.lacksAuthorities(protection.proof()));
        }
        String detail = violation
                .map(failure -> "MTA-STS testing mode: " + failure.detail())
                .orElse("");
        return new Established(new TlsSummary(protection.level(), handshake, detail), violation);
    }

    /** The connection is encrypted, but the server is not authenticated. */
    public static final class PeerNotAuthenticatedException extends IOException {

        private static final long serialVersionUID = 1;

        private final TlsFailure failure;
        private final boolean forLackOfTrust;

        PeerNotAuthenticatedException(TlsFailure failure, boolean forLackOfTrust) {
            super(failure.detail(), new CertificateException(failure.toString()));
            this.failure = failure;
            this.forLackOfTrust = forLackOfTrust;
        }

        /** Returns whether no certificate at all could be verified, so that the failure is no evidence against this one. */
        public boolean isForLackOfTrust() {
            return forLackOfTrust;
        }

        public TlsFailure failure() {
            return failure;
        }
    }

    private static List<X509Certificate> chain(SSLSession session) throws IOException {
        return Arrays.stream(session.getPeerCertificates())
                .map(X509Certificate.class::cast)
                .toList();
    }

    private static TlsSummary.Handshake handshake(SSLSession session, List<X509Certificate> chain) throws IOException {
        X509Certificate own = chain.get(0);
        try {
            return new TlsSummary.Handshake(
                    session.getProtocol(),
                    session.getCipherSuite(),
                    KeyGroups.negotiated(session),
                    CertificateNames.shown(own),
                    PeerCheck.fingerprint(own));
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificate cannot be read: " + Printable.describe(e), e);
        }
    }

    private static boolean isSniName(HostName name) {
        try {
            return !new SNIHostName(name.text()).getAsciiName().isEmpty();
        } catch (IllegalArgumentException notForSni) {
            return false; // for example because of an underscore; the handshake then omits SNI
        }
    }
}
