// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.io.EOFException;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Optional;
import org.xbill.DNS.Message;

/**
 * Sends one query to one server and receives the answer: over UDP, then over TCP if the answer over UDP was truncated. Never blocks; it is
 * advanced whenever its selector reports it as ready. Not thread-safe.
 *
 * <p>Each try has its own socket, on a port chosen by the system and connected to the server. An answer must come from the right address to
 * the right port, with the right id and question (RFC 5452 §9.1). Anything else is discarded, and the try keeps waiting, so that a forged
 * answer cannot displace the genuine one.
 */
final class DnsTry {

    /** Size of the receive buffer. A larger datagram exceeds the size announced in the query. */
    private static final int MAX_DATAGRAM = 4096;

    private static final int LENGTH = 2;

    private final InetSocketAddress server;
    private final Message query;
    private final byte[] question;
    private final Selector selector;
    private SelectableChannel channel;
    private boolean mismatch;

    // State of the TCP connection.
    private ByteBuffer out = ByteBuffer.allocate(0);
    private ByteBuffer in = ByteBuffer.allocate(0);
    private boolean lengthRead;

    /** Sends the query over UDP, or starts to connect over TCP. */
    DnsTry(Message query, InetSocketAddress server, boolean overTcp, Selector selector) throws IOException {
        this.query = query;
        this.server = server;
        this.selector = selector;
        question = query.toWire();
        channel = overTcp ? connect() : send();
    }

    InetSocketAddress server() {
        return server;
    }

    Message query() {
        return query;
    }

    /** Returns whether octets arrived that do not answer the query. The server's own answer may then have been lost. */
    boolean sawMismatch() {
        return mismatch;
    }

    /** Advances the try. Returns the answer once it is complete; it can only be truncated if it came over TCP. */
    Optional<Message> advance() throws IOException {
        if (channel instanceof SocketChannel tcp) {
            return advance(tcp);
        }
        ByteBuffer buffer = ByteBuffer.allocate(MAX_DATAGRAM);
        int length = ((DatagramChannel) channel).read(buffer);
        byte[] datagram = Arrays.copyOf(buffer.array(), Math.max(0, length));
        if (!AnswerMatch.isAnswer(question, datagram)) {
            mismatch |= length > 0;
            return Optional.empty();
        }
        if (!AnswerMatch.isTruncated(datagram)) {
            return Optional.of(AnswerParser.parse(query, datagram));
        }
        channel.close();
        channel = connect();
        return Optional.empty();
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The try is over, so the failure does not matter.
        }
    }

    private DatagramChannel send() throws IOException {
        DatagramChannel udp = DatagramChannel.open(family());
        try {
            udp.configureBlocking(false);
            udp.connect(server);
            udp.register(selector, SelectionKey.OP_READ, this);
            udp.write(ByteBuffer.wrap(question));
            return udp;
        } catch (IOException | RuntimeException e) {
            udp.close();
            throw e;
        }
    }

    private SocketChannel connect() throws IOException {
        out = ByteBuffer.allocate(LENGTH + question.length);
        out.putShort((short) question.length).put(question).flip();
        in = ByteBuffer.allocate(LENGTH);
        lengthRead = false;
        SocketChannel tcp = SocketChannel.open(family());
        try {
            tcp.configureBlocking(false);
            boolean connected = tcp.connect(server);
            tcp.register(selector, connected ? SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT, this);
            return tcp;
        } catch (IOException | RuntimeException e) {
            tcp.close();
            throw e;
        }
    }

    private Optional<Message> advance(SocketChannel tcp) throws IOException {
        SelectionKey key = tcp.keyFor(selector);
        if (!tcp.isConnected() && !tcp.finishConnect()) {
            return Optional.empty();
        }
        tcp.write(out);
        if (out.hasRemaining()) {
            key.interestOps(SelectionKey.OP_WRITE);
            return Optional.empty();
        }
        key.interestOps(SelectionKey.OP_READ);
        if (tcp.read(in) < 0) {
            throw new EOFException("the server closed the TCP connection");
        }
        if (!in.hasRemaining() && !lengthRead) {
            lengthRead = true;
            in = ByteBuffer.allocate(in.getShort(0) & 0xffff);
            tcp.read(in);
        }
        if (in.hasRemaining() || !lengthRead) {
            return Optional.empty();
        }
        if (!AnswerMatch.isAnswer(question, in.array())) {
            throw new AnswerParser.MalformedException("the answer over TCP does not match the query");
        }
        return Optional.of(AnswerParser.parse(query, in.array()));
    }

    private StandardProtocolFamily family() {
        return server.getAddress() instanceof Inet6Address ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
    }
}
