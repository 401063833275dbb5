// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import java.time.Duration;

/**
 * For tests in which somebody is waited for in vain, while others must answer within the same time-out. A short one makes the test quick,
 * and a busy machine misses it: so the test gets more time before its failure counts.
 */
public final class Haste {

    private static final int[] FACTORS = {1, 5, 25};

    private Haste() {}

    /** A test that begins anew each time. */
    @FunctionalInterface
    public interface Body {
        void run(Duration timeout) throws Exception;
    }

    /** Runs the test with that time-out, and if need be with longer ones; the last failure is the test's. */
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
