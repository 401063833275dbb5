// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.util.Optional;
import org.postroad.api.Printable;
import org.postroad.spi.Connector;

/**
 * Opens a plain TCP connection, directly or through a SOCKS proxy. The JVM-wide {@code socksProxyHost} is ignored: only {@code mail.mx.*}
 * determines how mail is routed.
 *
 * <p>With a proxy, the source address is not bound, since the proxy connects to the destination. An interrupt ends a dial immediately.
 * Thread-safe.
 */
public final class SocketConnector implements Connector {

    private final Optional<SocksProxy> socks;

    /** Connects directly. */
    public SocketConnector() {
        this(Optional.empty());
    }

    public SocketConnector(Optional<SocksProxy> socks) {
        this.socks = socks;
    }

    @Override
    public Socket connect(Dial dial) throws IOException {
        if (dial.deadline().hasPassed()) {
            throw new SocketTimeoutException(describe(dial) + ": no time left to connect");
        }
        Socket socket = newSocket();
        boolean connected = false;
        try {
            connect(socket, dial);
            connected = true;
            return socket;
        } catch (SocketTimeoutException e) {
            throw withCause(new SocketTimeoutException(describe(dial) + ": no answer in time"), e);
        } catch (ClosedByInterruptException e) {
            throw withCause(new InterruptedIOException(describe(dial) + ": the dial was cancelled"), e);
        } catch (ConnectException e) {
            throw withCause(new ConnectException(describe(dial) + ": " + Printable.describe(e)), e);
        } catch (IOException e) {
            throw new IOException(describe(dial) + ": " + Printable.describe(e), e);
        } finally {
            if (!connected) {
                socket.close();
            }
        }
    }

    /**
     * Uses the socket of a channel if possible: a channel can be checked without blocking for whether the server has closed the connection.
     */
    private Socket newSocket() throws IOException {
        return socks.isPresent()
                ? new Socket(socks.get().asProxy())
                : SocketChannel.open().socket();
    }

    private void connect(Socket socket, Dial dial) throws IOException {
        // Each group of commands is written as a whole, so Nagle's algorithm could only delay its last segment.
        socket.setTcpNoDelay(true);
        // Every wait has a time-out of its own.
        socket.setKeepAlive(false);
        if (dial.source().isPresent() && socks.isEmpty()) {
            socket.bind(new InetSocketAddress(dial.source().get().toInetAddress(), 0));
        }
        InetSocketAddress target = new InetSocketAddress(
                dial.remote().address().toInetAddress(), dial.remote().port());
        new Interruptible(socket).connect(target, dial.deadline().remainingMillis());
    }

    /** Makes {@link Socket#connect} interruptible on a platform thread: as with a channel, an interrupt closes the socket. */
    private static final class Interruptible extends AbstractInterruptibleChannel {

        private final Socket socket;

        Interruptible(Socket socket) {
            this.socket = socket;
        }

        void connect(InetSocketAddress target, int timeoutMillis) throws IOException {
            boolean connected = false;
            begin();
            try {
                socket.connect(target, timeoutMillis);
                connected = true;
            } finally {
                end(connected);
            }
        }

        @Override
        protected void implCloseChannel() throws IOException {
            socket.close();
        }
    }

    private String describe(Dial dial) {
        if (socks.isPresent()) {
            return dial.remote() + " through the SOCKS proxy " + socks.get();
        }
        return dial.remote() + dial.source().map(source -> " from " + source).orElse("");
    }

    private static <E extends IOException> E withCause(E exception, IOException cause) {
        exception.initCause(cause);
        return exception;
    }
}
