// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.wire;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.NullMarked;

/** A client that sends what a test specifies, and reads replies one by one. */
@NullMarked
final class Talk implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket;
    private final BufferedReader in;

    Talk(InetSocketAddress server) throws IOException {
        socket = new Socket(server.getAddress(), server.getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    }

    void say(String text) throws IOException {
        say(text.getBytes(StandardCharsets.US_ASCII));
    }

    void say(byte[] octets) throws IOException {
        socket.getOutputStream().write(octets);
    }

    /** Sends each octet in its own write. */
    void drip(String text) throws IOException {
        for (byte octet : text.getBytes(StandardCharsets.US_ASCII)) {
            socket.getOutputStream().write(octet);
        }
    }

    /** Returns the last line of the next reply. */
    String reply() throws IOException {
        String line = in.readLine();
        while (line != null && line.charAt(3) == '-') {
            line = in.readLine();
        }
        if (line == null) {
            throw new EOFException("No reply, the server closed the connection");
        }
        return line;
    }

    /** Returns the codes of the next replies. */
    String codes(int count) throws IOException {
        StringBuilder codes = new StringBuilder();
        for (int i = 0; i < count; i++) {
            codes.append(i == 0 ? "" : " ").append(reply(), 0, 3);
        }
        return codes.toString();
    }

    boolean isOver() throws IOException {
        return in.read() < 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
