// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/** What is known of the authenticity of a DNS answer. A bogus answer is none of these: it is a failure. */
public enum Security {
    /** A validator that we trust proved all of it by DNSSEC: every alias on the way, and what was found at the end, or its absence. */
    SECURE,
    /** A validator that we trust said that the zone is not signed, or did not say that it is. */
    INSECURE,
    /** Nobody validated. */
    UNKNOWN
}
