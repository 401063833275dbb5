// SPDX-License-Identifier: Apache-2.0
/**
 * JMH benchmark of the algorithm, {@code MxRouting}. In the package of the provider because its types are not public.
 */
@NullMarked
package org.postroad.provider.internal.route;

import org.jspecify.annotations.NullMarked;
