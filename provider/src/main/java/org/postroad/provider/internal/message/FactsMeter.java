// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

/** Collects the facts about a message while it is scanned. */
final class FactsMeter implements MimeScanner.Visitor {

    private boolean has8bitBody;
    private boolean hasNonAsciiHeader;
    private boolean hasNul;
    private boolean hasDkimSignature;
    private long longestLine;
    private long currentLine;

    MessageFacts facts(long size) {
        return new MessageFacts(size, has8bitBody, hasNonAsciiHeader, longestLine, hasNul, hasDkimSignature);
    }

    @Override
    public void headerLine(MimePart.Place place, Line line) {
        measure(line);
        if (line.has8bit()) {
            // RFC 6532 §3.7: such a header of an embedded message concerns the media type, not the envelope.
            if (place.embedded()) {
                has8bitBody = true;
            } else {
                hasNonAsciiHeader = true;
            }
        }
    }

    @Override
    public void headerEnd(MimePart part, boolean separated) {
        hasDkimSignature |= part.place().isRoot() && part.signed();
    }

    @Override
    public void contentLine(MimePart leaf, Line line) {
        bodyLine(line);
    }

    @Override
    public void contentEnd(MimePart leaf, boolean delimited) {}

    @Override
    public void structureLine(Line line) {
        bodyLine(line);
    }

    private void bodyLine(Line line) {
        measure(line);
        has8bitBody = has8bitBody || line.has8bit();
    }

    private void measure(Line line) {
        currentLine = line.begins() ? line.length() : currentLine + line.length();
        longestLine = Math.max(longestLine, currentLine);
        hasNul = hasNul || line.hasNul();
    }
}
