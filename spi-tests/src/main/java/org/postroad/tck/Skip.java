// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import org.opentest4j.TestAbortedException;

/** A test that says nothing about the implementation, and why. */
public final class Skip extends TestAbortedException {

    private static final long serialVersionUID = 1L;

    /** The ways in which a test can be skipped. */
    public enum Kind {
        /** The implementation does not declare the feature, or states nothing to compare with. */
        NOT_DECLARED,
        /** It failed, as the waiver says. */
        WAIVED,
        /** It failed a SHOULD, and the run asks for MUST only. */
        RELAXED,
        /** The machine has no IPv6, and the run was told so. */
        NO_IPV6,
        /** This machine cannot show it: it has no address besides loopback, or no second one on it, or every host answers. */
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
