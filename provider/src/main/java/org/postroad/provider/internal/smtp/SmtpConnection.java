// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import org.postroad.api.Deadline;
import org.postroad.api.Reply;

/**
 * Input and output of one connection: reads replies and writes blocks, each within a given limit. Not thread-safe, except for {@link
 * #close}.
 *
 * <p>{@code SO_TIMEOUT} is not enough: it does not apply to writes, and starts again with each octet that a peer sends, even with octets of
 * a TLS record that is not complete. So the {@link Watchdog} closes the TCP connection below TLS; closing the TLS socket would wait for a
 * blocked writer.
 */
final class SmtpConnection {

    private static final int READ_BUFFER = 8192;

    /** Size of the write buffer that is reused, in octets. */
    private static final int WRITE_BUFFER = 16_384;

    /** Maximum time to look for a reply if octets arrived below TLS: they may be session tickets and not a reply. */
    private static final int PROBE_MILLIS = 1;

    private static final String QUICK_ACK = "TCP_QUICKACK";

    private static final String CLOSED_BY_SERVER = "the server closed the connection";

    private final Socket raw;
    private Watchdog watchdog;
    private Socket socket;
    private ReplyParser parser = new ReplyParser();
    private final Secrets secrets = new Secrets();
    private final byte[] received = new byte[READ_BUFFER];
    private ByteBuffer unread = ByteBuffer.allocate(0);
    private byte[] writeBuffer = new byte[0];
    private boolean answered; // at least one reply was read since the last write

    SmtpConnection(SecuredSocket connection, Watchdog watchdog) {
        this.raw = connection.raw();
        this.socket = connection.socket();
        this.watchdog = watchdog;
    }

    /** Sets the watchdog that limits waits from now on. */
    void checkOut(Watchdog other) {
        watchdog = other;
    }

    /** Detaches the connection from the watchdog of its send, so that cancelling that send does not affect the next one. */
    void checkIn() {
        watchdog = watchdog.forSend();
    }

    /** Returns all secrets ever sent on this connection: a later send that uses the connection must not show them either. */
    Secrets secrets() {
        return secrets;
    }

    /** Returns the TCP connection below TLS. */
    Socket raw() {
        return raw;
    }

    /** Switches to TLS. Discards octets received before the handshake, since an attacker may have injected them (RFC 3207 §4.2). */
    void secure(Socket secured) {
        socket = secured;
        parser = new ReplyParser();
        unread = ByteBuffer.allocate(0);
    }

    /** Returns a write buffer of at least this size; usually the same array each time. */
    byte[] writeBuffer(int octets) {
        if (octets > WRITE_BUFFER) {
            return new byte[octets];
        }
        if (writeBuffer.length == 0) {
            writeBuffer = new byte[WRITE_BUFFER];
        }
        return writeBuffer;
    }

    void write(byte[] octets, int offset, int length, Deadline limit) throws IOException {
        answered = false;
        watchdog.guard(
                raw,
                limit,
                "the server did not accept our data",
                () -> socket.getOutputStream().write(octets, offset, length));
    }

    /** Reads the next complete reply, with secrets. The limit applies to the whole reply. */
    Reply read(Deadline limit) throws IOException {
        Optional<Reply> reply = parser.feed(unread);
        while (reply.isEmpty()) {
            if (answered) {
                acknowledge();
            }
            try {
                watchdog.guard(raw, limit, "the server did not reply", this::fill);
            } catch (IOException e) {
                throw parser.isWithinReply() ? parser.brokenOff(e) : e;
            }
            reply = parser.feed(unread);
        }
        answered = true;
        return reply.get();
    }

    /**
     * Acknowledges immediately what has been received so far. A server that answers a command group in several writes with Nagle's
     * algorithm on, as Postfix does, holds back the second write until the first is acknowledged; without this option the operating system
     * delays the acknowledgement, by 40 ms on Linux. The system may soon go back to delayed acknowledgements. Does nothing if the system
     * does not have the option.
     */
    private void acknowledge() throws IOException {
        Optional<SocketOption<Boolean>> option = quickAck();
        if (option.isPresent()) {
            raw.setOption(option.get(), true);
        }
    }

    /** Finds the option by name: it belongs to the JDK module jdk.net, which may be missing. */
    @SuppressWarnings("unchecked") // TCP_QUICKACK is defined as a Boolean option
    private Optional<SocketOption<Boolean>> quickAck() {
        return raw.supportedOptions().stream()
                .filter(option -> option.name().equals(QUICK_ACK) && option.type() == Boolean.class)
                .map(option -> (SocketOption<Boolean>) option)
                .findFirst();
    }

    /** Returns whether the server sent something that was not read. Empty lines do not count. */
    boolean hasUnread() throws IOException {
        while (!hasBuffered()) {
            boolean more = raw.getInputStream().available() > 0
                    ? fillIfPlaintext()
                    : socket != raw && socket.getInputStream().available() > 0 && fillIfPlaintext();
            if (!more) {
                return false;
            }
        }
        return true;
    }

    private boolean hasBuffered() throws BadReplyException {
        parser.skipEmptyLines(unread);
        return unread.hasRemaining() || parser.isWithinReply();
    }

    private boolean fillIfPlaintext() throws IOException {
        if (socket != raw && socket.getInputStream().available() == 0) {
            return probe();
        }
        fill();
        return true;
    }

    /** Closes the connection, TLS first. */
    void closeGracefully(Deadline limit) throws IOException {
        try {
            watchdog.guard(raw, limit, "the server did not close the connection", socket::close);
        } finally {
            close();
        }
    }

    /** Closes the TCP connection. Idempotent. */
    void close() {
        Watchdog.drop(raw);
    }

    /**
     * Like {@link #hasUnread}, for use after a long silence: also detects that the server closed the connection. Takes at most one
     * millisecond.
     *
     * @throws IOException if the server closed the connection
     */
    boolean hasUnreadAfterIdle() throws IOException {
        if (hasUnread()) {
            return true;
        }
        SocketChannel channel = raw.getChannel();
        if (channel == null) {
            return probe() && hasBuffered();
        }
        // A non-blocking read returns immediately, where look() would wait. An octet read here is lost, but then the
        // connection is given up anyway.
        channel.configureBlocking(false);
        try {
            int count = channel.read(ByteBuffer.allocate(1));
            if (count < 0) {
                throw new EOFException(CLOSED_BY_SERVER);
            }
            return count > 0;
        } finally {
            channel.configureBlocking(true);
        }
    }

    private boolean probe() throws IOException {
        socket.setSoTimeout(PROBE_MILLIS);
        try {
            fill();
            return true;
        } catch (SocketTimeoutException noPlaintext) {
            return false;
        } finally {
            socket.setSoTimeout(0);
        }
    }

    private void fill() throws IOException {
        int count = socket.getInputStream().read(received);
        if (count < 0) {
            throw new EOFException(CLOSED_BY_SERVER);
        }
        unread = ByteBuffer.wrap(received, 0, count);
    }
}
