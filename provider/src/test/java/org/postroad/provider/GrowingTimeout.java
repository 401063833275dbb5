// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import java.time.Duration;

/**
 * Runs tests in which one peer never answers while others must answer within the same time-out. A short time-out makes the test fast, but a
 * busy machine may miss it. Therefore a failed test is repeated with more time before the failure counts.
 */
public final class GrowingTimeout {

    private static final int[] FACTORS = {1, 5, 25};

    private GrowingTimeout() {}

    /** A test that can be repeated from its beginning. */
    @FunctionalInterface
    public interface Body {
        void run(Duration timeout) throws Exception;
    }

    /** Runs the test with this time-out and, after a failure, with longer ones. Throws the last failure. */
    public static void of(Duration shortest, Body body) throws Exception {
        for (int i = 0; i < FACTORS.length; i++) {
            Duration timeout = shortest.multipliedBy(FACTORS[i]);
            try {
                body.run(timeout);
                return;
            } catch (AssertionError e) {
                if (i == FACTORS.length - 1) {
                    throw e;
                }
                System.out.println("Not with a time-out of " + timeout + ", so with a longer one: " + e.getMessage());
            }
        }
    }
}
