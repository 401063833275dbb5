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
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.postroad.api.Deadline;
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

    /** The longest that one address is given for the connection, so that the next has its turn. */
    static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

    private static final String CONNECTION = "connection to ";
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final WebAddresses addresses;
    private final Trust trust;
    private final Executor executor;
    private final Connector connector;

    /**
     * @param addresses of servers
     * @param trust what certificates must chain to
     * @param executor has a thread for every exchange, and refuses only when it is closed for good
     * @param connector opens connections, as it does for mail
     */
    public HttpsClient(WebAddresses addresses, Trust trust, Executor executor, Connector connector) {
        this.addresses = addresses;
        this.trust = trust;
        this.executor = executor;
        this.connector = connector;
    }

    public HttpsClient(WebAddresses addresses, SSLContext trust, Executor executor, Connector connector) {
        this(addresses, () -> trust, executor, connector);
    }

    /** Has what certificates must chain to; asked at each exchange, so that it need not be there before. */
    @FunctionalInterface
    public interface Trust {

        /** @throws IOException if nothing can be verified here; the message says why, and what to do */
        SSLContext context() throws IOException;
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
            Socket plain = connect();
            String remote = step.substring(CONNECTION.length());
            step = "TLS handshake with " + remote;
            SSLSocket secured = secure(plain);
            step = "answer of " + remote;
            secured.getOutputStream().write(request.octets());
            return HttpsResponse.read(secured.getInputStream());
        }

        /** To the first address that can be connected. */
        private Socket connect() throws IOException {
            List<String> failures = new ArrayList<>();
            for (IpAddress address : candidates) {
                RemoteMta remote = new RemoteMta(request.role(), request.host(), address, request.port());
                step = CONNECTION + remote;
                try {
                    return known(connector.connect(
                            new Connector.Dial(remote, Optional.empty(), limit.orAfter(CONNECT_LIMIT))));
                } catch (IOException e) {
                    failures.add(remote + ": " + detailOf(e));
                }
            }
            step = CONNECTION + request.host();
            throw new ConnectException(String.join("; ", failures));
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

        /** Verified for the name of the host, which SNI tells the server, too. */
        private SSLSocket secure(Socket plain) throws IOException {
            SSLSocket socket = (SSLSocket) trust.context()
                    .getSocketFactory()
                    .createSocket(plain, request.host().text(), request.port(), true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            parameters.setProtocols(PROTOCOLS);
            socket.setSSLParameters(parameters);
            socket.startHandshake();
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
