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

/** A port of loopback, as a connector meets them: one that listens, one that refuses, one that does not answer. */
final class Listener implements AutoCloseable {

    private static final int ANSWER_MILLIS = 5000;

    private final InetSocketAddress address;
    private final Deque<Closeable> open = new ArrayDeque<>();

    private Listener(InetSocketAddress address, Closeable holder) {
        this.address = address;
        open.push(holder);
    }

    /** Takes every connection; nobody speaks unless the test does. */
    static Listener on(String address) throws IOException {
        ServerSocket server = new ServerSocket();
        server.bind(anyPort(address));
        return new Listener((InetSocketAddress) server.getLocalSocketAddress(), server);
    }

    /** Refuses every connection: the port is taken, so that nobody else can listen there. */
    static Listener refusing(String address) throws IOException {
        Socket holder = new Socket(Proxy.NO_PROXY);
        holder.bind(anyPort(address));
        return new Listener((InetSocketAddress) holder.getLocalSocketAddress(), holder);
    }

    /** Answers nobody: its queue is full. Skips the test where the system does not go silent then. */
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

    /** The next connection; reads from it do not take longer than the patience either. */
    Socket accept(Duration patience) throws IOException {
        if (!(open.peekLast() instanceof ServerSocket server)) {
            throw new IllegalStateException("Nobody listens at " + address);
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

    /** A connection that the connector has nothing to do with; until it is accepted it is the last in the queue. */
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
