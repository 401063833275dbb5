// SPDX-License-Identifier: Apache-2.0
/**
 * Measures the transport: {@link org.postroad.samples.benchmarks.Benchmarks} runs the trials of package {@code trial}. They
 * compare the clients of package {@code client}, using package {@code measure}, with the servers of package {@code wire}.
 * Package {@code report} formats the results.
 */
@NullMarked
package org.postroad.samples.benchmarks;

import org.jspecify.annotations.NullMarked;
