// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.https;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLSocket;
import org.postroad.api.Deadline;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Printable;
import org.postroad.api.RemoteMta;
import org.postroad.spi.Connector;

/**
 * Exchanges one request for one response, on a socket of its own, because the JDK's clients would do too much: both ask the system's
 * resolver, and know redirects, cookies, proxies, authenticators and caches that anybody in the JVM may have set. Here the connection
 * goes to an address that was checked, by the way that mail goes, and nowhere else.
 *
 * <p>The exchange has a thread of the executor; the calling thread waits for it, and closes the socket under it when the time is over or
 * it is interrupted, so that nothing outlives the call. Thread-safe.
 */
public final class HttpsClient {

    /** The longest that one address is given for the connection; less where the others would not have as much. */
    static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

    /** How long a handshake may take that is tried once more with a smaller hello; less where there is less time. */
    static final Duration LARGE_HELLO_LIMIT = Duration.ofSeconds(10);

    private static final String CONNECTION = "connection to ";
    private static final String HANDSHAKE = "TLS handshake with ";

    private final WebAddresses addresses;
    private final Tls tls;
    private final Executor executor;
    private final Connector connector;

    /**
     * @param addresses of servers
     * @param tls secures connections
     * @param executor has a thread for every exchange, and refuses only when it is closed for good
     * @param connector opens connections, as it does for mail
     */
    public HttpsClient(WebAddresses addresses, Tls tls, Executor executor, Connector connector) {
        this.addresses = addresses;
        this.tls = tls;
        this.executor = executor;
        this.connector = connector;
    }

    /** How connections to web servers are secured. */
    public interface Tls {

        /**
         * Lays TLS on a connection, before the handshake, which fails unless the certificate is trusted.
         *
         * @param smaller whether the ClientHello is to be as small as possible
         * @throws IOException if nothing can be verified here; the message says why, and what to do
         */
        SSLSocket layer(Socket plain, HostName host, boolean smaller) throws IOException;

        /**
         * After the handshake.
         *
         * @throws IOException if the certificate is not for the host
         */
        void check(SSLSocket socket, HostName host) throws IOException;

        /** Whether the ClientHello may be too large for somebody, and could be smaller. */
        boolean isHelloLarge(SSLSocket socket);

        /** Whether that may be why the handshake failed. */
        boolean isHelloInDoubt(SSLSocket socket, IOException failure);
    }

    /** Makes something of a response, while its connection is open. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(HttpsResponse response) throws IOException;
    }

    /**
     * Sends the request, and reads the response.
     *
     * @throws IOException if that fails; the message says where and why, for people, and is cleaned
     * @throws InterruptedException if the thread is interrupted; soon
     */
    public <T> T exchange(HttpsRequest request, Reader<T> reader, Deadline deadline)
            throws IOException, InterruptedException {
        Exchange exchange = new Exchange(request, addresses.of(request.host(), deadline), deadline);
        FutureTask<T> task = new FutureTask<>(() -> reader.read(exchange.response()));
        try {
            executor.execute(task);
        } catch (RejectedExecutionException closed) {
            throw new IOException(request.host() + ": not asked, the engine is closed", closed);
        }
        try {
            return task.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw withCause(new SocketTimeoutException(exchange.step + ": not done in time"), e);
        } catch (ExecutionException e) {
            Throwable cause = Optional.ofNullable(e.getCause()).orElse(e);
            if (cause instanceof Error error) {
                throw error;
            }
            throw new IOException(exchange.step + ": " + detailOf(cause), cause);
        } finally {
            exchange.end();
            task.cancel(true);
        }
    }

    /** One request and its answer. Made for one thread; {@link #end} is another's. */
    private final class Exchange {

        private final HttpsRequest request;
        private final List<IpAddress> candidates;
        private final Deadline limit;
        private volatile Optional<Socket> connection = Optional.empty();
        private volatile boolean ended;

        /** What is being done now, for people. */
        private volatile String step;

        Exchange(HttpsRequest request, List<IpAddress> candidates, Deadline limit) {
            this.request = request;
            this.candidates = candidates;
            this.limit = limit;
            this.step = CONNECTION + request.host();
        }

        /** Whoever has it done ends it, too. */
        HttpsResponse response() throws IOException {
            SSLSocket secured = secured();
            secured.getOutputStream().write(request.octets());
            return HttpsResponse.read(secured.getInputStream());
        }

        /** Where the ClientHello may have been too large: once more with a smaller one. */
        private SSLSocket secured() throws IOException {
            SSLSocket socket = layered(connect(), false);
            try {
                return shake(socket, tls.isHelloLarge(socket) ? limitOfLargeHello() : 0);
            } catch (IOException e) {
                if (ended || !tls.isHelloInDoubt(socket, e)) {
                    throw e;
                }
                connection.ifPresent(HttpsClient::close);
                return shake(layered(connect(), true), 0);
            }
        }

        private int limitOfLargeHello() {
            int half = Math.max(1, limit.remainingMillis() / 2);
            return Math.min(half, Math.toIntExact(LARGE_HELLO_LIMIT.toMillis()));
        }

        /** To the first address that can be connected. */
        private Socket connect() throws IOException {
            List<String> failures = new ArrayList<>();
            for (int i = 0; i < candidates.size(); i++) {
                RemoteMta remote = new RemoteMta(request.role(), request.host(), candidates.get(i), request.port());
                step = CONNECTION + remote;
                try {
                    return known(connector.connect(
                            new Connector.Dial(remote, Optional.empty(), share(candidates.size() - i))));
                } catch (IOException e) {
                    failures.add(remote + ": " + detailOf(e));
                }
            }
            step = CONNECTION + request.host();
            throw new ConnectException(String.join("; ", failures));
        }

        /** An equal share of the time that is left: a silent address must not take that of the next. */
        private Deadline share(int addresses) {
            Duration equal = limit.remaining().dividedBy(addresses);
            return limit.orAfter(equal.compareTo(CONNECT_LIMIT) < 0 ? equal : CONNECT_LIMIT);
        }

        /** From now on {@link #end} knows it. */
        private Socket known(Socket socket) throws IOException {
            connection = Optional.of(socket);
            if (ended) {
                socket.close();
                throw new IOException("given up");
            }
            return socket;
        }

        private SSLSocket layered(Socket plain, boolean smaller) throws IOException {
            step = HANDSHAKE + step.substring(CONNECTION.length());
            return tls.layer(plain, request.host(), smaller);
        }

        /** @param millis the longest wait for octets of the server; 0: until the end of the exchange */
        private SSLSocket shake(SSLSocket socket, int millis) throws IOException {
            socket.setSoTimeout(millis);
            socket.startHandshake();
            tls.check(socket, request.host());
            socket.setSoTimeout(0);
            step = "answer of " + step.substring(HANDSHAKE.length());
            return socket;
        }

        /**
         * Closes the socket, now and should there be another: whoever is about to open one sees that, or we see the socket. Not
         * through TLS, which would wait to say goodbye.
         */
        void end() {
            ended = true;
            connection.ifPresent(HttpsClient::close);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            System.getLogger(HttpsClient.class.getName())
                    .log(System.Logger.Level.DEBUG, "Closing the connection to a web server failed", e);
        }
    }

    private static String detailOf(Throwable e) {
        return Printable.describe(e);
    }

    private static IOException withCause(IOException exception, Throwable cause) {
        exception.initCause(cause);
        return exception;
    }
}
