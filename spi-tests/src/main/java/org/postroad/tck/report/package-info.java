// SPDX-License-Identifier: Apache-2.0
/**
 * The conformance report: {@link org.postroad.tck.report.ConformanceListener} receives the result of every test, creates a
 * {@code Conformance} for each implementer's class, and writes it as HTML (one file, usable offline), Markdown and JUnit's XML.
 */
@NullMarked
package org.postroad.tck.report;

import org.jspecify.annotations.NullMarked;
