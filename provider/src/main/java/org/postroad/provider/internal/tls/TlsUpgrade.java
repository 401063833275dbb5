// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.postroad.api.Host;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.TlsSummary;
import org.postroad.api.TlsSummary.Level;

/** Makes a TLS connection of a plain one. */
public final class TlsUpgrade {

    private final TlsSettings settings;
    private final SSLContext verifying;
    private final SSLContext trusting;

    private TlsUpgrade(TlsSettings settings, SSLContext verifying) {
        this.settings = settings;
        this.verifying = verifying;
        this.trusting = newContext();
    }

    /** With the trust store of the JVM for what is verified. */
    public static TlsUpgrade withDefaultTrust(TlsSettings settings) {
        try {
            return new TlsUpgrade(settings, SSLContext.getDefault());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The trust store of this JVM cannot be used", e);
        }
    }

    /** With a trust of its own for what is verified. */
    public static TlsUpgrade trusting(TlsSettings settings, SSLContext trust) {
        return new TlsUpgrade(settings, trust);
    }

    /** One that trusts everybody. */
    static SSLContext newContext() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustEverybody()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JVM has no TLS", e);
        }
    }

    /**
     * TLS on top of a connection, before the handshake, which is the caller's to start and to bound. No IO.
     *
     * @param level VERIFIED: the certificate must chain to the trust store and name the host (RFC 6125); OPPORTUNISTIC: any will do
     * @throws IOException if the connection is closed
     */
    public SSLSocket layer(Socket plain, Host host, Level level) throws IOException {
        SSLContext context = level == Level.VERIFIED ? verifying : trusting;
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(plain, host.fold(HostName::text, IpAddress::toString), plain.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(settings.protocols().toArray(String[]::new));
        if (!settings.cipherSuites().isEmpty()) {
            parameters.setCipherSuites(settings.cipherSuites().toArray(String[]::new));
        }
        parameters.setEndpointIdentificationAlgorithm(level == Level.VERIFIED ? "HTTPS" : "");
        host.name()
                .filter(TlsUpgrade::isSniName)
                .ifPresent(name -> parameters.setServerNames(List.of(new SNIHostName(name.text()))));
        socket.setSSLParameters(parameters);
        return socket;
    }

    /** What was reached. */
    public static TlsSummary summary(SSLSocket socket, Level level) {
        return new TlsSummary(
                level,
                socket.getSession().getProtocol() + " " + socket.getSession().getCipherSuite());
    }

    private static boolean isSniName(HostName name) {
        try {
            return !new SNIHostName(name.text()).getAsciiName().isEmpty();
        } catch (IllegalArgumentException notForSni) {
            return false; // underscores and the like: the handshake goes without SNI
        }
    }

    /** Opportunistic TLS (RFC 7435): protection from those who only listen; the certificate proves nothing and is not looked at. */
    private static final class TrustEverybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
