// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.postroad.api.IpAddress;

/** The loopback addresses. */
public final class Loopback {

    static final InetAddress IPV4 = IpAddress.parse("127.0.0.1").toInetAddress();
    static final InetAddress IPV6 = IpAddress.parse("::1").toInetAddress();

    private static final int BACKLOG = 200;

    private Loopback() {}

    /** Returns the address of that port of 127.0.0.1. */
    public static InetSocketAddress at(int port) {
        return new InetSocketAddress(IPV4, port);
    }

    /** Opens a listener on 127.0.0.1, on a port chosen by the operating system. */
    public static ServerSocket listen() throws IOException {
        return new ServerSocket(0, BACKLOG, IPV4);
    }
}
