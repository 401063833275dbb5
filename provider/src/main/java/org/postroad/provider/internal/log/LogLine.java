// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.log;

import java.util.Optional;
import org.postroad.api.Printable;

/** One line of {@code key=value} pairs. Used by one thread. */
final class LogLine {

    private final StringBuilder text;

    LogLine(String id, String word) {
        this.text = new StringBuilder(id).append(' ').append(word);
    }

    LogLine with(String key, Object value) {
        text.append(' ').append(key).append('=').append(quoted(value.toString()));
        return this;
    }

    /** Adds nothing if there is no value. */
    LogLine with(String key, Optional<?> value) {
        value.ifPresent(present -> with(key, present));
        return this;
    }

    /** Returns the value as it is if it consists of visible ASCII characters without quotation marks and backslashes. */
    private static String quoted(String value) {
        boolean plain = !value.isEmpty() && value.chars().allMatch(c -> c > ' ' && c <= '~' && c != '"' && c != '\\');
        return plain
                ? value
                : '"' + Printable.clean(value).replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
