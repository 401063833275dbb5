// SPDX-License-Identifier: Apache-2.0
/**
 * What fuzz tests share. Those themselves, named {@code ...Fuzz}, are where the tests of their subject are.
 *
 * <p>Each has its seeds below {@code src/test/resources}, one input a file, in {@code <class>Inputs/<method>}; what the fuzzer finds is
 * put there too, and stays as a test. What it learns on the way is kept in {@code .cifuzz-corpus}, which is nobody's but the machine's.
 */
@NullMarked
package org.postroad.provider.fuzz;

import org.jspecify.annotations.NullMarked;
