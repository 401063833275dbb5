// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/**
 * The MTA-STS result for a recipient domain (RFC 8461). The DNS lookup that started it is among the report's lookups.
 *
 * @param kind what applies to the domain
 * @param detail human-readable: the content of the policy, or why it is not available; cleaned
 */
public record MtaStsResult(Kind kind, String detail) {

    /** What applies to the domain. */
    public enum Kind {
        /** No policy is announced, or its mode is "none". */
        NONE("none"),
        /** A policy in mode "testing": it does not change delivery, but violations are reported. */
        TESTING("testing"),
        /** A policy in mode "enforce". */
        ENFORCE("enforce"),
        /** A policy is announced but cannot be fetched, and none is cached: treated like no policy (RFC 8461 §5.1). */
        UNAVAILABLE("announced, but could not be fetched");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** {@return the human-readable form} */
        @Override
        public String toString() {
            return text;
        }
    }

    public MtaStsResult {
        detail = Printable.clean(detail);
    }

    /** {@return {@code enforce: mx.example.org, *.example.net (id 20240101)}} */
    @Override
    public String toString() {
        return kind + (detail.isEmpty() ? "" : ": " + detail);
    }
}
