// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
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
public final class LatencyProxy implements AutoCloseable {

    private static final int BACKLOG = 200;

    private final ServerSocket listener;
    private final InetSocketAddress target;
    private final long roundTripNanos;
    private final ScheduledExecutorService dialling = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "benchmark-latency-dialling");
        thread.setDaemon(true);
        return thread;
    });
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private LatencyProxy(ServerSocket listener, InetSocketAddress target, Duration roundTrip) {
        this.listener = listener;
        this.target = target;
        this.roundTripNanos = roundTrip.toNanos();
    }

    /** Listens on 127.0.0.1, on a port of the operating system's choice. */
    public static LatencyProxy start(InetSocketAddress target, Duration roundTrip) throws IOException {
        ServerSocket listener = new ServerSocket(0, BACKLOG, InetAddress.getByName("127.0.0.1"));
        LatencyProxy proxy = new LatencyProxy(listener, target, roundTrip);
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
                dialling.schedule(() -> connect(client), roundTripNanos * 3 / 2, TimeUnit.NANOSECONDS);
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
        dialling.shutdownNow();
        open.forEach(Sockets::drop);
    }
}
