// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/**
 * Something questionable about a message, which was sent all the same.
 *
 * @param about what it is about, for programs and people: the name of a header field, such as {@code Message-ID}, or of a method of the
 *     message object
 * @param text one human-readable sentence: what was found, and what to do about it; cleaned
 */
public record MessageWarning(String about, String text) {

    public MessageWarning {
        about = Printable.clean(about);
        text = Printable.clean(text);
    }

    /** {@code Message-ID: its domain "localhost" ...}. */
    @Override
    public String toString() {
        return about + ": " + text;
    }
}
