// SPDX-License-Identifier: Apache-2.0
/**
 * The extension points of Postroad. Each interface is small, states its rules for threads and blocking, and has a conformance
 * test suite in {@code postroad-spi-tests}.
 *
 * <p>The first implementation found is used, in this order: an object in the Session's properties, a class name there, a CDI
 * bean, {@link java.util.ServiceLoader}, the built-in default.
 */
@NullMarked
package org.postroad.spi;

import org.jspecify.annotations.NullMarked;
