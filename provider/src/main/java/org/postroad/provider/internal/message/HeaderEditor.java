// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.postroad.api.Printable;
import org.postroad.provider.internal.message.FieldEncoder.UnencodableException;

/**
 * Edits those fields of a header that cannot be sent unchanged, and reports what was wrong with each. All other fields stay octet for
 * octet.
 */
final class HeaderEditor {

    /** Maximum size in octets of a field that is encoded. */
    static final int MAX_FIELD = 64 * 1024;

    /** Maximum number of flaws of each kind that are reported. */
    static final int MAX_FLAWS = 20;

    /** Maximum number of characters of a field name in a report. */
    private static final int MAX_NAME = 60;

    private HeaderEditor() {}

    /** What octets a header may contain. */
    enum Text {
        /** Any octets above 127, because the header is part of a body. */
        ANY,
        /** UTF-8 (RFC 6532). */
        UTF8,
        ASCII
    }

    /**
     * Something in a field that should not be sent as it is.
     *
     * @param field the name, cleaned for display
     * @param octets the length of the longest line
     * @param reason why it cannot be changed; empty if it was changed
     */
    record Flaw(FlawKind kind, String field, int octets, String reason) {

        enum FlawKind {
            NUL,
            BEYOND_ASCII,
            LONG_LINE
        }
    }

    /**
     * An edited header.
     *
     * @param octets all lines
     * @param changed whether they differ from the original
     * @param found the flaws that were found
     * @param left the flaws that remain
     */
    record Edited(byte[] octets, boolean changed, List<Flaw> found, List<Flaw> left) {

        boolean isUnchanged() {
            return found.isEmpty();
        }
    }

    /**
     * Edits a header.
     *
     * @param header canonical lines, without the empty one at the end
     * @param aLabels converts a domain to A-labels; empty if it has none
     */
    static Edited edit(byte[] header, Text text, Function<String, Optional<String>> aLabels) throws IOException {
        boolean suspect = Octets.haveNul(header, 0, header.length)
                || (text != Text.ANY && Octets.have8bit(header, 0, header.length))
                || HeaderFolding.isTooLong(new String(header, StandardCharsets.ISO_8859_1));
        if (!suspect) {
            return new Edited(header, false, List.of(), List.of());
        }
        EncodedWords words = new EncodedWords(declaredCharset(header));
        Edit edit = new Edit(text, new FieldEncoder(words, text != Text.ASCII, aLabels));
        HeaderFields.forEach(header, (name, start, end) -> {
            String field = new String(header, start, end - start, StandardCharsets.ISO_8859_1);
            boolean isField = HeaderFields.isPlain(header, start, end) || !name.isEmpty();
            edit.take(isField ? name : "", field);
        });
        return new Edited(edit.out.toByteArray(), edit.changed, edit.found, edit.left);
    }

    private static Optional<String> declaredCharset(byte[] header) throws IOException {
        List<String> values = new ArrayList<>();
        HeaderFields.forEach(header, (name, start, end) -> {
            if (name.equals("content-type") && end - start <= HeaderReader.MAX_FIELD) {
                String field = new String(header, start, end - start, StandardCharsets.ISO_8859_1);
                values.add(field.substring(field.indexOf(':') + 1).replace("\r\n", ""));
            }
        });
        return values.stream().findFirst().flatMap(ContentType::tryParse).flatMap(ContentType::charset);
    }

    /** State of one edit. */
    private static final class Edit {

        private final Text text;
        private final FieldEncoder encoder;
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final List<Flaw> found = new ArrayList<>();
        private final List<Flaw> left = new ArrayList<>();
        private boolean changed;

        Edit(Text text, FieldEncoder encoder) {
            this.text = text;
            this.encoder = encoder;
        }

        void take(String name, String field) {
            String encoded = encoded(name, field);
            String folded = encoded;
            if (HeaderFolding.isTooLong(encoded)) {
                note(found, Flaw.FlawKind.LONG_LINE, field, "");
                folded = name.isEmpty() ? encoded : HeaderFolding.fold(encoded);
                if (HeaderFolding.isTooLong(folded)) {
                    folded = encoded;
                    note(
                            left,
                            Flaw.FlawKind.LONG_LINE,
                            encoded,
                            "it cannot be folded so that its lines are short enough");
                }
            }
            changed |= !folded.equals(field);
            out.writeBytes(folded.getBytes(StandardCharsets.ISO_8859_1));
        }

        private String encoded(String name, String field) {
            boolean nul = field.indexOf('\0') >= 0;
            boolean beyond = isBeyond(field);
            if (!nul && !beyond) {
                return field;
            }
            Flaw.FlawKind kind = nul ? Flaw.FlawKind.NUL : Flaw.FlawKind.BEYOND_ASCII;
            note(found, kind, field, "");
            try {
                check(name, field);
                return encoder.encode(field);
            } catch (UnencodableException e) {
                note(left, kind, field, e.reason());
                if (nul && beyond) {
                    note(left, Flaw.FlawKind.BEYOND_ASCII, field, e.reason());
                }
                return field;
            }
        }

        private boolean isBeyond(String field) {
            byte[] octets = field.getBytes(StandardCharsets.ISO_8859_1);
            return switch (text) {
                case ANY -> false;
                case UTF8 -> Utf8.decode(octets).isEmpty();
                case ASCII -> Octets.have8bit(octets, 0, octets.length);
            };
        }

        private static void check(String name, String field) throws UnencodableException {
            if (name.isEmpty()) {
                throw new UnencodableException("the line is not a field");
            }
            if (EncodedWords.areNeeded(field.substring(0, field.indexOf(':')))) {
                throw new UnencodableException("the name of a field is never changed");
            }
            if (field.length() > MAX_FIELD) {
                throw new UnencodableException("it is longer than " + MAX_FIELD + " octets");
            }
        }

        private static void note(List<Flaw> flaws, Flaw.FlawKind kind, String field, String reason) {
            long known = flaws.stream().filter(flaw -> flaw.kind() == kind).count();
            if (known < MAX_FLAWS) {
                flaws.add(new Flaw(kind, shown(field), HeaderFolding.longestLine(field), reason));
            }
        }

        /** Returns what precedes the colon, shortened if it is long. */
        private static String shown(String field) {
            int colon = field.indexOf(':');
            String name = field.substring(0, colon < 0 ? field.length() : colon).strip();
            return Printable.clean(name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME));
        }
    }
}
