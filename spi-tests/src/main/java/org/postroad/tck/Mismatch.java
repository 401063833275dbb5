// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

/** An expectation that was not met, not yet assigned to a requirement. */
final class Mismatch extends AssertionError {

    private static final long serialVersionUID = 1L;

    private final String expected;
    private final String observed;
    private final String lookAt;

    Mismatch(String expected, String observed, String lookAt) {
        super("expected " + expected + ", observed " + observed);
        this.expected = expected;
        this.observed = observed;
        this.lookAt = lookAt;
    }

    String expected() {
        return expected;
    }

    String observed() {
        return observed;
    }

    String lookAt() {
        return lookAt;
    }
}
