// SPDX-License-Identifier: Apache-2.0
/**
 * What others may replace. Each interface is small, says which threads call it and whether it may block, and has a test
 * suite in {@code postroad-spi-tests}.
 *
 * <p>An implementation is found in this order, first hit wins: an object in the Session's properties, a class name there, a
 * CDI bean, {@link java.util.ServiceLoader}, the built-in default.
 */
@NullMarked
package org.postroad.spi;

import org.jspecify.annotations.NullMarked;
