// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Parses the MIME structure of a message line by line, in constant memory, and passes each line and its line end to a visitor. Accepts
 * octets in pieces of any size. CRLF, bare LF and bare CR all end a line.
 *
 * <p>A delimiter is a line that consists of {@code --boundary} or {@code --boundary--} of an open multipart and optional white space (RFC
 * 2046 §5.1.1). An outer delimiter ends everything that is open inside. A part whose structure cannot be followed is read as a leaf, with
 * the reason in {@link MimePart#leafReason}.
 */
final class MimeScanner {

    /** Maximum nesting depth of multiparts and messages. */
    static final int MAX_DEPTH = 50;

    /** Maximum length of a boundary in characters. RFC 2046 §5.1.1 allows 70. */
    static final int MAX_BOUNDARY = 200;

    /** Maximum number of octets of a line that are passed in one piece. */
    static final int MAX_PIECE = 8 * 1024;

    private static final int ORDINARY_LINE = 128;

    private final Visitor visitor;
    private final List<MimePart> containers = new ArrayList<>();
    private byte[] piece = new byte[ORDINARY_LINE]; // start of a line that continues in the next octets
    private int length;
    private boolean begins = true;
    private boolean afterCr; // the last octet was a CR: an LF may follow
    private boolean finishing;
    private long taken;
    private long bareLineEnds;
    private ScannerState state = new InHeader(MimePart.Place.ROOT, new HeaderReader());
    private int headers = 1;

    /** Receives every line of the message, in order. */
    interface Visitor {

        /** A line of a header. */
        void headerLine(MimePart.Place place, Line line) throws IOException;

        /**
         * The header is complete.
         *
         * @param separated whether the empty line ended it, which is not passed to the visitor; otherwise a delimiter or the end did
         */
        void headerEnd(MimePart part, boolean separated) throws IOException;

        /** A line of a leaf's content. */
        void contentLine(MimePart leaf, Line line) throws IOException;

        /**
         * The leaf is complete.
         *
         * @param delimited whether a delimiter ended it, so that the last line end belongs to the delimiter (RFC 2046 §5.1.1)
         */
        void contentEnd(MimePart leaf, boolean delimited) throws IOException;

        /** A delimiter, or a line before the first or after the last part of a multipart. */
        void structureLine(Line line) throws IOException;
    }

    private sealed interface ScannerState {}

    private record InHeader(MimePart.Place place, HeaderReader reader) implements ScannerState {}

    private record InLeaf(MimePart leaf) implements ScannerState {}

    private record Between() implements ScannerState {}

    MimeScanner(Visitor visitor) {
        this.visitor = visitor;
    }

    void take(byte[] octets, int offset, int count) throws IOException {
        int end = offset + count;
        int i = offset;
        taken += count;
        if (afterCr && count > 0) {
            afterCr = false;
            boolean isCrlf = octets[i] == '\n';
            handOverPiece(isCrlf ? LineEnd.CRLF : LineEnd.CR);
            i += isCrlf ? 1 : 0;
        }
        while (i < end) {
            int lineEnd = Octets.firstLineEnd(octets, i, end);
            afterCr = lineEnd + 1 == end && octets[lineEnd] == '\r';
            LineEnd found = lineEnd == end || afterCr ? LineEnd.NONE : endAt(octets, lineEnd, end);
            if (length == 0 && lineEnd - i <= MAX_PIECE && found != LineEnd.NONE) {
                handOver(octets, i, lineEnd - i, found);
            } else {
                append(octets, i, lineEnd - i);
                if (found != LineEnd.NONE) {
                    handOverPiece(found);
                }
            }
            i = lineEnd + Math.max(1, found.octets().length);
        }
    }

    private static LineEnd endAt(byte[] octets, int lineEnd, int end) {
        if (octets[lineEnd] == '\n') {
            return LineEnd.LF;
        }
        return lineEnd + 1 < end && octets[lineEnd + 1] == '\n' ? LineEnd.CRLF : LineEnd.CR;
    }

    /** Returns whether every line ended in CRLF, so that the octets can be sent unchanged. */
    boolean isCanonical() {
        return bareLineEnds == 0 && begins;
    }

    /** Returns the number of octets after every line end has become CRLF. */
    long canonicalSize() {
        return taken + bareLineEnds + (begins ? 0 : 2);
    }

    private void append(byte[] octets, int offset, int count) throws IOException {
        int done = 0;
        while (done < count) {
            if (length == MAX_PIECE) {
                handOverPiece(LineEnd.NONE);
            } else if (length == piece.length) {
                piece = Arrays.copyOf(piece, 2 * length);
            }
            int now = Math.min(count - done, piece.length - length);
            System.arraycopy(octets, offset + done, piece, length, now);
            length += now;
            done += now;
        }
    }

    /** Ends the message. */
    void finish() throws IOException {
        finishing = true;
        if (afterCr) {
            afterCr = false;
            handOverPiece(LineEnd.CR);
        } else if (length > 0) {
            handOverPiece(LineEnd.NONE);
        }
        endCurrent(false);
    }

    private void handOverPiece(LineEnd end) throws IOException {
        int all = length;
        length = 0;
        handOver(piece, 0, all, end);
    }

    private void handOver(byte[] octets, int start, int count, LineEnd end) throws IOException {
        Line line = new Line(octets, start, count, begins, end);
        begins = line.ends();
        bareLineEnds += end.isBare() ? 1 : 0;
        if (!takeDelimiter(line)) {
            takeOrdinary(line);
        }
    }

    private void takeOrdinary(Line line) throws IOException {
        if (state instanceof InHeader header) {
            if (line.isEmpty()) {
                enterBody(endHeader(header, true));
            } else {
                header.reader().take(line);
                visitor.headerLine(header.place(), line);
            }
        } else if (state instanceof InLeaf inLeaf) {
            visitor.contentLine(inLeaf.leaf(), line);
        } else {
            visitor.structureLine(line);
        }
    }

    private boolean takeDelimiter(Line line) throws IOException {
        boolean candidate =
                line.begins() && isWhole(line) && line.length() > 2 && line.octet(0) == '-' && line.octet(1) == '-';
        if (!candidate) {
            return false;
        }
        for (int level = containers.size() - 1; level >= 0; level--) {
            MimePart container = containers.get(level);
            if (container.kind() == MimePart.PartKind.MULTIPART) {
                Delimiter match = match(line, container.delimiter());
                if (match != Delimiter.NONE) {
                    endCurrent(true);
                    visitor.structureLine(line);
                    boolean close = match == Delimiter.CLOSE;
                    containers
                            .subList(close ? level : level + 1, containers.size())
                            .clear();
                    state = close ? new Between() : enterHeader(container);
                    return true;
                }
            }
        }
        return false;
    }

    /** Returns whether the line is complete; the last line of the message needs no line end. */
    private boolean isWhole(Line line) {
        return line.ends() || finishing;
    }

    private enum Delimiter {
        NONE,
        OPEN,
        CLOSE
    }

    private static Delimiter match(Line line, byte[] delimiter) {
        if (line.length() < delimiter.length) {
            return Delimiter.NONE;
        }
        for (int i = 0; i < delimiter.length; i++) {
            if (line.octet(i) != delimiter[i]) {
                return Delimiter.NONE;
            }
        }
        int rest = delimiter.length;
        boolean close = line.length() >= rest + 2 && line.octet(rest) == '-' && line.octet(rest + 1) == '-';
        for (int i = close ? rest + 2 : rest; i < line.length(); i++) {
            if (!HeaderFields.isContinuation(line.octet(i))) {
                return Delimiter.NONE;
            }
        }
        return close ? Delimiter.CLOSE : Delimiter.OPEN;
    }

    private void endCurrent(boolean delimited) throws IOException {
        if (state instanceof InHeader header) {
            endHeader(header, false);
        } else if (state instanceof InLeaf inLeaf) {
            visitor.contentEnd(inLeaf.leaf(), delimited);
        }
    }

    private MimePart endHeader(InHeader header, boolean separated) throws IOException {
        MimePart part = part(header.place(), header.reader());
        visitor.headerEnd(part, separated);
        return part;
    }

    private void enterBody(MimePart part) {
        switch (part.kind()) {
            case LEAF -> state = new InLeaf(part);
            case MULTIPART -> {
                containers.add(part);
                state = new Between();
            }
            case MESSAGE -> {
                containers.add(part);
                state = enterHeader(part);
            }
        }
    }

    private InHeader enterHeader(MimePart container) {
        boolean isMessage = container.kind() == MimePart.PartKind.MESSAGE;
        ContentType defaultType =
                container.type().is("multipart", "digest") ? ContentType.MESSAGE : ContentType.PLAIN_TEXT;
        return new InHeader(
                new MimePart.Place(
                        headers++,
                        isMessage,
                        isMessage || container.place().embedded(),
                        defaultType,
                        container.protection(),
                        container.signed()),
                new HeaderReader());
    }

    private MimePart part(MimePart.Place place, HeaderReader reader) {
        ContentType type = reader.contentType().orElse(place.defaultType());
        String encoding = reader.encoding();
        boolean isMessage = type.is("message", "rfc822")
                && (encoding.equals("7bit") || encoding.equals("8bit") || encoding.equals("binary"));
        boolean isComposite = isMessage || type.type().equals("multipart");
        Optional<String> obscurity = reader.isTooLong()
                ? Optional.of(
                        "a header field that decides on structure is longer than " + HeaderReader.MAX_FIELD + " octets")
                : isComposite ? leafReason(type, isMessage) : Optional.empty();
        MimePart.PartKind kind = obscurity.isPresent() || !isComposite
                ? MimePart.PartKind.LEAF
                : isMessage ? MimePart.PartKind.MESSAGE : MimePart.PartKind.MULTIPART;
        boolean signed = place.signed() || (place.isMessage() && reader.hasDkimSignature());
        return new MimePart(place, reader.hasContentType(), type, encoding, kind, obscurity, signed);
    }

    private Optional<String> leafReason(ContentType type, boolean isMessage) {
        if (containers.size() >= MAX_DEPTH) {
            return Optional.of("parts are nested more than " + MAX_DEPTH + " deep");
        }
        if (isMessage) {
            return Optional.empty();
        }
        if (type.boundary().isEmpty()) {
            return Optional.of("a " + type + " has no boundary");
        }
        String boundary = type.boundary().get();
        if (boundary.length() > MAX_BOUNDARY) {
            return Optional.of("a boundary is longer than " + MAX_BOUNDARY + " characters");
        }
        boolean ambiguous = containers.stream()
                .flatMap(container -> container.type().boundary().stream())
                .anyMatch(outer ->
                        outer.equals(boundary) || outer.equals(boundary + "--") || boundary.equals(outer + "--"));
        return ambiguous ? Optional.of("nested multiparts share a boundary") : Optional.empty();
    }
}
