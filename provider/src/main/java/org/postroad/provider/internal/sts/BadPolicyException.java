// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import java.io.IOException;

/** What was fetched is no policy. */
final class BadPolicyException extends IOException {

    private static final long serialVersionUID = 1;

    /** @param cause says why, for people */
    BadPolicyException(IllegalArgumentException cause) {
        super(cause.getMessage(), cause);
    }
}
