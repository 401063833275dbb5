// SPDX-License-Identifier: Apache-2.0
/**
 * The measurements: each {@link org.postroad.samples.benchmarks.trial.Trial} is a section of the page and decides some of the
 * {@link org.postroad.samples.benchmarks.trial.Targets}.
 */
@NullMarked
package org.postroad.samples.benchmarks.trial;

import org.jspecify.annotations.NullMarked;
