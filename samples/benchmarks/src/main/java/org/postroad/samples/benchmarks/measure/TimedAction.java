// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.measure;

/** Something that can be repeated and timed. */
@FunctionalInterface
public interface TimedAction {

    /** Does it this number of times, and returns the milliseconds for one time. */
    double round(int times) throws Exception;
}
