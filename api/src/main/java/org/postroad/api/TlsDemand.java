// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/** What a message says of TLS on its way (RFC 8689). */
public enum TlsDemand {
    /** REQUIRETLS: it is rather not delivered than without authenticated TLS, all the way. */
    REQUIRED,
    /** Nothing: what destinations publish decides. */
    NONE,
    /** {@code TLS-Required: No}: it is rather delivered than protected. */
    WAIVED
}
