// SPDX-License-Identifier: Apache-2.0
/**
 * JMH benchmarks of the reply parser and of dot stuffing. In the package of the provider because their types are not public.
 */
@NullMarked
package org.postroad.provider.internal.smtp;

import org.jspecify.annotations.NullMarked;
