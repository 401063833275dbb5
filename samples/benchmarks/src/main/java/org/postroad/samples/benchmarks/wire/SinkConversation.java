// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.wire;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * One connection of a {@link Sink}. Commands received together are answered in one write.
 *
 * <p>A round trip is counted when the client starts to send after it could have read our replies. Replies sent while a message
 * is still arriving do not count, because the client continues without waiting.
 */
final class SinkConversation {

    /** The client's connect, and the greeting for which it waits. */
    private static final int TO_THE_GREETING = 2;

    /** From the ClientHello to the server's Finished; the client sends its own Finished together with the next data. */
    private static final int TLS_1_3_HANDSHAKE = 1;

    private static final int TLS_1_2_HANDSHAKE = 2;

    private static final int BUFFER = 65_536;
    private static final int MAX_LINE = 4096;

    private final Sink sink;
    private final Socket plain;
    private final Inbox inbox;
    private final byte[] buffer = new byte[BUFFER];
    private final ByteArrayOutputStream replies = new ByteArrayOutputStream();
    private InputStream in;
    private OutputStream out;
    private int position;
    private int limit;
    private boolean encrypted;
    private boolean clientCouldRead;
    private int roundTrips = TO_THE_GREETING;
    private long octets;

    SinkConversation(Sink sink, Socket socket, Inbox inbox) throws IOException {
        this.sink = sink;
        this.plain = socket;
        this.inbox = inbox;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    /** Runs until QUIT. */
    void run() throws IOException {
        reply("220 sink.test ESMTP");
        boolean goesOn = true;
        while (goesOn) {
            goesOn = answer(line());
        }
        send();
    }

    /** @return whether the conversation continues */
    private boolean answer(String line) throws IOException {
        String[] words = line.split(" ", -1);
        switch (words[0].toUpperCase(Locale.ROOT)) {
            case "EHLO" -> replyToEhlo();
            case "STARTTLS" -> startTls();
            case "MAIL" -> reply("250 2.1.0 sender taken");
            case "RCPT" -> reply("250 2.1.5 recipient taken");
            case "DATA" -> {
                reply("354 go on");
                data();
                accept();
            }
            case "BDAT" -> {
                chunk(Long.parseLong(words[1]));
                if (words.length > 2) {
                    accept();
                } else {
                    reply("250 2.0.0 chunk taken");
                }
            }
            case "RSET", "NOOP" -> reply("250 2.0.0 well");
            case "QUIT" -> {
                reply("221 2.0.0 bye");
                return false;
            }
            default -> reply("500 5.5.1 what is " + words[0]);
        }
        return true;
    }

    private void replyToEhlo() {
        List<String> keywords = sink.offers().keywords(encrypted);
        reply("250-sink.test");
        Iterator<String> left = keywords.iterator();
        while (left.hasNext()) {
            String keyword = left.next();
            reply((left.hasNext() ? "250-" : "250 ") + keyword);
        }
    }

    private void startTls() throws IOException {
        Optional<SSLContext> certificate = sink.offers().startTls();
        if (certificate.isEmpty()) {
            reply("502 5.5.1 no TLS here");
            return;
        }
        reply("220 2.0.0 go on");
        send();
        SSLSocket secured = (SSLSocket) certificate.get().getSocketFactory().createSocket(plain, null, true);
        secured.setUseClientMode(false);
        secured.startHandshake();
        roundTrips += secured.getSession().getProtocol().equals("TLSv1.3") ? TLS_1_3_HANDSHAKE : TLS_1_2_HANDSHAKE;
        encrypted = true;
        in = secured.getInputStream();
        out = secured.getOutputStream();
    }

    /** Reads the message sent with DATA (RFC 5321 §4.5.2). */
    private void data() throws IOException {
        if (position == limit) {
            fill(true);
        }
        Place place = Place.LINE_START;
        while (place != Place.END) {
            if (position == limit) {
                fill(false);
            }
            switch (place) {
                case LINE_START -> place = skip('.') ? Place.AFTER_DOT : Place.WITHIN_LINE;
                case AFTER_DOT -> place = skip('\r') ? Place.AFTER_DOT_CR : Place.WITHIN_LINE;
                case AFTER_DOT_CR -> {
                    if (!skip('\n')) {
                        throw new IOException("A dot and a bare CR at the start of a line");
                    }
                    place = Place.END;
                }
                default -> place = restOfLine() ? Place.LINE_START : Place.WITHIN_LINE;
            }
        }
    }

    private enum Place {
        LINE_START,
        AFTER_DOT,
        AFTER_DOT_CR,
        WITHIN_LINE,
        END
    }

    private boolean skip(char expected) {
        boolean here = buffer[position] == expected;
        position += here ? 1 : 0;
        return here;
    }

    /** Returns whether the line ended within the buffer. */
    private boolean restOfLine() {
        int end = endOfLine();
        boolean ended = end >= 0;
        take((ended ? end : limit) - position);
        return ended;
    }

    private void chunk(long size) throws IOException {
        long left = size;
        while (left > 0) {
            if (position == limit) {
                fill(false);
            }
            int length = (int) Math.min(left, limit - position);
            take(length);
            left -= length;
        }
    }

    private void take(int length) {
        inbox.octets(buffer, position, length);
        position += length;
        octets += length;
    }

    /** Counts before the reply is sent, so that a client that has the reply finds its message counted. */
    private void accept() {
        inbox.accepted();
        sink.count(octets, roundTrips);
        octets = 0;
        roundTrips = 0;
        reply("250 2.0.0 message taken");
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        int end = endOfLine();
        while (end < 0) {
            append(line, limit);
            fill(line.length() == 0);
            end = endOfLine();
        }
        append(line, end);
        return line.toString().strip();
    }

    private void append(StringBuilder line, int end) throws IOException {
        line.append(new String(buffer, position, end - position, StandardCharsets.UTF_8));
        position = end;
        if (line.length() > MAX_LINE) {
            throw new IOException("A command line of more than " + MAX_LINE + " characters");
        }
    }

    /** Returns the position after the next LF, or -1 if there is none in the buffer. */
    private int endOfLine() {
        for (int i = position; i < limit; i++) {
            if (buffer[i] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    /** Sends the pending replies, and waits for more data. */
    private void fill(boolean beginning) throws IOException {
        send();
        if (beginning && clientCouldRead) {
            roundTrips++;
            clientCouldRead = false;
        }
        position = 0;
        limit = in.read(buffer);
        if (limit < 0) {
            limit = 0;
            throw new EOFException("The client closed the connection");
        }
        QuickAcknowledgement.renew(plain);
    }

    private void reply(String line) {
        replies.writeBytes((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private void send() throws IOException {
        if (replies.size() > 0) {
            replies.writeTo(out);
            replies.reset();
            clientCouldRead = true;
        }
    }
}
