// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.jakarta;

import jakarta.mail.MessagingException;
import org.jspecify.annotations.Nullable;

/**
 * A failure whose message includes what its cause says. It prints as one text: that of Jakarta Mail repeats the cause, and frameworks copy it
 * into their own.
 */
public final class ExplainedException extends MessagingException {

    private static final long serialVersionUID = 1L;

    private final @Nullable String text;

    /** @param message complete without the cause */
    public ExplainedException(@Nullable String message, Exception cause) {
        super(message, cause);
        this.text = message;
    }

    /** Returns the text without that of the cause, which Geronimo Mail adds. */
    @Override
    public @Nullable String getMessage() {
        return text;
    }

    @Override
    @SuppressWarnings("OverrideThrowableToString") // MessagingException does so
    public String toString() {
        return MessagingException.class.getName() + ": " + getMessage();
    }
}
