// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postroad.tck.catalogue.Feature;

/**
 * Common base of all suites. An implementer extends the suite of an interface with one class and one factory method, and can
 * override the methods below. Each test has an instance and a {@code TestFixtures} of its own, so tests can run concurrently.
 */
@TestInstance(TestInstance.Lifecycle.PER_METHOD)
@ExtendWith(TckExtension.class)
public abstract class Tck {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final TestFixtures bench = new TestFixtures();

    /** Only for the suites of this package. */
    Tck() {}

    /**
     * Returns the optional features of the implementation. Tests of declared features must pass; the others are skipped. The
     * default is none.
     */
    protected Set<Feature> features() {
        return Set.of();
    }

    /**
     * Returns the requirements that the implementation is known not to meet: an ID or the name of one test, with the reason.
     * Such a test still runs and must fail: a waiver that is no longer needed breaks the build. The default is none.
     */
    protected Map<String, String> waivers() {
        return Map.of();
    }

    /**
     * Returns the time limit of one test, after which the implementation counts as hanging. It is multiplied by the system
     * property {@code postroad.tck.patience}. The default is 20 seconds.
     */
    protected Duration timeLimit() {
        return PATIENCE;
    }

    /** Returns {@link #timeLimit} multiplied by the factor of this run. */
    final Duration wholePatience() {
        return timeOfThisRun(timeLimit());
    }

    /** Returns the time limit for one step of a test, so that the test ends before its own limit. */
    final Duration quarter() {
        return wholePatience().dividedBy(4);
    }

    /** Multiplies a waiting time by the factor of this run, for slow machines. */
    static Duration timeOfThisRun(Duration time) {
        return time.multipliedBy(Options.patienceFactor());
    }

    /** Returns the servers and the transcript of this test. */
    final TestFixtures bench() {
        return bench;
    }
}
