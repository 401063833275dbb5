// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

/** How much of the message comes back with a notice: RET (RFC 3461 §4.3). */
public enum Returned {
    FULL,
    HEADERS
}
