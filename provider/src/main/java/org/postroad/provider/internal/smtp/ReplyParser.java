// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.postroad.api.Printable;
import org.postroad.api.Reply;

/**
 * Parses octets into replies (RFC 5321 §4.2). Lines may end in CRLF or bare LF, preceded by any number of CRs. The text is UTF-8; invalid
 * octets and bare CRs become replacement characters. The lines of a reply may have different codes of the same class; the last one counts.
 * A few empty lines are skipped, since they cannot be mistaken for a reply. Anything else that is not a reply, or exceeds a limit, makes
 * the connection unusable; the exception carries the reply as far as its meaning is plain.
 */
final class ReplyParser {

    /**
     * Maximum length of a line in octets, with its line end. RFC 5321 §4.5.3.1.5 requires 512; servers with long URLs in their texts send
     * more.
     */
    static final int MAX_LINE_OCTETS = 4096;

    /** Maximum number of lines in a reply. */
    static final int MAX_LINES = 256;

    /** Maximum size of a reply in octets. */
    static final int MAX_REPLY_OCTETS = 65_536;

    /** Maximum number of empty lines before a reply or within it. */
    static final int MAX_EMPTY_LINES = 10;

    /** Initial size of the line buffer in octets, enough for most lines. */
    private static final int ORDINARY_LINE = 128;

    private static final int CODE_DIGITS = 3;
    private static final int LEAST_CODE = 200;
    private static final int GREATEST_CODE = 599;
    private static final int TRANSIENT = 4;
    private static final int PERMANENT = 5;

    /** Replacement character of the UTF-8 decoder. */
    private static final char REPLACEMENT = '\ufffd';

    private byte[] line = new byte[ORDINARY_LINE];
    private int lineLength;
    private final List<String> lines = new ArrayList<>();
    private final List<Integer> codes = new ArrayList<>(); // of the lines
    private int octets;
    private int emptyLines;
    private boolean begun;
    private String tooMuch = ""; // which limit was exceeded by a reply that may still be completed

    /**
     * Consumes octets up to the end of a reply.
     *
     * @return the reply, with the octets after it left in the buffer; empty if all octets were consumed and more are needed
     * @throws BadReplyException if the octets are not a reply; the connection is then unusable
     */
    Optional<Reply> feed(ByteBuffer input) throws BadReplyException {
        while (input.hasRemaining()) {
            byte octet = input.get();
            octets++;
            begun |= !isBlank(octet);
            if (octet == 0) {
                throw broken("a reply with a NUL");
            }
            if (octets > MAX_REPLY_OCTETS) {
                // An endless positive reply does not prove that the server has the message.
                throw broken(
                        "a reply of more than " + MAX_REPLY_OCTETS + " octets",
                        plainReply().filter(reply -> !reply.isPositive()));
            }
            add(octet);
            if (octet == '\n' && endLine()) {
                return Optional.of(endReply());
            }
        }
        return Optional.empty();
    }

    /** Appends to the line. Of an overlong line only the start and the line end are kept: the start has the code. */
    private void add(byte octet) {
        if (lineLength == MAX_LINE_OCTETS) {
            tooMuch = "a reply line of more than " + MAX_LINE_OCTETS + " octets";
            line[lineLength - 1] = octet;
            return;
        }
        if (lineLength == line.length) {
            line = Arrays.copyOf(line, 2 * lineLength);
        }
        line[lineLength++] = octet;
    }

    /** Consumes blank octets before a reply. */
    void skipEmptyLines(ByteBuffer input) throws BadReplyException {
        while (!begun && input.hasRemaining() && isBlank(input.get(input.position()))) {
            feed(input.slice().limit(1));
            input.get();
        }
    }

    /** Returns whether a reply has begun and is not complete. */
    boolean isWithinReply() {
        return begun;
    }

    /**
     * Returns the exception for a reply that was cut off. Its lines count as a reply if the server closed the connection, since it had
     * nothing more to send. After a time-out they count only if the last line has begun; after a reset, never. A positive reply that
     * exceeds a limit does not count.
     */
    BadReplyException brokenOff(IOException cause) {
        boolean hungUp = cause instanceof EOFException;
        boolean late = cause instanceof SocketTimeoutException && isAtTheLastLine();
        Optional<Reply> plain =
                plainReply().filter(reply -> (hungUp || late) && (tooMuch.isEmpty() || !reply.isPositive()));
        return new BadReplyException(
                Printable.describe(cause) + " within a reply: " + Printable.quote(text()), plain, cause);
    }

    private boolean isAtTheLastLine() {
        String rest = lineText().strip();
        return rest.length() > CODE_DIGITS && rest.charAt(CODE_DIGITS) == ' ';
    }

