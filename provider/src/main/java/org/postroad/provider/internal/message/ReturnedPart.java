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
 * Takes out of a report what it returns of the message that it is about: the third part of a multipart/report, which may be missing (RFC
 * 6522 §3). A report never depends on it.
 */
public final class ReturnedPart {

    /** Octets of a header that comes back in the place of its message. */
    static final int MAX_HEADER = 64 * 1024;

    private static final int BUFFER = 64 * 1024;
    private static final int NUMBER = 3;

    private ReturnedPart() {}

    /** How much of it goes. */
    public enum Rest {
        /** The header of the message stays. */
        HEADER,
        NOTHING
    }

    /**
     * The report with less in it.
     *
     * @return another spooled message, to be closed by the caller; empty where the message is no report, or returns no more than that
     * @throws IOException if the spool fails
     */
    public static Optional<SpooledMessage> reduce(SpooledMessage report, Rest rest, SpoolSettings settings)
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

    /** Passes all but the third part. */
    private static final class Reducer implements MimeScanner.Visitor {

        private final Rest rest;
        private final OutputStream out;
        private Optional<byte[]> delimiter = Optional.empty(); // of the parts of the report
        private int parts;
        private boolean within; // the third part
        private int headers; // read in it
        private boolean isHeaderKept;
        private int left = MAX_HEADER;
        private boolean reduced;

        Reducer(Rest rest, OutputStream out) {
            this.rest = rest;
            this.out = out;
        }

        @Override
        public void headerLine(MimePlace place, Line line) throws IOException {
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
                delimiter = Optional.of(part.delimiter()).filter(octets -> part.kind() == MimePart.Kind.MULTIPART);
            }
            if (!within) {
                if (separated) {
                    Line.writeLineEnd(out);
                }
                return;
            }
            headers++;
            if (headers == 1) {
                isHeaderKept = rest == Rest.HEADER && part.kind() == MimePart.Kind.MESSAGE;
                reduced = isHeaderKept || rest == Rest.NOTHING;
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
                if (rest == Rest.HEADER) {
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

        /** Parts within have boundaries of other letters: that of a report cannot be guessed. */
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
