// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.IOException;

/**
 * The message has octets that SMTP cannot carry, and nothing may be changed where they are: 5.6.3.
 */
public final class UnsendableMessageException extends IOException {

    private static final long serialVersionUID = 1;

    private final String reason;

    UnsendableMessageException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** Human-readable, without final period. */
    public String reason() {
        return reason;
    }
}
