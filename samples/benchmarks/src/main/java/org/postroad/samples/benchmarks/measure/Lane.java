// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.measure;

/** Something that can be done again and again, and timed. */
@FunctionalInterface
public interface Lane {

    /** Does it so many times, and says how many milliseconds one time took. */
    double round(int times) throws Exception;
}
