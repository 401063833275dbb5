// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reduces the returned message in a report: the third part of a multipart/report. That part is optional (RFC 6522 §3), so a report remains
 * valid without it.
 */
public final class ReturnedPart {

    /** Maximum size in octets of a header that is returned instead of its message. */
    static final int MAX_HEADER = 64 * 1024;

    private static final int BUFFER = 64 * 1024;
    private static final int NUMBER = 3;

    private ReturnedPart() {}

    /** How much of the returned message remains. */
    public enum Remaining {
        /** Only the header of the message. */
        HEADER,
        NOTHING
    }

    /**
     * Returns a copy of the report with less of the returned message.
     *
     * @return a new spooled message, which the caller must close; empty if the message is not a report or returns no more than {@code rest}
     * @throws IOException if the spool fails
     */
    public static Optional<SpooledMessage> reduce(SpooledMessage report, Remaining rest, SpoolSettings settings)
            throws IOException {
        try (SpoolOutput spool = new SpoolOutput(settings);
                InputStream in = report.openStream()) {
            BufferedOutputStream out = new BufferedOutputStream(spool, BUFFER);
            Reducer reducer = new Reducer(rest, out);
            Conversion.scan(in, reducer);
            out.flush();
            return reducer.reduced ? Optional.of(spool.finish().message(List.of())) : Optional.empty();
        }
    }

    /** Copies the report, with its third part reduced or removed. */
    private static final class Reducer implements MimeScanner.Visitor {

        private final Remaining rest;
        private final OutputStream out;
        private Optional<byte[]> delimiter = Optional.empty(); // of the report's own parts
        private int parts;
        private boolean within; // inside the third part
        private int headers; // read in the third part
        private boolean isHeaderKept;
        private int left = MAX_HEADER;
        private boolean reduced;

        Reducer(Remaining rest, OutputStream out) {
            this.rest = rest;
            this.out = out;
        }

        @Override
        public void headerLine(MimePart.Place place, Line line) throws IOException {
            if (!within) {
                line.writeTo(out);
            } else if (isHeaderKept && headers == 1) {
                left -= line.length() + 2;
                if (left >= 0) {
                    line.writeTo(out);
                }
            }
        }

        @Override
        public void headerEnd(MimePart part, boolean separated) throws IOException {
            if (part.place().isRoot() && part.type().is("multipart", "report")) {
                delimiter = Optional.of(part.delimiter()).filter(octets -> part.kind() == MimePart.PartKind.MULTIPART);
            }
            if (!within) {
                if (separated) {
                    Line.writeLineEnd(out);
                }
                return;
            }
            headers++;
            if (headers == 1) {
                isHeaderKept = rest == Remaining.HEADER && part.kind() == MimePart.PartKind.MESSAGE;
                reduced = isHeaderKept || rest == Remaining.NOTHING;
                if (isHeaderKept) {
                    writeLine("Content-Type: text/rfc822-headers");
                    writeLine("Content-Description: The header of your message");
                    writeLine("");
                }
            }
        }

        @Override
        public void contentLine(MimePart leaf, Line line) throws IOException {
            if (!within) {
                line.writeTo(out);
            }
        }

        @Override
        public void contentEnd(MimePart leaf, boolean delimited) {}

        @Override
        public void structureLine(Line line) throws IOException {
            boolean isOwn = delimiter.filter(octets -> begins(line, octets)).isPresent();
            if (isOwn && !within && ++parts == NUMBER) {
                within = true;
                headers = 0;
                if (rest == Remaining.HEADER) {
                    line.writeTo(out);
                }
                return;
            }
            if (isOwn && within) {
                within = false;
                if (isHeaderKept) {
                    writeLine("");
                }
            }
            if (!within) {
                line.writeTo(out);
            }
        }

        /** Comparing the start is enough: the report's boundary is random, so no boundary of an inner part begins with it. */
        private static boolean begins(Line line, byte[] delimiter) {
            return line.begins()
                    && line.length() >= delimiter.length
                    && Arrays.equals(
                            line.octets(),
                            line.start(),
                            line.start() + delimiter.length,
                            delimiter,
                            0,
                            delimiter.length);
        }

        private void writeLine(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.US_ASCII));
            Line.writeLineEnd(out);
        }
    }
}
