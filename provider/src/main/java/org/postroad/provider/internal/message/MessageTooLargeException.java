// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.IOException;

/** The message, or its header, has more octets than a limit allows. */
public final class MessageTooLargeException extends IOException {

    private static final long serialVersionUID = 1;

    private final long limit;

    MessageTooLargeException(String what, long limit) {
        super(what + " is larger than " + limit + " octets");
        this.limit = limit;
    }

    /** Octets that would have been allowed. */
    public long limit() {
        return limit;
    }
}
