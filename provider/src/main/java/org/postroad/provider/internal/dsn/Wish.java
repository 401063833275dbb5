// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

/** When the sender requests a notice about a recipient: NOTIFY (RFC 3461 §4.1). */
public enum Wish {
    NEVER,
    SUCCESS,
    FAILURE,
    DELAY
}
