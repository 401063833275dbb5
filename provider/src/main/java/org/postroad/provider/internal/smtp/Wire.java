// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
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

    /** How long a look for octets under TLS lasts at most, where something has come: tickets of the TLS layer are no reply. */
    private static final int LOOK_MILLIS = 1;

    private final Socket raw;
    private Watchdog watchdog;
    private Socket socket;
    private ReplyParser parser = new ReplyParser();
    private ByteBuffer unread = ByteBuffer.allocate(0);

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

    void write(byte[] octets, int offset, int length, Deadline limit) throws IOException {
        watchdog.guard(
                raw,
                limit,
                "the server did not take our data",
                () -> socket.getOutputStream().write(octets, offset, length));
    }

    /** The next reply, all of it before the limit. */
    Reply read(Deadline limit) throws IOException {
        Optional<Reply> reply = parser.feed(unread);
        while (reply.isEmpty()) {
            watchdog.guard(raw, limit, "the server did not reply", this::fill);
            reply = parser.feed(unread);
        }
        return reply.get();
    }

    /** Whether the server said something that was not read, or hung up. */
    boolean hasSpoken() throws IOException {
        if (unread.hasRemaining() || parser.isWithinReply()) {
            return true;
        }
        if (raw.getInputStream().available() == 0) {
            return socket != raw && socket.getInputStream().available() > 0;
        }
        return socket == raw || look();
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

    /** Whether the server is still there and has said nothing that was not read. */
    boolean isQuiet() throws IOException {
        if (hasSpoken()) {
            return false;
        }
        SocketChannel channel = raw.getChannel();
        if (channel == null) {
            return !look();
        }
        // At once, where look would wait; octets that come just now would be lost, but then the answer is no.
        channel.configureBlocking(false);
        try {
            return channel.read(ByteBuffer.allocate(1)) == 0;
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
        byte[] buffer = new byte[READ_BUFFER];
        int count = socket.getInputStream().read(buffer);
        if (count < 0) {
            throw new EOFException(
                    parser.isWithinReply()
                            ? "the server closed the connection within a reply"
                            : "the server closed the connection");
        }
        unread = ByteBuffer.wrap(Arrays.copyOf(buffer, count));
    }
}
