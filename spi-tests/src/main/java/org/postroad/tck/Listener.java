// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.postroad.api.IpAddress;
import org.postroad.fixtures.SilentPort;

/** A loopback port for the tests of connectors: one that listens, one that refuses, or one that does not answer. */
final class Listener implements AutoCloseable {

    private static final int ANSWER_MILLIS = 5000;

    private final InetSocketAddress address;
    private final Deque<Closeable> open = new ArrayDeque<>();

    private Listener(InetSocketAddress address, Closeable holder) {
        this.address = address;
        open.push(holder);
    }

    /** Accepts every connection. Only the test sends data. */
    static Listener on(String address) throws IOException {
        ServerSocket server = new ServerSocket();
        server.bind(anyPort(address));
        return new Listener((InetSocketAddress) server.getLocalSocketAddress(), server);
    }

    /** Refuses every connection. The port stays bound, so that no other process can listen on it. */
    static Listener refusing(String address) throws IOException {
        Socket holder = new Socket(Proxy.NO_PROXY);
        holder.bind(anyPort(address));
        return new Listener((InetSocketAddress) holder.getLocalSocketAddress(), holder);
    }

    /** Does not answer, because its backlog is full. Skips the test if the system does not ignore connections then. */
    static Listener silent(String address) throws IOException {
        try {
            SilentPort port = SilentPort.open(address);
            return new Listener(port.address(), port);
        } catch (SilentPort.NotSilentException e) {
            throw new Skip(Skip.Kind.NOT_ON_THIS_SYSTEM, String.valueOf(e.getMessage()));
        }
    }

    private static InetSocketAddress anyPort(String address) {
        return new InetSocketAddress(IpAddress.parse(address).toInetAddress(), 0);
    }

    IpAddress ip() {
        return IpAddress.of(address.getAddress());
    }

    int port() {
        return address.getPort();
    }

    /** Accepts the next connection. Reads from it are limited to the same time. */
    Socket accept(Duration patience) throws IOException {
        if (!(open.peekLast() instanceof ServerSocket server)) {
            throw new IllegalStateException("There is no listener at " + address);
        }
        int millis = Math.toIntExact(patience.toMillis());
        server.setSoTimeout(millis);
        try {
            Socket accepted = server.accept();
            accepted.setSoTimeout(millis);
            return accepted;
        } catch (SocketTimeoutException nobody) {
            throw new Mismatch(
                    "a connection to " + ip().literal() + ":" + port(),
                    "none came within " + millis + " ms",
                    "the address and port that connect() dials");
        }
    }

    /** Connects without the connector. Until it is accepted, this connection is the last in the backlog. */
    Socket knock() throws IOException {
        Socket socket = new Socket(Proxy.NO_PROXY);
        socket.connect(address, ANSWER_MILLIS);
        return socket;
    }

    @Override
    public void close() throws IOException {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }
}
