// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** An object of JSON in one line of ASCII characters, for results of commands that are not values of the API. */
final class JsonLine {

    private final StringJoiner fields = new StringJoiner(",", "{", "}");

    /** Adds a number. */
    JsonLine with(String name, long value) {
        fields.add(quote(name) + ":" + value);
        return this;
    }

    /** Adds a truth value. */
    JsonLine with(String name, boolean value) {
        fields.add(quote(name) + ":" + value);
        return this;
    }

    /** Adds a text. */
    JsonLine with(String name, String value) {
        fields.add(quote(name) + ":" + quote(value));
        return this;
    }

    /** Adds a list of texts. */
    JsonLine with(String name, List<String> values) {
        fields.add(quote(name) + ":" + values.stream().map(JsonLine::quote).collect(Collectors.joining(",", "[", "]")));
        return this;
    }

    /** Adds an object that is JSON already. */
    JsonLine withObject(String name, String json) {
        fields.add(quote(name) + ":" + json);
        return this;
    }

    private static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c >= ' ' && c <= '~') {
                quoted.append(c);
            } else {
                quoted.append(String.format("\\u%04x", (int) c));
            }
        }
        return quoted.append('"').toString();
    }

    @Override
    public String toString() {
        return fields.toString();
    }
}
