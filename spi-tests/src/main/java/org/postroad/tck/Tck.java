// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postroad.tck.catalogue.Feature;

/**
 * What all suites have in common: an implementer extends the suite of an interface with one class and one factory method, and may
 * override the knobs below. Each test has an instance and a bench of its own, so tests may run at once.
 */
@TestInstance(TestInstance.Lifecycle.PER_METHOD)
@ExtendWith(TckExtension.class)
public abstract class Tck {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Bench bench = new Bench();

    /** For the suites of this package. */
    Tck() {}

    /** The optional features of the implementation. What is declared must pass; the rest is skipped. None, unless overridden. */
    protected Set<Feature> features() {
        return Set.of();
    }

    /**
     * What the implementation is known not to meet: a requirement's ID, or the name of one test, and the reason. Such a test still runs,
     * and must fail: a waiver that is not needed any more breaks the build. None, unless overridden.
     */
    protected Map<String, String> waivers() {
        return Map.of();
    }

    /**
     * How long one test may take before the implementation counts as hanging; multiplied by the system property
     * {@code postroad.tck.patience}. 20 seconds, unless overridden.
     */
    protected Duration patience() {
        return PATIENCE;
    }

    /** {@link #patience} with the factor of this run. */
    final Duration wholePatience() {
        return timeOfThisRun(patience());
    }

    /** What one step of a test may take, so that the test ends by itself. */
    final Duration quarter() {
        return wholePatience().dividedBy(4);
    }

    /** A wait, with the factor of this run: more on slow machines. */
    static Duration timeOfThisRun(Duration time) {
        return time.multipliedBy(Options.patienceFactor());
    }

    /** The servers and the transcript of this test. */
    final Bench bench() {
        return bench;
    }
}
