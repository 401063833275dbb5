// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.wire;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A far-away server: a port on loopback behind which another one seems to be a round trip away. Each direction takes half of it, and
 * throughput is not limited.
 *
 * <p>The handshake of TCP cannot be held up from here: loopback answers a SYN at once. So the server behind is dialled one and a half
 * round trips later: one for the handshake, half of one for the client's ACK, after which a server would know of its client. The
 * greeting, which travels another half, is there after two round trips, as on a real path; SMTP clients say nothing before it.
 */
public final class LatencyProxy implements Closeable {

    private final ServerSocket listener;
    private final InetSocketAddress target;
    private final long roundTripNanos;
    private final Executor dialling;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private LatencyProxy(ServerSocket listener, InetSocketAddress target, Duration roundTrip) {
        this.listener = listener;
        this.target = target;
        this.roundTripNanos = roundTrip.toNanos();
        this.dialling = CompletableFuture.delayedExecutor(
                roundTripNanos * 3 / 2,
                TimeUnit.NANOSECONDS,
                work -> Daemons.start("benchmark-latency-dialling", work));
    }

    /** Listens on 127.0.0.1, on a port of the operating system's choice. */
    public static LatencyProxy start(InetSocketAddress target, Duration roundTrip) throws IOException {
        LatencyProxy proxy = new LatencyProxy(Loopback.listen(), target, roundTrip);
        Daemons.start("benchmark-latency", proxy::acceptAll);
        return proxy;
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                open.removeIf(Socket::isClosed);
                open.add(client);
                dialling.execute(() -> connect(client));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    System.getLogger(LatencyProxy.class.getName())
                            .log(System.Logger.Level.WARNING, "The latency proxy cannot accept", e);
                }
            }
        }
    }

    /** A server that cannot be reached is a connection that ends before the greeting. */
    private void connect(Socket client) {
        Socket server = new Socket();
        open.add(server);
        try {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            server.connect(target);
            if (listener.isClosed()) {
                throw new SocketException("The proxy was closed");
            }
            AtomicInteger directions = new AtomicInteger(2);
            Runnable closeAfterBoth = () -> {
                if (directions.decrementAndGet() == 0) {
                    Sockets.drop(client);
                    Sockets.drop(server);
                }
            };
            new Pump(client, server, roundTripNanos / 2, closeAfterBoth).start();
            new Pump(server, client, roundTripNanos / 2, closeAfterBoth).start();
        } catch (IOException e) {
            Sockets.drop(client);
            Sockets.drop(server);
        }
    }

    /** Closes the listener and every connection. */
    @Override
    public void close() throws IOException {
        listener.close();
        open.forEach(Sockets::drop);
    }
}
