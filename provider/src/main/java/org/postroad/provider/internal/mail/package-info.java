// SPDX-License-Identifier: Apache-2.0
/**
 * Jakarta glue: addresses in, exceptions and events out. The only room that knows {@code jakarta.mail}.
 *
 * <p>{@link org.postroad.provider.internal.mail.Recipients} reads and checks the caller's addresses,
 * {@link org.postroad.provider.internal.mail.Failures} turns a report into the exception and its arrays, which hold the caller's own
 * objects in order.
 */
@NullMarked
package org.postroad.provider.internal.mail;

import org.jspecify.annotations.NullMarked;
