// SPDX-License-Identifier: Apache-2.0
/**
 * Runs the conformance tests of {@code postroad-spi-tests} on the implementations of the provider, as any other implementer would: one
 * class for each implementation. A failure names the requirement; {@code spi-tests/REQUIREMENTS.md} lists all of them.
 */
@NullMarked
package org.postroad.provider.conformance;

import org.jspecify.annotations.NullMarked;
