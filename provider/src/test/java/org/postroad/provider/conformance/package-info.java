// SPDX-License-Identifier: Apache-2.0
/** The provider's own implementations under the conformance tests of {@code postroad-spi-tests}, as anybody else's. */
@NullMarked
package org.postroad.provider.conformance;

import org.jspecify.annotations.NullMarked;
