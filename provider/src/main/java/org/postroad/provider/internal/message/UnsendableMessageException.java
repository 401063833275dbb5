// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.IOException;

/** The message has octets that SMTP cannot carry, in a place that must not be changed: 5.6.3. */
public final class UnsendableMessageException extends IOException {

    private static final long serialVersionUID = 1;

    private final String reason;

    UnsendableMessageException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** Returns the reason, human-readable, without final period. */
    public String reason() {
        return reason;
    }
}
