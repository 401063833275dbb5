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
 * One message to one server until its answer comes: over UDP, and over TCP where the answer over UDP was truncated. Never blocks: it goes on
 * whenever its selector says that it can. Of one thread.
 *
 * <p>Each try has a socket of its own, on a port that the system chooses, connected to the server: an answer must come from
 * the right place to the right port with the right id and question (RFC 5452 §9.1). What does not fit is passed over, and
 * listening goes on, so that a forgery cannot end the wait for the truth.
 */
final class DnsTry {

    /** The largest datagram that is read; larger ones were not asked for. */
    private static final int MAX_DATAGRAM = 4096;

    private static final int LENGTH = 2;

    private final InetSocketAddress server;
    private final Message query;
    private final byte[] question;
    private final Selector selector;
    private SelectableChannel channel;
    private boolean foreign;

    // Of TCP.
    private ByteBuffer out = ByteBuffer.allocate(0);
    private ByteBuffer in = ByteBuffer.allocate(0);
    private boolean lengthRead;

    /** Sends the query, or begins to connect. */
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

    /** Whether octets came that are no answer to the question: the server's own answer may have been lost. */
    boolean sawForeign() {
        return foreign;
    }

    /** Goes on; the answer where it is complete. It is truncated only if TCP brought it so. */
    Optional<Message> advance() throws IOException {
        if (channel instanceof SocketChannel tcp) {
            return advance(tcp);
        }
        ByteBuffer buffer = ByteBuffer.allocate(MAX_DATAGRAM);
        int length = ((DatagramChannel) channel).read(buffer);
        byte[] datagram = Arrays.copyOf(buffer.array(), Math.max(0, length));
        if (!DnsExchange.isAnswer(question, datagram)) {
            foreign |= length > 0;
            return Optional.empty();
        }
        if (!DnsExchange.isTruncated(datagram)) {
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
            // Nothing is expected of it any more.
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
        if (!DnsExchange.isAnswer(question, in.array())) {
            throw new DnsExchange.MalformedException("the answer over TCP is none to the question");
        }
        return Optional.of(AnswerParser.parse(query, in.array()));
    }

    private StandardProtocolFamily family() {
        return server.getAddress() instanceof Inet6Address ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
    }
}
