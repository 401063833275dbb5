// SPDX-License-Identifier: Apache-2.0
/**
 * The conformance report: {@link org.postroad.tck.report.ConformanceListener} hears of every test, makes a {@code Conformance} of each
 * implementer's class, and has it written as HTML (one file, opens offline), Markdown and JUnit's XML.
 */
@NullMarked
package org.postroad.tck.report;

import org.jspecify.annotations.NullMarked;
