// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.trial;

import org.postroad.samples.benchmarks.report.Findings;

/** One question that is answered by measuring. */
public interface Trial {

    Findings run(Budget budget) throws Exception;
}
