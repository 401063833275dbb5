// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.OutputStream;
import java.util.function.Function;

/** What a conversion does with the content of a leaf. */
enum BodyEncoding {
    UNCHANGED("", UnchangedBody::new),
    QUOTED_PRINTABLE("quoted-printable", QuotedPrintableBody::new),
    BASE64("base64", Base64Body::new);

    private final String label;
    private final Function<OutputStream, BodyWriter> writer;

    BodyEncoding(String label, Function<OutputStream, BodyWriter> writer) {
        this.label = label;
        this.writer = writer;
    }

    /** The value of Content-Transfer-Encoding; empty for {@link #UNCHANGED}. */
    String label() {
        return label;
    }

    BodyWriter writerTo(OutputStream out) {
        return writer.apply(out);
    }
}
