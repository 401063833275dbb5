// SPDX-License-Identifier: Apache-2.0
/**
 * The log of deliveries: {@link org.postroad.provider.internal.log.DeliveryLog} writes one line for each recipient at the end of each
 * attempt, to the logger {@code org.postroad.delivery}. The transport writes the lines of direct sends, the queue those of queued mail.
 * Sees only the API. Thread-safe.
 */
@NullMarked
package org.postroad.provider.internal.log;

import org.jspecify.annotations.NullMarked;
