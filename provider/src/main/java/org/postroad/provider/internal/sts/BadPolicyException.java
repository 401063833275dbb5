// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import java.io.IOException;

/** The content fetched is not a valid policy. */
final class BadPolicyException extends IOException {

    private static final long serialVersionUID = 1;

    /** @param cause its message is the human-readable reason */
    BadPolicyException(IllegalArgumentException cause) {
        super(cause.getMessage(), cause);
    }
}
