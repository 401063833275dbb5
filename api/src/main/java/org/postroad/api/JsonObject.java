// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * Writes an object of JSON (RFC 8259), field by field. The text consists of visible ASCII characters and spaces in any case: all others
 * are escaped, so that it is one line and means the same in every charset. Half of a surrogate pair becomes U+FFFD, because many parsers
 * reject it (RFC 7493 §2.1).
 */
final class JsonObject {

    private final StringJoiner fields = new StringJoiner(",", "{", "}");

    /**
     * Adds a field.
     *
     * @param value a String, a number, a Boolean, an enum constant, a JsonObject, or a list of these; an Optional of these, and if it is
     *     empty, there is no field
     * @throws IllegalArgumentException if it is something else
     */
    JsonObject with(String name, Object value) {
        if (value instanceof Optional<?> optional) {
            return optional.isPresent() ? with(name, optional.get()) : this;
        }
        fields.add(quote(name) + ":" + text(value));
        return this;
    }

    private static String text(Object value) {
        if (value instanceof String string) {
            return quote(string);
        } else if (value instanceof Enum<?> constant) {
            return quote(constant.name());
        } else if (value instanceof Integer || value instanceof Long || value instanceof Boolean) {
            return value.toString();
        } else if (value instanceof JsonObject object) {
            return object.toString();
        } else if (value instanceof List<?> list) {
            StringJoiner elements = new StringJoiner(",", "[", "]");
            list.forEach(element -> elements.add(text(element)));
            return elements.toString();
        }
        throw new IllegalArgumentException(
                "A " + value.getClass().getName()
                        + " has no JSON form here; allowed are text, integers, booleans, enum constants, objects and lists of these");
    }

    private static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(codePoint -> append(quoted, codePoint));
        return quoted.append('"').toString();
    }

    private static void append(StringBuilder quoted, int codePoint) {
        boolean isHalf = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
        if (codePoint == '"' || codePoint == '\\') {
            quoted.append('\\').append((char) codePoint);
        } else if (codePoint >= ' ' && codePoint <= '~') {
            quoted.append((char) codePoint);
        } else {
            for (char unit : Character.toChars(isHalf ? 0xfffd : codePoint)) {
                quoted.append(String.format("\\u%04x", (int) unit));
            }
        }
    }

    /** {@return the object as JSON} */
    @Override
    public String toString() {
        return fields.toString();
    }
}
