// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.jakarta;

/** Signals that there is no usable reverse-path. */
public final class BadSenderException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String reason;

    /** @param reason human-readable, without control characters */
    public BadSenderException(String reason) {
        super(reason);
        this.reason = reason;
    }

    public String reason() {
        return reason;
    }
}
