// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/**
 * What MTA-STS came to for a recipient domain (RFC 8461). The question to DNS that it began with is among the report's lookups.
 *
 * @param kind what holds
 * @param detail human-readable: what the policy says, or why it could not be had; cleaned
 */
public record MtaStsResult(Kind kind, String detail) {

    /** What holds for the domain. */
    public enum Kind {
        /** No policy is announced, or its mode is none. */
        NONE("none"),
        /** A policy in mode testing: it changes nothing, and is reported. */
        TESTING("testing"),
        /** A policy in mode enforce. */
        ENFORCE("enforce"),
        /** A policy is announced and cannot be had, and none is kept from before: as good as none (RFC 8461 §5.1). */
        UNAVAILABLE("announced, but could not be fetched");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** Human-readable. */
        @Override
        public String toString() {
            return text;
        }
    }

    public MtaStsResult {
        detail = Printable.clean(detail);
    }

    /** {@code enforce: mx.example.org, *.example.net (id 20240101)}. */
    @Override
    public String toString() {
        return kind + (detail.isEmpty() ? "" : ": " + detail);
    }
}
