// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** Reads the fields of a header that determine the structure. The first field of each name counts. */
final class HeaderReader {

    /** Maximum size of a Content-Type or Content-Transfer-Encoding field in octets. */
    static final int MAX_FIELD = 16 * 1024;

    /** Characters before a colon that are read; the names looked for are shorter. */
    private static final int MAX_NAME = 1000;

    private final Field contentType = new Field("content-type");
    private final Field encoding = new Field("content-transfer-encoding");
    private final StringBuilder name = new StringBuilder();
    private Optional<Field> current = Optional.empty();
    private boolean started;
    private boolean isNamed;
    private boolean dkimSignature;

    private static final class Field {
        private final String name;
        private final StringBuilder value = new StringBuilder();
        private boolean found;

        Field(String name) {
            this.name = name;
        }

        void append(String text) {
            value.append(text, 0, Math.min(text.length(), MAX_FIELD + 1 - value.length()));
        }

        boolean isTooLong() {
            return value.length() > MAX_FIELD;
        }
    }

    void take(Line line) {
        boolean continues =
                !line.begins() || (started && line.length() > 0 && HeaderFields.isContinuation(line.octet(0)));
        if (!continues) {
            start();
        }
        String text = new String(line.octets(), line.start(), line.length(), StandardCharsets.ISO_8859_1);
        if (isNamed) {
            current.ifPresent(field -> field.append(text));
            return;
        }
        int colon = text.indexOf(':');
        appendToName(colon < 0 ? text : text.substring(0, colon));
        if (colon >= 0) {
            isNamed = true;
            String known = HeaderFields.name(name.toString());
            dkimSignature |= known.equals("dkim-signature");
            current = fresh(contentType, known).or(() -> fresh(encoding, known));
            current.ifPresent(field -> field.append(text.substring(colon + 1)));
        }
    }

    private void start() {
        started = true;
        isNamed = false;
        name.setLength(0);
        current = Optional.empty();
    }

    private void appendToName(String text) {
        name.append(text, 0, Math.min(text.length(), MAX_NAME + 1 - name.length()));
    }

    /** Returns whether the header has a DKIM-Signature field (RFC 6376 §3.5). */
    boolean hasDkimSignature() {
        return dkimSignature;
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
}
