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
 * The octets of one connection: replies in, blocks out, none of them later than the limit given. One thread at a time; {@link #close}
 * from any.
 *
 * <p>{@code SO_TIMEOUT} would not do: it knows nothing of writes, and begins anew with each octet that a peer drips, within a TLS record
 * even unseen by us. So the {@link Watchdog} closes the connection below TLS, whose own close would wait for a stuck writer.
 */
final class Wire {

    private static final int READ_BUFFER = 8192;

    /** Octets of room for writing that are kept. */
    private static final int KEPT_ROOM = 16_384;

    /** How long a look for octets under TLS lasts at most, where something has come: tickets of the TLS layer are no reply. */
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
    private boolean answered; // by one reply at least, since the last write

    Wire(SecuredSocket connection, Watchdog watchdog) {
        this.raw = connection.raw();
        this.socket = connection.socket();
        this.watchdog = watchdog;
    }

    /** From now on this one ends the waits. */
    void passTo(Watchdog other) {
        watchdog = other;
    }

    /** From now on nobody ends the waits before their limits: a cancelled send is no concern of the next. */
    void rest() {
        watchdog = watchdog.ofOneSend();
    }

    /** The secrets sent on this connection, however long ago: a later send that uses the connection must not show them either. */
    Secrets secrets() {
        return secrets;
    }

    /** Below TLS. */
    Socket raw() {
        return raw;
    }

    /** Speaks through TLS from now on. What came before the handshake could be anybody's and is forgotten (RFC 3207 §4.2). */
    void secure(Socket secured) {
        socket = secured;
        parser = new ReplyParser();
        unread = ByteBuffer.allocate(0);
    }

    /** Room of at least that size to prepare what is written next; mostly the same each time. */
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

    /** The next reply, all of it before the limit. As it came: with what is secret. */
    Reply read(Deadline limit) throws IOException {
        Optional<Reply> reply = parser.feed(unread);
        while (reply.isEmpty()) {
            if (answered) {
                Acknowledgements.atOnce(raw);
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

    /** Whether the server said something that was not read; empty lines say nothing. */
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

    /** Says goodbye, of TLS too, and closes. */
    void hangUp(Deadline limit) throws IOException {
        try {
            watchdog.guard(raw, limit, "the server did not let us go", socket::close);
        } finally {
            close();
        }
    }

    /** Drops the connection; idempotent. */
    void close() {
        Watchdog.drop(raw);
    }

    /**
     * The same after a long silence: whether it hung up is seen, too. Waits a millisecond at most.
     *
     * @throws IOException if it hung up
     */
    boolean hasSpokenMeanwhile() throws IOException {
        if (hasSpoken()) {
            return true;
        }
        SocketChannel channel = raw.getChannel();
        if (channel == null) {
            return look() && hasUnread();
        }
        // Immediately, where look would wait. An octet that comes just now is lost, but then nothing more is read here.
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
