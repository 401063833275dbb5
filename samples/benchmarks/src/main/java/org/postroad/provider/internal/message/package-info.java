// SPDX-License-Identifier: Apache-2.0
/**
 * JMH benchmark of the conversion of line ends. In the package of the provider because its types are not public.
 */
@NullMarked
package org.postroad.provider.internal.message;

import org.jspecify.annotations.NullMarked;
