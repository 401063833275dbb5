// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Second pass of a conversion: writes the message as planned, in canonical lines. */
final class Rewriter implements MimeScanner.Visitor {

    private static final String ENCODING_FIELD = "content-transfer-encoding";

    private final EditPlan plan;
    private final OutputStream out;
    private final ByteArrayOutputStream header = new ByteArrayOutputStream();
    private BodyWriter body;
    private boolean exact;
    private boolean lineIsOpen;
    // The line end before a delimiter is not content, so each line end is held until the next line.
    private LineEnd held = LineEnd.NONE;

    Rewriter(EditPlan plan, OutputStream out) {
        this.plan = plan;
        this.out = out;
        this.body = BodyEncoding.UNCHANGED.writerTo(out);
    }

    @Override
    public void headerLine(MimePart.Place place, Line line) throws IOException {
        line.writeTo(plan.changesHeader(place) ? header : out);
        lineIsOpen = !line.ends();
    }

    @Override
    public void headerEnd(MimePart part, boolean separated) throws IOException {
        boolean changes = plan.changesHeader(part.place());
        if (lineIsOpen) {
            Line.writeLineEnd(changes ? header : out);
            lineIsOpen = false;
        }
        if (changes) {
            writeHeader(part, separated);
        }
        if (separated) {
            Line.writeLineEnd(out);
        }
        body = plan.encodingOf(part).writerTo(out);
        exact = plan.isExact(part);
        held = LineEnd.NONE;
    }

    @Override
    public void contentLine(MimePart leaf, Line line) throws IOException {
        if (line.begins()) {
            releaseLineEnd();
        }
        body.octets(line.octets(), line.start(), line.length());
        held = line.end();
        lineIsOpen = !line.ends();
    }

    @Override
    public void contentEnd(MimePart leaf, boolean delimited) throws IOException {
        if (!delimited) {
            // The last line of text gets a line end even if the source wrote none.
            held = lineIsOpen && !exact ? LineEnd.CRLF : held;
            releaseLineEnd();
        }
        lineIsOpen = false;
        body.end(held != LineEnd.NONE);
        held = LineEnd.NONE;
    }

    @Override
    public void structureLine(Line line) throws IOException {
        line.writeTo(out);
        lineIsOpen = !line.ends();
    }

    /** Ends the message. */
    void finish() throws IOException {
        if (lineIsOpen) {
            Line.writeLineEnd(out);
        }
    }

    private void writeHeader(MimePart part, boolean separated) throws IOException {
        byte[] fields = header.toByteArray();
        header.reset();
        if (plan.changesFields(part.place())) {
            fields = HeaderEditor.edit(
                            fields, plan.textOf(part.place()), plan.receiver().aLabels())
                    .octets();
        }
        Optional<String> label = separated ? newLabel(part) : Optional.empty();
        if (label.isPresent()) {
            writeRelabelled(part, fields, label.get());
        } else {
            out.write(fields);
        }
    }

    private Optional<String> newLabel(MimePart part) {
        if (plan.isRelabelled(part)) {
            return Optional.of(plan.receiver().eightBitMime() ? "8bit" : "7bit");
        }
        return Optional.of(plan.encodingOf(part).label()).filter(label -> !label.isEmpty());
    }

    /** Inserts new fields before the first line that is not a field, because some readers end the header there. */
    private void writeRelabelled(MimePart part, byte[] fields, String label) throws IOException {
        boolean[] versioned = new boolean[1];
        int[] place = {fields.length};
        HeaderFields.forEach(fields, (name, start, end) -> {
            versioned[0] |= name.equals("mime-version");
            if (place[0] == fields.length && !HeaderFields.isPlain(fields, start, end)) {
                place[0] = start;
            }
        });
        boolean[] written = new boolean[1];
        HeaderFields.forEach(fields, (name, start, end) -> {
            if (start >= place[0] && !written[0]) {
                writeNewFields(part, versioned[0], label);
                written[0] = true;
            }
            if (!name.equals(ENCODING_FIELD)) {
                out.write(fields, start, end - start);
            }
        });
        if (!written[0]) {
            writeNewFields(part, versioned[0], label);
        }
    }

    private void writeNewFields(MimePart part, boolean versioned, String label) throws IOException {
        if (part.place().isMessage() && !versioned) {
            // Without MIME-Version, the encoding below would have no meaning (RFC 2045 §4).
            writeField("MIME-Version: 1.0");
        }
        if (part.place().isMessage() && !part.typeStated() && plan.hasEncoded8bit(part)) {
            // Octets above 127 without a declared charset (RFC 1428 §2).
            writeField("Content-Type: text/plain; charset=unknown-8bit");
        }
        writeField("Content-Transfer-Encoding: " + label);
    }

    private void writeField(String field) throws IOException {
        out.write(field.getBytes(StandardCharsets.US_ASCII));
        Line.writeLineEnd(out);
    }

    private void releaseLineEnd() throws IOException {
        if (exact && held.isBare()) {
            body.octets(held.octets(), 0, held.octets().length);
        } else if (held != LineEnd.NONE) {
            body.lineEnd();
        }
        held = LineEnd.NONE;
    }
}
