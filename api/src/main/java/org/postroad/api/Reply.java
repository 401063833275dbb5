// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A reply of an SMTP server (RFC 5321 §4.2). The text is exactly what the server sent: clean it with {@link Printable} before
 * showing it. {@link #toString()} is already cleaned.
 *
 * @param code 200 to 599
 * @param lines the text of each line after code and separator; at least one line, possibly empty
 */
public record Reply(int code, List<String> lines) {

    /** The server closes the connection; can be the reply to any command (RFC 5321 §3.8). */
    private static final int CLOSING = 421;

    /** The size of a line in addition to its characters. */
    private static final int LINE = 32;

    /** The size of a line with an enhanced status and a word or two. */
    private static final int STATUS = 2 * LINE;

    /**
     * Checks the reply.
     *
     * @throws IllegalArgumentException if the code is out of range, or there is no line
     */
    public Reply {
        lines = List.copyOf(lines);
        if (code < 200 || code > 599) {
            throw new IllegalArgumentException("The reply code " + code + " is not between 200 and 599");
        }
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("A reply has at least one line");
        }
    }

    /** {@return whether this is a 2yz reply: success} Only the first digit counts (RFC 5321 §4.3.2). */
    public boolean isPositive() {
        return code / 100 == 2;
    }

    /** {@return whether this is a 3yz reply: the server waits for more input} */
    public boolean isIntermediate() {
        return code / 100 == 3;
    }

    /** {@return whether this is a 4yz reply: temporary failure} */
    public boolean isTransientFailure() {
        return code / 100 == 4;
    }

    /** {@return whether this is a 5yz reply: permanent failure} */
    public boolean isPermanentFailure() {
        return code / 100 == 5;
    }

    /** {@return whether this is a 421 reply: the server closes the connection (RFC 5321 §3.8)} */
    public boolean closesConnection() {
        return code == CLOSING;
    }

    /** {@return the enhanced status code at the start of the text, if there is one and its class matches the reply code (RFC 2034 §4)} */
    public Optional<EnhancedStatus> enhancedStatus() {
        String first = lines.get(0).stripLeading();
        int space = first.indexOf(' ');
        return EnhancedStatus.tryParse(space < 0 ? first : first.substring(0, space))
                .filter(status -> status.statusClass() == code / 100);
    }

    /** {@return the server's enhanced status, or x.0.0 if it sent none: x is the class of the reply code, and 2 for 3yz} */
    public EnhancedStatus status() {
        return enhancedStatus().orElseGet(() -> EnhancedStatus.undefined(isIntermediate() ? 2 : code / 100));
    }

    /** {@return the approximate memory use of the text: its characters plus a fixed amount for each line} */
    public int approximateSize() {
        int size = 0;
        for (String line : lines) {
            size += line.length() + LINE;
        }
        return size;
    }

    /**
     * {@return this reply with its text cut to a {@link #approximateSize()} limit, plus the number of omitted characters} Code and enhanced
     * status are kept.
     *
     * @param most the limit; very small values are raised to the size of an enhanced status
     */
    public Reply shortened(int most) {
        if (approximateSize() <= Math.max(most, STATUS)) {
            return this;
        }
        List<String> kept = new ArrayList<>();
        int left = Math.max(most, STATUS);
        int omitted = 0;
        for (String line : lines) {
            int length = kept.isEmpty() ? Math.max(0, left - LINE) : left - LINE;
            if (omitted == 0 && length >= line.length()) {
                kept.add(line);
            } else if (omitted == 0 && length > 0) {
                boolean half = Character.isHighSurrogate(line.charAt(length - 1));
                int end = half ? length - 1 : length;
                kept.add(line.substring(0, end));
                omitted = line.length() - end;
            } else {
                omitted += line.length();
            }
            left -= line.length() + LINE;
        }
        int last = kept.size() - 1;
        kept.set(last, kept.get(last) + "... (" + omitted + " more)");
        return new Reply(code, kept);
    }

    /** {@return code and text in one line, cleaned} */
    @Override
    public String toString() {
        return code + " " + Printable.clean(String.join(" / ", lines));
    }
}
