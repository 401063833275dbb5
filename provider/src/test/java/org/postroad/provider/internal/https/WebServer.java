// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.https;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.postroad.api.IpAddress;

/** A scripted web server on loopback that handles one connection at a time. */
public final class WebServer implements Closeable {

    private static final int TIMEOUT_MILLIS = 60_000;
    private static final int DRIP_MILLIS = 5;
    private static final String LENGTH = "Content-Length: ";

    private final ServerSocket listener;
    private final Thread thread;
    private final AtomicInteger connections = new AtomicInteger();
    private final CompletableFuture<List<String>> request = new CompletableFuture<>();
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private final CompletableFuture<String> serverName = new CompletableFuture<>();
    private final CountDownLatch clientLeft = new CountDownLatch(1);

    private WebServer(ServerSocket listener, Behaviour manner) {
        this.listener = listener;
        this.thread = new Thread(() -> serve(manner), "postroad-test-web-server");
        thread.setDaemon(true);
        thread.start();
    }

    /** Handles a connection. */
    public interface Behaviour {
        void serve(WebServer server, Socket connection) throws IOException;
    }

    public static WebServer start(String address, int port, Behaviour manner) throws IOException {
        ServerSocket listener = new ServerSocket();
        listener.bind(new InetSocketAddress(IpAddress.parse(address).toInetAddress(), port));
        return new WebServer(listener, manner);
    }

    /** Starts a server that answers each request with these octets. */
    public static WebServer answering(SSLContext context, String response) throws IOException {
        return start("127.0.0.1", 0, answer(context, response));
    }

    public static Behaviour answer(SSLContext context, String response) {
        return (server, connection) -> {
            SSLSocket secured = server.readRequest(context, connection);
            secured.getOutputStream().write(response.getBytes(StandardCharsets.ISO_8859_1));
        };
    }

    /** Sends the start of a response, then single octets at intervals until the client disconnects. */
    public static Behaviour drip(SSLContext context, String start) {
        return (server, connection) -> {
            SSLSocket secured = server.readRequest(context, connection);
            secured.getOutputStream().write(start.getBytes(StandardCharsets.ISO_8859_1));
            secured.setSoTimeout(DRIP_MILLIS);
            server.awaitLeaving(secured, () -> secured.getOutputStream().write('x'));
        };
    }

    /** Accepts connections and sends nothing. */
    public static Behaviour silence() {
        return (server, connection) -> server.awaitLeaving(connection, () -> {});
    }

    private interface Action {
        void act() throws IOException;
    }

    /** Reads until the client disconnects, and acts each time a read times out. */
    private void awaitLeaving(Socket connection, Action deed) throws IOException {
        int octet = 0;
        while (octet >= 0) {
            try {
                octet = connection.getInputStream().read();
            } catch (SocketTimeoutException quiet) {
                deed.act();
            }
        }
        clientLeft.countDown();
    }

    private SSLSocket readRequest(SSLContext context, Socket connection) throws IOException {
        SSLSocket secured = (SSLSocket) context.getSocketFactory().createSocket(connection, null, true);
        secured.startHandshake();
        serverName.complete(((ExtendedSSLSession) secured.getSession())
                .getRequestedServerNames()
                .toString());
        BufferedReader in =
                new BufferedReader(new InputStreamReader(secured.getInputStream(), StandardCharsets.ISO_8859_1));
        List<String> lines = new ArrayList<>();
        int length = 0;
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            lines.add(line);
            if (line.startsWith(LENGTH)) {
                length = Integer.parseInt(line.substring(LENGTH.length()));
            }
        }
        request.complete(lines);
        StringBuilder octets = new StringBuilder();
        while (octets.length() < length) {
            int octet = in.read();
            if (octet < 0) {
                throw new EOFException("The client left within the body");
            }
            octets.append((char) octet);
        }
        body.complete(octets.toString().getBytes(StandardCharsets.ISO_8859_1));
        return secured;
    }

    private void serve(Behaviour manner) {
        while (!listener.isClosed()) {
            try (Socket connection = listener.accept()) {
                connections.incrementAndGet();
                connection.setSoTimeout(TIMEOUT_MILLIS);
                manner.serve(this, connection);
            } catch (SocketTimeoutException stays) {
                // The client is still connected; awaitClientLeft() fails in this case.
            } catch (IOException gone) {
                // In many tests the client disconnects or refuses our certificate; those tests check the client.
                clientLeft.countDown();
            }
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    public int connections() {
        return connections.get();
    }

    /** Returns the lines of the first request. */
    public List<String> request() throws Exception {
        return request.get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Returns the body of the first request. */
    public byte[] body() throws Exception {
        return body.get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Returns the SNI server names of the first handshake. */
    public String serverName() throws Exception {
        return serverName.get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Waits until a client has disconnected before the server was finished with it. */
    public void awaitClientLeft() throws InterruptedException {
        assertThat(clientLeft.await(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS))
                .as("the client has left")
                .isTrue();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        try {
            thread.join(TIMEOUT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
