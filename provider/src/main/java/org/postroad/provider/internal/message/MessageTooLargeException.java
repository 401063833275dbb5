// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.IOException;

/** The message or its header exceeds a size limit. */
public final class MessageTooLargeException extends IOException {

    private static final long serialVersionUID = 1;

    private final long limit;

    MessageTooLargeException(String what, long limit) {
        super(what + " is larger than " + limit + " octets");
        this.limit = limit;
    }

    /** Returns the limit in octets. */
    public long limit() {
        return limit;
    }
}
