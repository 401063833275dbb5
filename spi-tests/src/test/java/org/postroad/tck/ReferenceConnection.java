// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** One connection to an SMTP server: sends lines and receives replies. */
class ReferenceConnection implements Closeable {

    private static final int MAX_LINE = 10_000;
    private static final int MAX_LINES = 500;
    private static final int MAX_EMPTY_LINES = 10;

    private Socket socket;
    private InputStream in;
    private OutputStream out;
    private ReferenceReply offered = new ReferenceReply(500, List.of());
    private int transactions;
    private boolean sessionRefused;
    private boolean tlsDemanded;
    private boolean opportunistic;
    private boolean textsHidden;

    ReferenceConnection(Socket socket, int timeoutMillis) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(timeoutMillis);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /** The server replied 421, which closes the connection. */
    static final class ClosingException extends IOException {

        private static final long serialVersionUID = 1L;

        private final transient ReferenceReply reply;

        ClosingException(ReferenceReply reply) {
            super(reply.toString());
            this.reply = reply;
        }

        ReferenceReply reply() {
            return reply;
        }
    }

    /** The server sent a line that is not a reply. */
    static final class BadFormException extends IOException {

        private static final long serialVersionUID = 1L;

        BadFormException(String line) {
            super("not a reply: " + line);
        }
    }

    /** Stores the extensions offered in the reply to EHLO. */
    void learn(ReferenceReply hello) {
        offered = hello;
    }

    boolean offers(String keyword) {
        return offered.isPositive() && offered.offers(keyword);
    }

    /** Returns the maximum message size of the server; empty if it does not state one. */
    Optional<Long> limit() {
        return offered.lines().stream()
                .filter(line -> line.matches("SIZE [0-9]{1,18}"))
                .map(line -> Long.parseLong(line.substring(5)))
                .findFirst();
    }

    /** Counts a MAIL command. */
    void beginTransaction() {
        transactions++;
    }

    /** Returns the number of MAIL commands. */
    int transactions() {
        return transactions;
    }

    /** TRY-09: marks that the server refused a transaction after an earlier one. */
    void refuseSession() {
        sessionRefused = true;
    }

    boolean isSessionRefused() {
        return sessionRefused;
    }

    /** TLS-04, TLS-05: forbids mail without TLS. */
    void demandTls() {
        tlsDemanded = true;
    }

    boolean isTlsDemanded() {
        return tlsDemanded;
    }

    /** Returns whether TLS was attempted without verifying the certificate. */
    boolean isOpportunistic() {
        return opportunistic;
    }

    /** Returns whether TLS is active. */
    boolean isEncrypted() {
        return socket instanceof SSLSocket;
    }

    ReferenceReply command(String line) throws IOException {
        write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        return reply();
    }

    void write(byte[] octets) throws IOException {
        out.write(octets);
        out.flush();
    }

    /** RELAY-04: from now on replies have only their status and no text, if hidden. */
    void hideTexts(boolean hidden) {
        textsHidden = hidden;
    }

    ReferenceReply reply() throws IOException {
        List<String> lines = new ArrayList<>();
        String line = lineOfReply();
        int code = code(line);
        while (line.length() > 3 && line.charAt(3) == '-') {
            lines.add(line.substring(4));
            line = lineOfReply();
            if (!belongTogether(code, code(line)) || lines.size() > MAX_LINES) {
                throw badForm(line);
            }
            code = code(line);
        }
        lines.add(line.length() > 4 ? line.substring(4) : "");
        ReferenceReply reply = shown(new ReferenceReply(code, lines));
        if (code == 421) {
            throw new ClosingException(reply);
        }
        return reply;
    }

    private ReferenceReply shown(ReferenceReply reply) {
        return textsHidden ? new ReferenceReply(reply.code(), List.of(reply.status())) : reply;
    }

    /** TRY-05: returns whether lines with these codes form one reply. */
    protected boolean belongTogether(int code, int next) {
        return code / 100 == next / 100;
    }

    /** TRY-05: returns how many empty lines are ignored. */
    protected int emptyLines() {
        return MAX_EMPTY_LINES;
    }

    private BadFormException badForm(String line) {
        return new BadFormException(textsHidden ? "" : line);
    }

    private String lineOfReply() throws IOException {
        String line = line();
        for (int empty = 0; line.isEmpty() && empty < emptyLines(); empty++) {
            line = line();
        }
        return line;
    }

    private int code(String line) throws IOException {
        if (!line.matches("[2-5][0-9]{2}([ -].*)?")) {
            throw badForm(line);
        }
        return Integer.parseInt(line.substring(0, 3));
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new EOFException("the server hung up");
            }
            line.write(octet);
            if (line.size() > MAX_LINE) {
                throw new IOException("the server's line is too long");
            }
        }
        return line.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    /**
     * Starts TLS.
     *
     * @param host the name for SNI
     * @param verified whether the certificate must be valid for that name
     */
    void secure(SSLContext context, String host, boolean verified) throws IOException {
        opportunistic = !verified && !tlsDemanded;
        SSLSocket secured = (SSLSocket) context.getSocketFactory().createSocket(socket, host, socket.getPort(), true);
        if (verified) {
            SSLParameters parameters = secured.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secured.setSSLParameters(parameters);
        }
        secured.startHandshake();
        socket = secured;
        in = new BufferedInputStream(secured.getInputStream());
        out = secured.getOutputStream();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
