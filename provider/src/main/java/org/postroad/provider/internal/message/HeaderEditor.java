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

/** Edits the fields of one header that cannot go as they are, and says of each what was wrong. All others stay octet for octet. */
final class HeaderEditor {

    /** Octets of a field that is encoded. */
    static final int MAX_FIELD = 64 * 1024;

    /** Characters of a field name that are shown. */
    private static final int MAX_NAME = 60;

    private HeaderEditor() {}

    /** What a header may have in it. */
    enum Text {
        /** Any octets above 127: it is part of a body. */
        ANY,
        /** UTF-8 (RFC 6532). */
        UTF8,
        ASCII
    }

    /**
     * Something in a field that should not go as it is.
     *
     * @param field its name, to be shown
     * @param octets of its longest line
     * @param reason why it cannot be changed; empty where it was
     */
    record Flaw(Kind kind, String field, int octets, String reason) {

        enum Kind {
            NUL,
            BEYOND_ASCII,
            LONG_LINE
        }
    }

    /**
     * An edited header.
     *
     * @param octets all its lines
     * @param changed whether they are others than before
     * @param found what was wrong
     * @param left what of it still is
     */
    record Edited(byte[] octets, boolean changed, List<Flaw> found, List<Flaw> left) {

        boolean isUnchanged() {
            return found.isEmpty();
        }
    }

    /**
     * Edits a header.
     *
     * @param header canonical lines without the empty one
     * @param aLabels makes A-labels of a domain; empty where there are none
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
            if (name.equals("content-type") && end - start <= MimeScanner.MAX_FIELD) {
                String field = new String(header, start, end - start, StandardCharsets.ISO_8859_1);
                values.add(field.substring(field.indexOf(':') + 1).replace("\r\n", ""));
            }
        });
        return values.stream().findFirst().flatMap(ContentType::tryParse).flatMap(ContentType::charset);
    }

    /** One header on its way through. */
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
                note(found, Flaw.Kind.LONG_LINE, field, "");
                folded = name.isEmpty() ? encoded : HeaderFolding.fold(encoded);
                if (HeaderFolding.isTooLong(folded)) {
                    folded = encoded;
                    note(left, Flaw.Kind.LONG_LINE, encoded, "it cannot be folded so that its lines are short enough");
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
            Flaw.Kind kind = nul ? Flaw.Kind.NUL : Flaw.Kind.BEYOND_ASCII;
            note(found, kind, field, "");
            try {
                check(name, field);
                return encoder.encode(field);
            } catch (UnencodableException e) {
                note(left, kind, field, e.reason());
                if (nul && beyond) {
                    note(left, Flaw.Kind.BEYOND_ASCII, field, e.reason());
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
                throw new UnencodableException("the line is no field");
            }
            if (EncodedWords.areNeeded(field.substring(0, field.indexOf(':')))) {
                throw new UnencodableException("the name of a field is never changed");
            }
            if (field.length() > MAX_FIELD) {
                throw new UnencodableException("it is longer than " + MAX_FIELD + " octets");
            }
        }

        private static void note(List<Flaw> flaws, Flaw.Kind kind, String field, String reason) {
            long known = flaws.stream().filter(flaw -> flaw.kind() == kind).count();
            if (known < EditPlan.MAX_WARNINGS) {
                flaws.add(new Flaw(kind, shown(field), HeaderFolding.longestLine(field), reason));
            }
        }

        /** What is before the colon, cut where it is long. */
        private static String shown(String field) {
            int colon = field.indexOf(':');
            String name = field.substring(0, colon < 0 ? field.length() : colon).strip();
            return Printable.clean(name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME));
        }
    }
}
