// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.config;

import org.jspecify.annotations.Nullable;

/** Signals that settings cannot be used. The message is complete: it names the property, what is wrong, and what is allowed. */
public final class SettingsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SettingsException(String message) {
        super(message);
    }

    public SettingsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
