// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

/** How STARTTLS is used (RFC 3207). */
public enum StartTls {
    /** STARTTLS is never used. */
    DISABLED,
    /** STARTTLS is used if offered. After a failed handshake, mail is sent without TLS unless that is forbidden. */
    OPPORTUNISTIC,
    /** Without STARTTLS, the next host is tried. */
    REQUIRED
}
