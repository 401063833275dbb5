// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.envelope;

import java.util.Optional;
import java.util.regex.Pattern;
import org.postroad.api.Printable;

/**
 * A Message-ID (RFC 5322 §3.6.4): our own, or a foreign one that may be cited.
 *
 * @param text with angle brackets, 3 to {@value #MAX_LENGTH} characters of printable ASCII without spaces
 */
public record MessageId(String text) {

    /** Maximum length of a Message-ID that is cited: a field that cites it must fit on one line. */
    public static final int MAX_LENGTH = 250;

    private static final Pattern SYNTAX = Pattern.compile("<[!-;=?-~]+>");

    public MessageId {
        if (!isWellFormed(text)) {
            throw new IllegalArgumentException("The Message-ID " + Printable.quote(text) + " is not <, then at most "
                    + (MAX_LENGTH - 2) + " characters of printable ASCII without spaces, then >");
        }
    }

    /** Parses the value of a foreign Message-ID field; empty if it must not be cited. */
    public static Optional<MessageId> tryParse(String text) {
        String stripped = text.strip();
        return isWellFormed(stripped) ? Optional.of(new MessageId(stripped)) : Optional.empty();
    }

    private static boolean isWellFormed(String text) {
        return text.length() <= MAX_LENGTH && SYNTAX.matcher(text).matches();
    }
}
