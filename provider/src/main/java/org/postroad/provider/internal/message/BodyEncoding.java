// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.OutputStream;
import java.util.function.Function;

/** What a conversion does with the content of a leaf. */
enum BodyEncoding {
    UNCHANGED("", UnchangedBody::new),
    QUOTED_PRINTABLE("quoted-printable", QuotedPrintableBody::new),
    BASE64("base64", Base64Body::new),
    /** Quoted-printable already, with lines that are too long. */
    QUOTED_PRINTABLE_IN_SHORTER_LINES("", QuotedPrintableLines::new),
    /** Base64 already, with lines that are too long. */
    BASE64_IN_SHORTER_LINES("", Base64Lines::new);

    private final String label;
    private final Function<OutputStream, BodyWriter> writer;

    BodyEncoding(String label, Function<OutputStream, BodyWriter> writer) {
        this.label = label;
        this.writer = writer;
    }

    /** The new value of Content-Transfer-Encoding; empty where it stays. */
    String label() {
        return label;
    }

    BodyWriter writerTo(OutputStream out) {
        return writer.apply(out);
    }
}
