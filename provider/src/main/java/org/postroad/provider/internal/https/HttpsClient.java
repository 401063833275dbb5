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
 * Sends one HTTPS request and reads its response on a new connection. Does not use the JDK's clients, because both use the system's
 * resolver and support redirects, cookies, proxies, authenticators and caches that any code in the JVM may have configured. Here a
 * connection is opened in the same way as for mail, and only to an address that was checked.
 *
 * <p>Each exchange runs on a thread of the executor. The calling thread waits for it and closes the socket when the time is over or the
 * thread is interrupted, so that nothing outlives the call. Thread-safe.
 */
public final class HttpsClient {

    /** Maximum time for connecting to one address; less if an equal share of the remaining time is shorter. */
    static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

    /**
     * Maximum wait for the server during a handshake that can be retried with a smaller ClientHello; at most half of the remaining time.
     */
    static final Duration LARGE_HELLO_LIMIT = Duration.ofSeconds(10);

    private static final String CONNECTION = "connection to ";
    private static final String HANDSHAKE = "TLS handshake with ";

    private final WebAddresses addresses;
    private final TlsConnector tls;
    private final Executor executor;
    private final Connector connector;

    /**
     * @param addresses finds the addresses of servers
     * @param tls secures connections
     * @param executor provides a thread for every exchange; must not reject one until it is shut down
     * @param connector opens connections, in the same way as for mail
     */
    public HttpsClient(WebAddresses addresses, TlsConnector tls, Executor executor, Connector connector) {
        this.addresses = addresses;
        this.tls = tls;
        this.executor = executor;
        this.connector = connector;
    }

    /** Secures connections to web servers. */
    public interface TlsConnector {

        /**
         * Wraps a connection in TLS, without starting the handshake. The handshake will fail unless the certificate is trusted.
         *
         * @param smaller whether to make the ClientHello as small as possible
         * @throws IOException if certificates cannot be verified on this host; the message gives the reason and the remedy
         */
        SSLSocket layer(Socket plain, HostName host, boolean smaller) throws IOException;

        /**
         * Checks the server's certificate after the handshake.
         *
         * @throws IOException if the certificate is not valid for the host
         */
        void check(SSLSocket socket, HostName host) throws IOException;

        /** Returns whether the ClientHello may be too large for some servers and could be smaller. */
        boolean isHelloLarge(SSLSocket socket);

        /** Returns whether the size of the ClientHello may be why the handshake failed. */
        boolean mayFailForHelloSize(SSLSocket socket, IOException failure);
    }

    /** Evaluates a response while its connection is open. */
    @FunctionalInterface
    public interface BodyReader<T> {
        T read(HttpsResponse response) throws IOException;
    }

    /**
     * Sends the request and reads the response.
     *
     * @throws IOException if that fails; the message gives the place and the reason, human-readable and cleaned
     * @throws InterruptedException if the calling thread is interrupted; thrown without waiting for the exchange to end
     */
    public <T> T exchange(HttpsRequest request, BodyReader<T> reader, Deadline deadline)
            throws IOException, InterruptedException {
        Exchange exchange = new Exchange(request, addresses.of(request.host(), deadline), deadline);
        FutureTask<T> task = new FutureTask<>(() -> reader.read(exchange.response()));
        try {
            executor.execute(task);
        } catch (RejectedExecutionException closed) {
            throw new IOException(request.host() + ": no request sent, the engine is closed", closed);
        }
        try {
            return task.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw withCause(new SocketTimeoutException(exchange.step + ": timed out"), e);
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

    /** One request and its response. Runs on one thread of the executor; the calling thread calls {@link #end}. */
    private final class Exchange {

        private final HttpsRequest request;
        private final List<IpAddress> candidates;
        private final Deadline limit;
        private volatile Optional<Socket> connection = Optional.empty();
        private volatile boolean ended;

        /** What is being done now, human-readable. */
        private volatile String step;

        Exchange(HttpsRequest request, List<IpAddress> candidates, Deadline limit) {
            this.request = request;
            this.candidates = candidates;
            this.limit = limit;
            this.step = CONNECTION + request.host();
        }

        /** Sends the request and reads the response up to its body. The caller must call {@link #end} afterwards. */
        HttpsResponse response() throws IOException {
            SSLSocket secured = secured();
            secured.getOutputStream().write(request.octets());
            return HttpsResponse.read(secured.getInputStream());
        }

        /** Connects and performs the handshake. If the ClientHello may have been too large, retries once with a smaller one. */
        private SSLSocket secured() throws IOException {
            SSLSocket socket = layered(connect(), false);
            try {
                return handshake(socket, tls.isHelloLarge(socket) ? limitOfLargeHello() : 0);
            } catch (IOException e) {
                if (ended || !tls.mayFailForHelloSize(socket, e)) {
                    throw e;
                }
                connection.ifPresent(HttpsClient::close);
                return handshake(layered(connect(), true), 0);
            }
        }

        private int limitOfLargeHello() {
            int half = Math.max(1, limit.remainingMillis() / 2);
            return Math.min(half, Math.toIntExact(LARGE_HELLO_LIMIT.toMillis()));
        }

        /** Connects to the first address that can be reached. */
        private Socket connect() throws IOException {
            List<String> failures = new ArrayList<>();
            for (int i = 0; i < candidates.size(); i++) {
                RemoteMta remote = new RemoteMta(request.role(), request.host(), candidates.get(i), request.port());
                step = CONNECTION + remote;
                try {
                    return register(connector.connect(
                            new Connector.Dial(remote, Optional.empty(), share(candidates.size() - i))));
                } catch (IOException e) {
                    failures.add(remote + ": " + detailOf(e));
                }
            }
            step = CONNECTION + request.host();
            throw new ConnectException(String.join("; ", failures));
        }

        /** Returns an equal share of the remaining time, so that an address that does not answer leaves time for the next ones. */
        private Deadline share(int addresses) {
            Duration equal = limit.remaining().dividedBy(addresses);
            return limit.atMost(equal.compareTo(CONNECT_LIMIT) < 0 ? equal : CONNECT_LIMIT);
        }

        /** Registers the socket, so that {@link #end} closes it. */
        private Socket register(Socket socket) throws IOException {
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

        /** @param millis the maximum wait for octets from the server; 0 means until the end of the exchange */
        private SSLSocket handshake(SSLSocket socket, int millis) throws IOException {
            socket.setSoTimeout(millis);
            socket.startHandshake();
            tls.check(socket, request.host());
            socket.setSoTimeout(0);
            step = "response from " + step.substring(HANDSHAKE.length());
            return socket;
        }

        /**
         * Closes the socket, or the next one if it is being opened: either {@link #register} sees the flag or this method sees the socket.
         * Closes the plain socket, because closing TLS would wait to send close_notify.
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
