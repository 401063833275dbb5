// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.io.EOFException;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer.Cause;

/** Exchanges messages with a DNS server, each query over its own socket. Subclasses break one part each. */
class StubExchange {

    private static final int MAX_DATAGRAM = 0xffff;

    private final Set<Selector> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** A temporary failure. */
    static final class TemporaryFailure extends Exception {
        private static final long serialVersionUID = 1;
        private final Cause cause;

        TemporaryFailure(Cause cause, String detail) {
            super(detail);
            this.cause = cause;
        }

        Cause why() {
            return cause;
        }
    }

    final StubMessage ask(byte[] question, InetSocketAddress server, Deadline deadline)
            throws TemporaryFailure, InterruptedException {
        try {
            StubMessage message = read(overUdp(question, server, deadline));
            return message.truncated() ? whole(message, question, server, deadline) : message;
        } catch (IOException e) {
            throw new TemporaryFailure(Cause.NETWORK, server + ": " + e);
        }
    }

    StubMessage whole(StubMessage truncated, byte[] question, InetSocketAddress server, Deadline deadline)
            throws IOException, TemporaryFailure, InterruptedException {
        StubMessage message = read(overTcp(question, server, deadline));
        if (message.truncated()) {
            throw new TemporaryFailure(Cause.MALFORMED, server + ": truncated over TCP");
        }
        return message;
    }

    StubMessage read(byte[] octets) throws TemporaryFailure {
        try {
            return StubMessage.read(octets);
        } catch (RuntimeException e) {
            throw new TemporaryFailure(Cause.MALFORMED, "not to be read: " + e);
        }
    }

    private byte[] overUdp(byte[] question, InetSocketAddress server, Deadline deadline)
            throws IOException, TemporaryFailure, InterruptedException {
        try (Selector selector = open();
                DatagramChannel channel = DatagramChannel.open(familyOf(server))) {
            channel.connect(server);
            channel.configureBlocking(false).register(selector, SelectionKey.OP_READ);
            channel.write(ByteBuffer.wrap(question));
            ByteBuffer buffer = ByteBuffer.allocate(MAX_DATAGRAM);
            while (true) {
                await(selector, deadline);
                int length = Math.max(0, channel.read(buffer.clear()));
                byte[] answer = Arrays.copyOf(buffer.array(), length);
                if (length > StubMessage.HEADER && hasId(question, answer) && hasQuestion(question, answer)) {
                    return answer;
                }
            }
        } finally {
            waiting.removeIf(selector -> !selector.isOpen());
        }
    }

    private byte[] overTcp(byte[] question, InetSocketAddress server, Deadline deadline)
            throws IOException, TemporaryFailure, InterruptedException {
        try (Selector selector = open();
                SocketChannel channel = SocketChannel.open(server)) {
            channel.configureBlocking(false).register(selector, SelectionKey.OP_READ);
            channel.write(ByteBuffer.allocate(2 + question.length)
                    .putShort((short) question.length)
                    .put(question)
                    .flip());
            int length = StubMessage.u16(readFully(channel, 2, selector, deadline));
            return readFully(channel, length, selector, deadline).array();
        } finally {
            waiting.removeIf(selector -> !selector.isOpen());
        }
    }

    private ByteBuffer readFully(SocketChannel channel, int length, Selector selector, Deadline deadline)
            throws IOException, TemporaryFailure, InterruptedException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            await(selector, deadline);
            if (channel.read(buffer) < 0) {
                throw new EOFException("closed");
            }
        }
        return buffer.flip();
    }

    private Selector open() throws IOException {
        Selector selector = Selector.open();
        waiting.add(selector);
        return selector;
    }

    private void await(Selector selector, Deadline deadline)
            throws IOException, TemporaryFailure, InterruptedException {
        while (true) {
            if (closed) {
                throw new TemporaryFailure(Cause.CLOSED, "closed");
            }
            if (interrupted()) {
                throw new InterruptedException();
            }
            if (deadline.hasPassed()) {
                throw new TemporaryFailure(Cause.TIMEOUT, "no answer in time");
            }
            if (selector.select(deadline.remainingMillis()) > 0) {
                selector.selectedKeys().clear();
                return;
            }
        }
    }

    boolean interrupted() {
        return Thread.interrupted();
    }

    boolean hasId(byte[] question, byte[] answer) {
        return answer[0] == question[0] && answer[1] == question[1];
    }

    boolean hasQuestion(byte[] question, byte[] answer) {
        int end = StubMessage.HEADER;
        while (question[end] != 0) {
            end += 1 + question[end];
        }
        end += 5;
        return answer.length >= end
                && Arrays.equals(question, StubMessage.HEADER, end, answer, StubMessage.HEADER, end);
    }

    ProtocolFamily familyOf(InetSocketAddress server) {
        return server.getAddress() instanceof Inet6Address ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
    }

    final boolean isClosed() {
        return closed;
    }

    void close() {
        closed = true;
        waiting.forEach(Selector::wakeup);
    }
}
