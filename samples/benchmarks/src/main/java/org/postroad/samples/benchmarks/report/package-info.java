// SPDX-License-Identifier: Apache-2.0
/**
 * The output: {@link org.postroad.samples.benchmarks.report.Findings} of each trial, as Markdown tables on the console and in
 * {@code BENCHMARKS.md} ({@link org.postroad.samples.benchmarks.report.Page}), and as
 * {@link org.postroad.samples.benchmarks.report.Plot}.
 */
@NullMarked
package org.postroad.samples.benchmarks.report;

import org.jspecify.annotations.NullMarked;
