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
 * Simulates a distant server: a port on loopback through which another server seems to be a round trip away. Each direction has
 * half of the delay. Throughput is not limited.
 *
 * <p>The TCP handshake cannot be delayed from here, because loopback answers a SYN immediately. Instead, the connection to the
 * server is opened one and a half round trips later: one for the handshake, and half of one for the client's ACK, after which a
 * real server would notice its client. The greeting takes another half, so it arrives after two round trips, as on a real path.
 * SMTP clients send nothing before it.
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

    /** Listens on 127.0.0.1, on a port chosen by the operating system. */
    public static LatencyProxy start(InetSocketAddress target, Duration roundTrip) throws IOException {
        LatencyProxy proxy = new LatencyProxy(Loopback.listen(), target, roundTrip);
        Daemons.start("benchmark-latency", proxy::acceptAll);
        return proxy;
    }

    /** Returns the address it listens on. */
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

    /** If the server cannot be reached, the client's connection is closed before the greeting. */
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
