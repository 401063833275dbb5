// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/** The authenticity of a DNS answer. A bogus answer has none of these values: it is a {@link DnsAnswer.Failed}. */
public enum Security {
    /**
     * A trusted validator proved the whole answer by DNSSEC: every alias of the chain, and the records at its end or their
     * absence.
     */
    SECURE,
    /** A trusted validator stated that the zone is not signed, or did not state that the answer is authentic. */
    INSECURE,
    /** No trusted validator was involved. */
    UNKNOWN
}
