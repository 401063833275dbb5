// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import java.io.IOException;
import java.io.OutputStream;

/**
 * One of the three parts of a notice.
 *
 * @param type the Content-Type
 * @param description the Content-Description, in ASCII
 * @param encoding the Content-Transfer-Encoding
 * @param content the content, in lines that end in CRLF
 */
record NoticePart(String type, String description, NoticeEncoding.TransferEncoding encoding, Content content) {

    /** Writes the content before it is encoded. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    void writeTo(OutputStream out) throws IOException {
        Fields header = new Fields();
        header.add("Content-Type", type);
        header.add("Content-Description", description);
        header.add("Content-Transfer-Encoding", encoding.toString());
        header.endGroup();
        out.write(header.octets());
        if (encoding == NoticeEncoding.TransferEncoding.QUOTED_PRINTABLE) {
            QuotedPrintable encoder = new QuotedPrintable(out);
            content.writeTo(encoder);
            encoder.finish();
        } else {
            content.writeTo(out);
        }
    }
}
