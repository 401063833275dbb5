// SPDX-License-Identifier: Apache-2.0
/**
 * Counts how often an idle queue accesses its database. In the package of the provider because the types of the queue are not
 * public.
 */
@NullMarked
package org.postroad.provider.internal.queue;

import org.jspecify.annotations.NullMarked;
