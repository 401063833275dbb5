// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import org.opentest4j.TestAbortedException;

/** A test without a result for the implementation, with the reason. */
public final class Skip extends TestAbortedException {

    private static final long serialVersionUID = 1L;

    /** The reasons for skipping a test. */
    public enum Kind {
        /** The implementation does not declare the feature, or provides nothing to compare with. */
        NOT_DECLARED,
        /** The test failed, as its waiver states. */
        WAIVED,
        /** A SHOULD or MAY is not met, and the run requires only MUST. */
        RELAXED,
        /** The machine has no IPv6, and the run declares that. */
        NO_IPV6,
        /**
         * The test is not possible on this machine: it has no address except loopback, or no second loopback address, or full
         * backlogs do not make ports silent.
         */
        NOT_ON_THIS_SYSTEM
    }

    private final Kind kind;

    Skip(Kind kind, String reason) {
        super(reason);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
