// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.net.InetSocketAddress;
import java.net.Proxy;
import org.postroad.api.Host;

/**
 * A SOCKS 5 proxy through which all connections are dialled (RFC 1928): {@code mail.mx.socks.*}. It receives IP addresses only; DNS is not
 * resolved through it.
 *
 * @param host name or address of the proxy; a name is resolved by the operating system for each dial
 * @param port 1 to 65535
 */
public record SocksProxy(Host host, int port) {

    /** Default port of SOCKS (RFC 1928 §3). */
    public static final int DEFAULT_PORT = 1080;

    public SocksProxy {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("The SOCKS port " + port + " is not between 1 and 65535");
        }
    }

    Proxy asProxy() {
        return new Proxy(
                Proxy.Type.SOCKS,
                host.fold(
                        name -> new InetSocketAddress(name.text(), port),
                        address -> new InetSocketAddress(address.toInetAddress(), port)));
    }

    @Override
    public String toString() {
        return host.fold(name -> name.text(), address -> "[" + address + "]") + ":" + port;
    }
}
