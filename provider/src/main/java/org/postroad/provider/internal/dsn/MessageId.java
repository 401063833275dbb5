// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import java.util.Optional;
import java.util.regex.Pattern;
import org.postroad.api.Printable;

/**
 * A Message-ID (RFC 5322 §3.6.4), ours or a foreign one that may be cited.
 *
 * @param text with its angle brackets, 3 to {@value #MAX_LENGTH} characters of printable ASCII without spaces
 */
public record MessageId(String text) {

    /** Longer ones are not cited: a field that names it must fit in one line. */
    public static final int MAX_LENGTH = 250;

    private static final Pattern SYNTAX = Pattern.compile("<[!-;=?-~]+>");

    public MessageId {
        if (!isWellFormed(text)) {
            throw new IllegalArgumentException("The Message-ID " + Printable.quote(text) + " is not <, then at most "
                    + (MAX_LENGTH - 2) + " characters of printable ASCII without spaces, then >");
        }
    }

    /** A foreign one, from the field of that name; empty where it is none that may be cited. */
    public static Optional<MessageId> tryParse(String text) {
        String stripped = text.strip();
        return isWellFormed(stripped) ? Optional.of(new MessageId(stripped)) : Optional.empty();
    }

    private static boolean isWellFormed(String text) {
        return text.length() <= MAX_LENGTH && SYNTAX.matcher(text).matches();
    }
}
