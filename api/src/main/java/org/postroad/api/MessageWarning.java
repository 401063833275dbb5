// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/**
 * A problem of a message that did not prevent sending it.
 *
 * @param about the subject of the warning: the name of a header field, such as {@code Message-ID}, or of a method of the
 *     message object
 * @param text one human-readable sentence: the problem and the remedy; cleaned
 */
public record MessageWarning(String about, String text) {

    public MessageWarning {
        about = Printable.clean(about);
        text = Printable.clean(text);
    }

    /** {@return {@code Message-ID: its domain "localhost" ...}} */
    @Override
    public String toString() {
        return about + ": " + text;
    }
}
