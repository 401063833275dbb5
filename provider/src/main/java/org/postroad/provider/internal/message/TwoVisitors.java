// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.IOException;

/** Passes each line of a message to one visitor, then to the other. */
record TwoVisitors(MimeScanner.Visitor first, MimeScanner.Visitor second) implements MimeScanner.Visitor {

    @Override
    public void headerLine(MimePart.Place place, Line line) throws IOException {
        first.headerLine(place, line);
        second.headerLine(place, line);
    }

    @Override
    public void headerEnd(MimePart part, boolean separated) throws IOException {
        first.headerEnd(part, separated);
        second.headerEnd(part, separated);
    }

    @Override
    public void contentLine(MimePart leaf, Line line) throws IOException {
        first.contentLine(leaf, line);
        second.contentLine(leaf, line);
    }

    @Override
    public void contentEnd(MimePart leaf, boolean delimited) throws IOException {
        first.contentEnd(leaf, delimited);
        second.contentEnd(leaf, delimited);
    }

    @Override
    public void structureLine(Line line) throws IOException {
        first.structureLine(line);
        second.structureLine(line);
    }
}
