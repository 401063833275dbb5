// SPDX-License-Identifier: Apache-2.0
/**
 * What fuzz tests share. The tests themselves, named {@code ...Fuzz}, are in the packages of their subjects.
 *
 * <p>The seeds are below {@code src/test/resources}, one file for each input, in {@code <class>Inputs/<method>}. The fuzzer writes its
 * findings there too; they stay as tests. What it learns otherwise is kept in {@code .cifuzz-corpus}, which is not committed.
 */
@NullMarked
package org.postroad.provider.fuzz;

import org.jspecify.annotations.NullMarked;
