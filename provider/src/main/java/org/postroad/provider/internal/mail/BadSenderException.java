// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.mail;

/** There is no reverse-path that mail can be sent with. */
public final class BadSenderException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String reason;

    /** @param reason human-readable, cleaned */
    public BadSenderException(String reason) {
        super(reason);
        this.reason = reason;
    }

    public String reason() {
        return reason;
    }
}
