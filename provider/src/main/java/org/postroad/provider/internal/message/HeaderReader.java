// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** Picks from the lines of one header the two fields that structure depends on; the first of each counts. */
final class HeaderReader {

    private final Field contentType = new Field("content-type");
    private final Field encoding = new Field("content-transfer-encoding");
    private Optional<Field> current = Optional.empty();

    private static final class Field {
        private final String name;
        private final StringBuilder value = new StringBuilder();
        private boolean found;

        Field(String name) {
            this.name = name;
        }

        void append(String text) {
            value.append(text, 0, Math.min(text.length(), MimeScanner.MAX_FIELD + 1 - value.length()));
        }

        boolean isTooLong() {
            return value.length() > MimeScanner.MAX_FIELD;
        }
    }

    void take(Line line) {
        boolean continues = !line.begins() || (line.length() > 0 && HeaderFields.isContinuation(line.octet(0)));
        if (!continues) {
            String name = line.fieldName();
            current = fresh(contentType, name).or(() -> fresh(encoding, name));
        }
        current.ifPresent(field -> {
            String text = text(line);
            field.append(continues ? text : text.substring(text.indexOf(':') + 1));
        });
    }

    boolean isTooLong() {
        return contentType.isTooLong() || encoding.isTooLong();
    }

    Optional<ContentType> contentType() {
        return contentType.found ? ContentType.tryParse(contentType.value.toString()) : Optional.empty();
    }

    boolean hasContentType() {
        return contentType.found;
    }

    String encoding() {
        return encoding.found
                ? ContentType.withoutComments(encoding.value.toString()).strip().toLowerCase(Locale.ROOT)
                : "7bit";
    }

    private static Optional<Field> fresh(Field field, String name) {
        if (field.found || !field.name.equals(name)) {
            return Optional.empty();
        }
        field.found = true;
        return Optional.of(field);
    }

    private static String text(Line line) {
        return new String(line.octets(), line.start(), line.length(), StandardCharsets.ISO_8859_1);
    }
}
