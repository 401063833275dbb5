// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

/** What to do about STARTTLS (RFC 3207). */
public enum StartTls {
    /** Never. */
    DISABLED,
    /** Where offered; after a failed handshake once again without, unless somebody wants that not. */
    OPPORTUNISTIC,
    /** Or else the next host. */
    REQUIRED
}
