// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The second pass of a conversion: writes the message as planned. */
final class SevenBitRewriter implements MimeScanner.Visitor {

    /** Octets of the header of a part, without line ends; it is held in memory. */
    static final int MAX_PART_HEADER = 2 * HeaderFilter.MAX_HEADER;

    private static final String ENCODING_FIELD = "content-transfer-encoding";

    private final SevenBitPlan plan;
    private final OutputStream out;
    private final ByteArrayOutputStream header = new ByteArrayOutputStream();
    private BodyWriter body;
    // The CRLF before a delimiter is no content: each one waits for the next line.
    private boolean lineEndHeld;

    SevenBitRewriter(SevenBitPlan plan, OutputStream out) {
        this.plan = plan;
        this.out = out;
        this.body = BodyEncoding.UNCHANGED.writerTo(out);
    }

    @Override
    public void headerLine(MimePlace place, Line line) throws IOException {
        line.writeTo(header);
    }

    @Override
    public void headerEnd(MimePart part, boolean separated) throws IOException {
        byte[] fields = header.toByteArray();
        header.reset();
        if (!separated) {
            out.write(fields);
            return;
        }
        Optional<String> label = newLabel(part);
        if (label.isPresent()) {
            writeEdited(part, fields, label.get());
        } else {
            out.write(fields);
        }
        Line.writeLineEnd(out);
        body = plan.encodingOf(part).writerTo(out);
        lineEndHeld = false;
    }

    @Override
    public void contentLine(MimePart leaf, Line line) throws IOException {
        if (line.begins()) {
            releaseLineEnd();
        }
        body.octets(line.octets(), line.start(), line.length());
        lineEndHeld = line.ends();
    }

    @Override
    public void contentEnd(MimePart leaf, boolean delimited) throws IOException {
        if (!delimited) {
            releaseLineEnd();
        }
        body.end(lineEndHeld);
        lineEndHeld = false;
    }

    @Override
    public void structureLine(Line line) throws IOException {
        line.writeTo(out);
    }

    private Optional<String> newLabel(MimePart part) {
        if (plan.isRelabelled(part)) {
            return Optional.of("7bit");
        }
        return Optional.of(plan.encodingOf(part).label()).filter(label -> !label.isEmpty());
    }

    private void writeEdited(MimePart part, byte[] fields, String label) throws IOException {
        boolean[] versioned = new boolean[1];
        HeaderFields.forEach(fields, (name, start, end) -> {
            versioned[0] |= name.equals("mime-version");
            if (!name.equals(ENCODING_FIELD)) {
                out.write(fields, start, end - start);
            }
        });
        if (part.place().isMessage() && !versioned[0]) {
            // Without it the encoding below would mean nothing (RFC 2045 §4).
            writeField("MIME-Version: 1.0");
        }
        if (part.place().isMessage() && !part.typeStated()) {
            // Octets above 127 whose charset nobody stated (RFC 1428 §2).
            writeField("Content-Type: text/plain; charset=unknown-8bit");
        }
        writeField("Content-Transfer-Encoding: " + label);
    }

    private void writeField(String field) throws IOException {
        out.write(field.getBytes(StandardCharsets.US_ASCII));
        Line.writeLineEnd(out);
    }

    private void releaseLineEnd() throws IOException {
        if (lineEndHeld) {
            body.lineEnd();
            lineEndHeld = false;
        }
    }
}
