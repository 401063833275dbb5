// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A DNS server that replies to every query with the same octets after a copy of the question, so that any reply counts as an answer. UDP on
 * loopback, one thread.
 */
final class AnswerServer implements AutoCloseable {

    private static final int LARGEST = 4096;
    private static final int RESPONSE = 0x80;

    /** The flags AA and RD can be set. TC cannot, since it would lead to TCP, and neither can the operation, which is always a query. */
    private static final int FLAGS = 0x05;

    private final DatagramChannel channel;
    private volatile byte[] said = {};
    private final List<byte[]> answers = new CopyOnWriteArrayList<>();

    private AnswerServer(DatagramChannel channel) {
        this.channel = channel;
    }

    static AnswerServer start() throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
        AnswerServer server = new AnswerServer(channel);
        Thread thread = new Thread(server::serve, "postroad-answer-server");
        thread.setDaemon(true);
        thread.start();
        return server;
    }

    InetSocketAddress address() throws IOException {
        return (InetSocketAddress) channel.getLocalAddress();
    }

    /**
     * Sets the reply.
     *
     * @param octets two octets of flags, three counts of two octets each, and everything after the question
     */
    void setReply(byte[] octets) {
        said = octets;
        answers.clear();
    }

    /** Returns the messages sent since the reply was set, one for each query. */
    List<byte[]> answers() {
        return answers;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void serve() {
        ByteBuffer buffer = ByteBuffer.allocate(LARGEST);
        try {
            while (true) {
                SocketAddress client = channel.receive(buffer.clear());
                byte[] answer = answer(buffer.flip(), said);
                answers.add(answer);
                channel.send(ByteBuffer.wrap(answer), client);
            }
        } catch (ClosedChannelException e) {
            // The server was closed.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] answer(ByteBuffer query, byte[] said) {
        int end = WireNames.HEADER;
        while (query.get(end) != 0) {
            end += 1 + query.get(end);
        }
        end += 1 + 4;
        ByteBuffer answer = ByteBuffer.allocate(LARGEST).putShort(query.getShort(0));
        answer.put((byte) (RESPONSE | (said[0] & FLAGS)))
                .put(said[1])
                .putShort((short) 1)
                .put(said, 2, 6);
        answer.put(query.slice(WireNames.HEADER, end - WireNames.HEADER));
        answer.put(said, 8, Math.min(said.length - 8, answer.remaining()));
        return Arrays.copyOf(answer.array(), answer.position());
    }
}
