// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A reply of an SMTP server (RFC 5321 §4.2). The text is the server's, as it came: clean it with {@link Printable} before
 * it is shown; {@link #toString()} has done so.
 *
 * @param code 200 to 599
 * @param lines the text of each line behind the code and its separator; at least one, perhaps empty
 */
public record Reply(int code, List<String> lines) {

    /** The server closes the connection, whatever was asked (RFC 5321 §3.8). */
    private static final int CLOSING = 421;

    /** What a line weighs besides its characters. */
    private static final int LINE = 32;

    /** What a line with an enhanced status and a word or two weighs. */
    private static final int STATUS = 2 * LINE;

    public Reply {
        lines = List.copyOf(lines);
        if (code < 200 || code > 599) {
            throw new IllegalArgumentException("The reply code " + code + " is not between 200 and 599");
        }
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("A reply has at least one line");
        }
    }

    /** 2yz: done. Only the first digit counts (RFC 5321 §4.3.2). */
    public boolean isPositive() {
        return code / 100 == 2;
    }

    /** 3yz: go on. */
    public boolean isIntermediate() {
        return code / 100 == 3;
    }

    /** 4yz: not now. */
    public boolean isTransientFailure() {
        return code / 100 == 4;
    }

    /** 5yz: never. */
    public boolean isPermanentFailure() {
        return code / 100 == 5;
    }

    /** 421: the server closes the connection (RFC 5321 §3.8). */
    public boolean closesConnection() {
        return code == CLOSING;
    }

    /** The enhanced status code at the start of the text, if there is one whose class fits the code (RFC 2034 §4). */
    public Optional<EnhancedStatus> enhancedStatus() {
        String first = lines.get(0).stripLeading();
        int space = first.indexOf(' ');
        return EnhancedStatus.tryParse(space < 0 ? first : first.substring(0, space))
                .filter(status -> status.statusClass() == code / 100);
    }

    /** The server's enhanced status, else the class alone: x.0.0. */
    public EnhancedStatus status() {
        return enhancedStatus().orElseGet(() -> EnhancedStatus.undefined(isIntermediate() ? 2 : code / 100));
    }

    /** How much its text is: the characters, and something for each line, which takes room however short it is. */
    public int weight() {
        int weight = 0;
        for (String line : lines) {
            weight += line.length() + LINE;
        }
        return weight;
    }

    /**
     * The reply with less of its text, where that is more than a {@link #weight()}; what is left out is counted. Code and enhanced status
     * stay.
     *
     * @param most more than a few, else it is what a status takes
     */
    public Reply shortened(int most) {
        if (weight() <= Math.max(most, STATUS)) {
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

    /** Code and text in one line, safe to show. */
    @Override
    public String toString() {
        return code + " " + Printable.clean(String.join(" / ", lines));
    }
}
