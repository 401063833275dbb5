// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/** The TLS requirement of a message (RFC 8689). */
public enum TlsDemand {
    /** REQUIRETLS: the message must not be delivered without authenticated TLS on every hop. */
    REQUIRED,
    /** No requirement: the policies published by the destinations apply. */
    NONE,
    /** {@code TLS-Required: No}: delivery has priority over protection. */
    WAIVED
}
