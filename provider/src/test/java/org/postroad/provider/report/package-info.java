// SPDX-License-Identifier: Apache-2.0
/** Tests of what reports say, in words and as JSON, and of the pages about it: {@code REPORT.md} and {@code WHY.md}. */
@NullMarked
package org.postroad.provider.report;

import org.jspecify.annotations.NullMarked;
