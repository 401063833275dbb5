// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.OutputStream;
import java.util.function.Function;

/** How a conversion writes the content of a leaf. */
enum BodyEncoding {
    UNCHANGED("", BodyWriter.Unchanged::new),
    QUOTED_PRINTABLE("quoted-printable", QuotedPrintableBody::new),
    BASE64("base64", Base64Body::new),
    /** For content that is quoted-printable already but has lines that are too long. */
    QUOTED_PRINTABLE_IN_SHORTER_LINES("", QuotedPrintableLines::new),
    /** For content that is base64 already but has lines that are too long. */
    BASE64_IN_SHORTER_LINES("", Base64Lines::new);

    private final String label;
    private final Function<OutputStream, BodyWriter> writer;

    BodyEncoding(String label, Function<OutputStream, BodyWriter> writer) {
        this.label = label;
        this.writer = writer;
    }

    /** Returns the new value of Content-Transfer-Encoding; empty if the field stays unchanged. */
    String label() {
        return label;
    }

    BodyWriter writerTo(OutputStream out) {
        return writer.apply(out);
    }
}
