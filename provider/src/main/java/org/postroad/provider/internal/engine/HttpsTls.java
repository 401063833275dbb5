// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLSocket;
import org.postroad.api.HostName;
import org.postroad.provider.internal.https.HttpsClient;
import org.postroad.provider.internal.tls.TlsHandshakes;
import org.postroad.provider.internal.tls.TlsHandshakes.Groups;

/**
 * TLS for connections to web servers, with the same checks as for relays.
 *
 * @param handshakes performs the handshakes, with the trust store for web servers
 */
public record HttpsTls(TlsHandshakes handshakes) implements HttpsClient.TlsConnector {

    @Override
    public SSLSocket layer(Socket plain, HostName host, boolean smaller) throws IOException {
        return handshakes.layerVerified(plain, host, smaller ? Groups.CLASSICAL : Groups.ALL);
    }

    @Override
    public void check(SSLSocket socket, HostName host) throws IOException {
        TlsHandshakes.checkVerified(socket, host);
    }

    @Override
    public boolean isHelloLarge(SSLSocket socket) {
        return TlsHandshakes.isHelloLarge(socket);
    }

    @Override
    public boolean mayFailForHelloSize(SSLSocket socket, IOException failure) {
        return TlsHandshakes.isWorthSmallerHello(socket, failure);
    }
}
