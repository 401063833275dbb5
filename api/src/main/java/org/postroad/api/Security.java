// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/**
 * The authenticity of a DNS answer, or of one alias of it. A bogus answer has none of these values: it is a
 * {@link DnsAnswer.Failed}.
 */
public enum Security {
    /**
     * A trusted validator proved it by DNSSEC. For an answer this means all of it: every alias of the chain, and the records at
     * its end or their absence.
     */
    SECURE,
    /**
     * A trusted validator stated that the zone is not signed, or did not state that the answer is authentic. An alias has this
     * value only if the statement is about that alias alone.
     */
    INSECURE,
    /**
     * No trusted validator was involved. An alias also has this value if the validator stated only that some part of the answer
     * is not authentic.
     */
    UNKNOWN;

    /**
     * {@return the weaker of the two values: the security of two parts taken together} {@link #INSECURE} is weaker than
     * {@link #UNKNOWN}, which is weaker than {@link #SECURE}.
     */
    public Security weaker(Security other) {
        if (this == INSECURE || other == INSECURE) {
            return INSECURE;
        }
        return this == UNKNOWN || other == UNKNOWN ? UNKNOWN : SECURE;
    }
}