    private static boolean isBlank(byte octet) {
        return octet == '\r' || octet == '\n' || octet == ' ' || octet == '\t';
    }

    /** Returns whether this line was the last of the reply. */
    private boolean endLine() throws BadReplyException {
        String text = lineText();
        if (text.isBlank()) {
            passOver();
            return false;
        }
        Optional<Integer> code = code(text);
        char separator = text.length() <= CODE_DIGITS ? ' ' : text.charAt(CODE_DIGITS);
        if (code.isEmpty() || (separator != ' ' && separator != '-')) {
            throw broken("a line that is not an SMTP reply");
        }
        lineLength = 0;
        if (lines.size() == MAX_LINES) {
            tooMuch = "a reply of more than " + MAX_LINES + " lines";
            codes.remove(MAX_LINES - 1);
            lines.remove(MAX_LINES - 1);
        }
        codes.add(code.get());
        lines.add(afterCode(text));
        return separator == ' ';
    }

    private void passOver() throws BadReplyException {
        if (++emptyLines > MAX_EMPTY_LINES) {
            throw broken("more than " + MAX_EMPTY_LINES + " empty lines");
        }
        octets = begun ? octets : 0;
        lineLength = 0;
    }

    /** Returns the current line as far as received, without its line end. */
    private String lineText() {
        int end = lineLength;
        if (end > 0 && line[end - 1] == '\n') {
            end--;
        }
        while (end > 0 && line[end - 1] == '\r') {
            end--;
        }
        return new String(line, 0, end, StandardCharsets.UTF_8).replace('\r', REPLACEMENT);
    }

    private Reply endReply() throws BadReplyException {
        int first = codes.get(0);
        int last = codes.get(codes.size() - 1);
        if (!tooMuch.isEmpty()) {
            throw broken(tooMuch);
        }
        if (codes.stream().anyMatch(code -> code / 100 != last / 100)) {
            throw broken("a reply with the codes " + first + " and "
                    + codes.stream()
                            .filter(code -> code / 100 != first / 100)
                            .findFirst()
                            .orElse(last));
        }
        Reply reply = new Reply(last, lines);
        lines.clear();
        codes.clear();
        octets = 0;
        emptyLines = 0;
        begun = false;
        return reply;
    }

    private BadReplyException broken(String what) {
        return broken(what, plainReply());
    }

    private BadReplyException broken(String what, Optional<Reply> plain) {
        return new BadReplyException(what + (text().isEmpty() ? "" : ": " + Printable.quote(text())), plain);
    }

    /** Returns everything received, human-readable. */
    private String text() {
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            shown.add((codes.get(i) + " " + lines.get(i)).strip());
        }
        shown.add(lineText().strip());
        shown.removeIf(String::isEmpty);
        return String.join(" / ", shown);
    }

    /**
     * Returns the reply if its meaning is plain although it is invalid or incomplete: every line begins with a code, including an
     * incomplete one, and all lines accept or all refuse. If 4yz and 5yz are mixed, the last 4yz counts.
     */
    private Optional<Reply> plainReply() {
        List<Integer> said = new ArrayList<>(codes);
        List<String> texts = new ArrayList<>(lines);
        String rest = lineText().strip();
        boolean goesOn = rest.length() > CODE_DIGITS && Character.isDigit(rest.charAt(CODE_DIGITS));
        Optional<Integer> code = goesOn ? Optional.empty() : code(rest);
        code.ifPresent(said::add);
        texts.add(afterCode(rest));
        if (said.isEmpty() || (code.isEmpty() && !rest.isEmpty())) {
            return Optional.empty();
        }
        List<String> kept = texts.subList(0, said.size());
        int last = said.get(said.size() - 1);
        if (said.stream().allMatch(each -> each / 100 == last / 100)) {
            return Optional.of(new Reply(last, kept));
        }
        boolean refusals = said.stream().allMatch(each -> each / 100 == TRANSIENT || each / 100 == PERMANENT);
        return said.stream()
                .filter(each -> refusals && each / 100 == TRANSIENT)
                .reduce((earlier, later) -> later)
                .map(soft -> new Reply(soft, kept));
    }

    private static String afterCode(String text) {
        return text.length() <= CODE_DIGITS ? "" : text.substring(CODE_DIGITS + 1);
    }

    /** Returns the code at the start of a line; empty if there is none. */
    private static Optional<Integer> code(String text) {
        if (text.length() < CODE_DIGITS) {
            return Optional.empty();
        }
        int code = 0;
        for (int i = 0; i < CODE_DIGITS; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return Optional.empty();
            }
            code = code * 10 + (c - '0');
        }
        return code < LEAST_CODE || code > GREATEST_CODE ? Optional.empty() : Optional.of(code);
    }
}
