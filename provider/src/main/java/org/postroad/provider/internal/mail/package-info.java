// SPDX-License-Identifier: Apache-2.0
/**
 * Jakarta glue: addresses in, exceptions and events out. The only room that knows {@code jakarta.mail}.
 *
 * <p>{@link org.postroad.provider.internal.mail.Recipients} reads and checks the caller's addresses,
 * {@link org.postroad.provider.internal.mail.Results} sorts a report into the arrays of Jakarta Mail, which hold the caller's own
 * objects in order, and {@link org.postroad.provider.internal.mail.SmtpTypes} knows the types of Angus Mail where they are visible.
 * {@link org.postroad.provider.internal.mail.FailureText} is what an exception says, {@link
 * org.postroad.provider.internal.mail.HeaderWarnings} what a report warns of, and {@link org.postroad.provider.internal.mail.DebugOutput}
 * what {@code mail.debug} shows.
 */
@NullMarked
package org.postroad.provider.internal.mail;

import org.jspecify.annotations.NullMarked;
