// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/**
 * The protection of one connection.
 *
 * @param level what was reached
 * @param detail protocol and cipher suite, or why there is no TLS; for people, cleaned
 */
public record TlsSummary(Level level, String detail) {

    /** No TLS was tried. */
    public static final TlsSummary NONE = new TlsSummary(Level.NONE, "no TLS");

    /** From weak to strong. */
    public enum Level {
        /** Plaintext. */
        NONE,
        /** Encrypted, nobody authenticated (RFC 7435). */
        OPPORTUNISTIC,
        /** Encrypted, and the certificate verified for the host's name. */
        VERIFIED
    }

    @Override
    public String toString() {
        return level == Level.NONE ? detail : level.name().toLowerCase(java.util.Locale.ROOT) + " " + detail;
    }
}
