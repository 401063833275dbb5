// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;

/** Parses the extended errors among the options of an OPT record (RFC 8914 §2). */
final class ExtendedErrors {

    /** Maximum number of extended errors parsed per message. */
    static final int MAX = 8;

    private static final int CODE_AND_LENGTH = 4;
    private static final int INFO_CODE = 2;

    private ExtendedErrors() {}

    /** Returns the errors that can be parsed. Skips options of other kinds, whatever they contain. */
    static List<EDNSOption> read(ByteBuffer options) {
        List<EDNSOption> errors = new ArrayList<>();
        while (options.remaining() >= CODE_AND_LENGTH && errors.size() < MAX) {
            int code = options.getShort() & 0xffff;
            int length = Math.min(options.getShort() & 0xffff, options.remaining());
            byte[] data = new byte[length];
            options.get(data);
            if (code == EDNSOption.Code.EDNS_EXTENDED_ERROR && length >= INFO_CODE) {
                int error = (data[0] & 0xff) << 8 | (data[1] & 0xff);
                String text = new String(data, INFO_CODE, length - INFO_CODE, StandardCharsets.UTF_8);
                errors.add(new ExtendedErrorCodeOption(error, text));
            }
        }
        return errors;
    }
}
