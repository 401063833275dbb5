// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
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
    private static final int KEPT_ROOM = 16_384;

    /** Maximum time to look for a reply if octets arrived below TLS: they may be session tickets and not a reply. */
    private static final int LOOK_MILLIS = 1;

    private static final String HUNG_UP = "the server closed the connection";

    private final Socket raw;
    private Watchdog watchdog;
    private Socket socket;
    private ReplyParser parser = new ReplyParser();
    private final Secrets secrets = new Secrets();
    private final byte[] received = new byte[READ_BUFFER];
    private ByteBuffer unread = ByteBuffer.allocate(0);
    private byte[] room = new byte[0];
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
        watchdog = watchdog.ofOneSend();
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
    byte[] room(int octets) {
        if (octets > KEPT_ROOM) {
            return new byte[octets];
        }
        if (room.length == 0) {
            room = new byte[KEPT_ROOM];
        }
        return room;
    }

    void write(byte[] octets, int offset, int length, Deadline limit) throws IOException {
        answered = false;
        watchdog.guard(
                raw,
                limit,
                "the server did not take our data",
                () -> socket.getOutputStream().write(octets, offset, length));
    }

    /** Reads the next complete reply, with secrets. The limit applies to the whole reply. */
    Reply read(Deadline limit) throws IOException {
        Optional<Reply> reply = parser.feed(unread);
        while (reply.isEmpty()) {
            if (answered) {
                QuickAck.atOnce(raw);
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

    /** Returns whether the server sent something that was not read. Empty lines do not count. */
    boolean hasSpoken() throws IOException {
        while (!hasUnread()) {
            boolean more = raw.getInputStream().available() > 0
                    ? fillIfForUs()
                    : socket != raw && socket.getInputStream().available() > 0 && fillIfForUs();
            if (!more) {
                return false;
            }
        }
        return true;
    }

    private boolean hasUnread() throws BadReplyException {
        parser.skipEmptyLines(unread);
        return unread.hasRemaining() || parser.isWithinReply();
    }

    private boolean fillIfForUs() throws IOException {
        if (socket != raw && socket.getInputStream().available() == 0) {
            return look();
        }
        fill();
        return true;
    }

    /** Closes the connection, TLS first. */
    void hangUp(Deadline limit) throws IOException {
        try {
            watchdog.guard(raw, limit, "the server did not let us go", socket::close);
        } finally {
            close();
        }
    }

    /** Closes the TCP connection. Idempotent. */
    void close() {
        Watchdog.drop(raw);
    }

    /**
     * Like {@link #hasSpoken}, for use after a long silence: also detects that the server closed the connection. Takes at most one
     * millisecond.
     *
     * @throws IOException if the server closed the connection
     */
    boolean hasSpokenMeanwhile() throws IOException {
        if (hasSpoken()) {
            return true;
        }
        SocketChannel channel = raw.getChannel();
        if (channel == null) {
            return look() && hasUnread();
        }
        // A non-blocking read returns immediately, where look() would wait. An octet read here is lost, but then the
        // connection is given up anyway.
        channel.configureBlocking(false);
        try {
            int count = channel.read(ByteBuffer.allocate(1));
            if (count < 0) {
                throw new EOFException(HUNG_UP);
            }
            return count > 0;
        } finally {
            channel.configureBlocking(true);
        }
    }

    private boolean look() throws IOException {
        socket.setSoTimeout(LOOK_MILLIS);
        try {
            fill();
            return true;
        } catch (SocketTimeoutException nothingForUs) {
            return false;
        } finally {
            socket.setSoTimeout(0);
        }
    }

    private void fill() throws IOException {
        int count = socket.getInputStream().read(received);
        if (count < 0) {
            throw new EOFException(HUNG_UP);
        }
        unread = ByteBuffer.wrap(received, 0, count);
    }
}
