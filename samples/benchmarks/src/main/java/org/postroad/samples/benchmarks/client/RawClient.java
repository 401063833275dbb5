// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.client;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import org.postroad.samples.benchmarks.wire.Loopback;
import org.postroad.samples.benchmarks.wire.QuickAcknowledgement;

/**
 * The upper limit: a socket and a prepared dialogue. It assumes that the server supports PIPELINING and CHUNKING, sends
 * everything in one group, and checks only the first digit of each reply.
 */
final class RawClient implements Client {

    private static final String EHLO = "EHLO client.test\r\n";
    private static final String QUIT = "QUIT\r\n";

    /** The size of the part of a message that is sent together with the commands. */
    private static final int FIRST_WRITE = 65_536;

    private static final int CODE_DIGITS = 3;

    private final ClientTask task;
    private final Source source;
    private final String envelope;
    private final byte[] replies = new byte[FIRST_WRITE];
    private Socket socket = new Socket();

    /** The source of the message: prepared, or written again for each send. */
    interface Source {
        byte[] octets() throws Exception;
    }

    RawClient(ClientTask task, Source source) {
        this.task = task;
        this.source = source;
        StringBuilder commands = new StringBuilder("MAIL FROM:<" + ClientTask.SENDER + ">\r\n");
        task.recipientNames()
                .forEach(name -> commands.append("RCPT TO:<").append(name).append(">\r\n"));
        this.envelope = commands.toString();
    }

    @Override
    public void send() throws Exception {
        if (!socket.isConnected()) {
            connect();
        }
        byte[] message = source.octets();
        ByteArrayOutputStream flight = new ByteArrayOutputStream();
        flight.writeBytes(ascii(envelope + "BDAT " + message.length + " LAST\r\n"));
        int first = Math.min(message.length, FIRST_WRITE);
        flight.write(message, 0, first);
        socket.getOutputStream().write(flight.toByteArray());
        socket.getOutputStream().write(message, first, message.length - first);
        awaitReplies(task.recipients() + 2);
        if (task.start() == Start.COLD) {
            close();
            socket = new Socket();
        }
    }

    private void connect() throws IOException {
        socket = new Socket();
        socket.connect(Loopback.at(task.route().server()));
        socket.setTcpNoDelay(true);
        awaitReplies(1);
        socket.getOutputStream().write(ascii(EHLO));
        awaitReplies(1);
    }

    /** Reads this number of replies, with any number of lines each, and nothing after them. */
    private void awaitReplies(int expected) throws IOException {
        int left = expected;
        int used = 0;
        int lineStart = 0;
        while (left > 0) {
            if (used > 0) {
                QuickAcknowledgement.renew(socket); // as mx does
            }
            int count = socket.getInputStream().read(replies, used, replies.length - used);
            if (count <= 0) {
                throw new EOFException(left + " of " + expected + " replies did not come");
            }
            for (int i = used; i < used + count; i++) {
                if (replies[i] == '\n') {
                    left -= isLastLine(lineStart) ? 1 : 0;
                    lineStart = i + 1;
                }
            }
            used += count;
        }
    }

    private boolean isLastLine(int start) throws IOException {
        if (replies[start] != '2') {
            throw new IOException(
                    "The server refused: " + new String(replies, start, CODE_DIGITS, StandardCharsets.US_ASCII));
        }
        return replies[start + CODE_DIGITS] == ' ';
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Sends QUIT unless the server has closed the connection. Every message has been acknowledged by then, or its send has
     * failed.
     */
    @Override
    public void close() throws IOException {
        try (Socket left = socket) {
            if (left.isConnected()) {
                left.getOutputStream().write(ascii(QUIT));
            }
        } catch (SocketException serverIsGone) {
            // The server has closed the connection, so QUIT is not needed.
        }
    }
}
