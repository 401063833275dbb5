// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.IOException;

/** The server does not speak SMTP: the connection is broken. */
final class BadReplyException extends IOException {

    private static final long serialVersionUID = 1;

    /** What the server sent, as in "the server sent ...". */
    BadReplyException(String what) {
        super("the server sent " + what);
    }
}
