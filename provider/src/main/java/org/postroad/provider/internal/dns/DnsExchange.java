// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.io.EOFException;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
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
import org.xbill.DNS.Message;

/**
 * One message to one server, and its answer: UDP, and TCP where the answer over UDP was truncated.
 *
 * <p>Each question has a socket of its own, on a port that the system chooses, connected to the server: an answer must come from
 * the right place to the right port with the right id and question (RFC 5452 §9.1). What does not fit is passed over, and
 * listening goes on, so that a forgery cannot end the wait for the truth.
 *
 * <p>Waiting is done in a selector, which an interrupt and {@link #close()} end at once.
 */
final class DnsExchange implements AutoCloseable {

    /** The largest datagram that is read; larger ones were not asked for. */
    private static final int MAX_DATAGRAM = 4096;

    private static final int HEADER = 12;

    /** RFC 1035 §4.1.1: QR and OPCODE, in the third octet. In answers to other operations, records mean other things. */
    private static final int RESPONSE_AND_OPERATION = 0xf8;

    private static final int RESPONSE_TO_QUERY = 0x80;

    /** TC, in the same octet. */
    private static final int TRUNCATED = 0x02;

    private final Set<Selector> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** This was closed before an answer came. */
    static final class ClosedException extends IOException {
        private static final long serialVersionUID = 1;
    }

    /** What came was no answer to the question, or could not be read. */
    static final class MalformedException extends IOException {
        private static final long serialVersionUID = 1;
        private final boolean mayComeStill;

        MalformedException(String message, boolean mayComeStill) {
            super(message);
            this.mayComeStill = mayComeStill;
        }

        /** Whether the server's own answer may have been lost. */
        boolean mayComeStill() {
            return mayComeStill;
        }
    }

    /** The server's answer to the question; truncated only if TCP brought it so. */
    Message ask(Message query, InetSocketAddress server, Deadline deadline) throws IOException, InterruptedException {
        byte[] question = query.toWire();
        byte[] answer = overUdp(question, server, deadline);
        return AnswerParser.parse(query, isTruncated(answer) ? overTcp(question, server, deadline) : answer);
    }

    @Override
    public void close() {
        closed = true;
        waiting.forEach(Selector::wakeup);
    }

    private byte[] overUdp(byte[] question, InetSocketAddress server, Deadline deadline)
            throws IOException, InterruptedException {
        boolean foreign = false;
        try (Selector selector = Selector.open();
                DatagramChannel channel = DatagramChannel.open(familyOf(server))) {
            waiting.add(selector);
            channel.configureBlocking(false);
            channel.connect(server);
            channel.register(selector, SelectionKey.OP_READ);
            checkOpen();
            channel.write(ByteBuffer.wrap(question));
            ByteBuffer buffer = ByteBuffer.allocate(MAX_DATAGRAM);
            while (await(selector, deadline)) {
                int length = channel.read(buffer.clear());
                byte[] datagram = Arrays.copyOf(buffer.array(), Math.max(0, length));
                if (isAnswer(question, datagram)) {
                    return datagram;
                }
                foreign |= length > 0;
            }
        } finally {
            forgetClosedSelectors();
        }
        if (foreign) {
            throw new MalformedException("only octets that are no answer to the question came", true);
        }
        throw new SocketTimeoutException();
    }

    private byte[] overTcp(byte[] question, InetSocketAddress server, Deadline deadline)
            throws IOException, InterruptedException {
        try (Selector selector = Selector.open();
                SocketChannel channel = SocketChannel.open(familyOf(server))) {
            waiting.add(selector);
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
            if (!channel.connect(server)) {
                while (!channel.finishConnect()) {
                    awaitOrTimeOut(selector, deadline);
                }
            }
            key.interestOps(SelectionKey.OP_WRITE);
            ByteBuffer frame = ByteBuffer.allocate(2 + question.length);
            frame.putShort((short) question.length).put(question).flip();
            while (channel.write(frame) >= 0 && frame.hasRemaining()) {
                awaitOrTimeOut(selector, deadline);
            }
            key.interestOps(SelectionKey.OP_READ);
            int length = readFully(channel, 2, selector, deadline).getShort() & 0xffff;
            byte[] answer = readFully(channel, length, selector, deadline).array();
            if (!isAnswer(question, answer)) {
                throw new MalformedException("the answer over TCP is none to the question", false);
            }
            return answer;
        } finally {
            forgetClosedSelectors();
        }
    }

    private ByteBuffer readFully(SocketChannel channel, int length, Selector selector, Deadline deadline)
            throws IOException, InterruptedException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            awaitOrTimeOut(selector, deadline);
            if (channel.read(buffer) < 0) {
                throw new EOFException("the server closed the TCP connection");
            }
        }
        return buffer.flip();
    }

    private void awaitOrTimeOut(Selector selector, Deadline deadline) throws IOException, InterruptedException {
        if (!await(selector, deadline)) {
            throw new SocketTimeoutException();
        }
    }

    /** Whether the channel became ready; false when the time is over. */
    private boolean await(Selector selector, Deadline deadline) throws IOException, InterruptedException {
        while (true) {
            checkOpen();
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while waiting for DNS");
            }
            if (deadline.hasPassed()) {
                return false;
            }
            if (selector.select(deadline.remainingMillis()) > 0) {
                selector.selectedKeys().clear();
                return true;
            }
        }
    }

    private void forgetClosedSelectors() {
        waiting.removeIf(selector -> !selector.isOpen());
    }

    private void checkOpen() throws ClosedException {
        if (closed) {
            throw new ClosedException();
        }
    }

    private static StandardProtocolFamily familyOf(InetSocketAddress server) {
        return server.getAddress() instanceof Inet6Address ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
    }

    /**
     * Whether these octets answer the question: a response to a query, with its id, that repeats it, names compared without case.
     * Servers that do not understand a question may leave it out.
     */
    static boolean isAnswer(byte[] question, byte[] answer) {
        if (answer.length < HEADER
                || answer[0] != question[0]
                || answer[1] != question[1]
                || (answer[2] & RESPONSE_AND_OPERATION) != RESPONSE_TO_QUERY) {
            return false;
        }
        int questions = (answer[4] & 0xff) << 8 | (answer[5] & 0xff);
        int responseCode = answer[3] & 0x0f;
        if (questions == 0) {
            return responseCode != 0 && responseCode != 3;
        }
        int end = endOfQuestion(question);
        if (questions != 1 || answer.length < end) {
            return false;
        }
        for (int i = HEADER; i < end; i++) {
            boolean inName = i < end - 4;
            if (answer[i] != question[i] && !(inName && lower(answer[i]) == lower(question[i]))) {
                return false;
            }
        }
        return true;
    }

    private static int endOfQuestion(byte[] question) {
        int at = HEADER;
        while (question[at] != 0) {
            at += 1 + question[at];
        }
        return at + 1 + 4;
    }

    private static int lower(byte octet) {
        return octet >= 'A' && octet <= 'Z' ? octet + ('a' - 'A') : octet;
    }

    private static boolean isTruncated(byte[] answer) {
        return (answer[2] & TRUNCATED) != 0;
    }
}
