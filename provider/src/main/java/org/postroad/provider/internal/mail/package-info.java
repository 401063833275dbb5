// SPDX-License-Identifier: Apache-2.0
/**
 * Adapter between Jakarta Mail and the engine: reads addresses, and builds exceptions and texts. The only internal package that uses {@code
 * jakarta.mail}.
 *
 * <p>{@link org.postroad.provider.internal.mail.Recipients} reads and checks the caller's addresses, {@link
 * org.postroad.provider.internal.mail.Results} sorts a report into the arrays of Jakarta Mail, which contain the caller's own objects in
 * order, and {@link org.postroad.provider.internal.mail.SmtpTypes} handles the types of Angus Mail if they are available. {@link
 * org.postroad.provider.internal.mail.FailureText} builds the message of an exception, {@link
 * org.postroad.provider.internal.mail.HeaderWarnings} the warnings of a report, and {@link org.postroad.provider.internal.mail.DebugOutput}
 * the output of {@code mail.debug}.
 */
@NullMarked
package org.postroad.provider.internal.mail;

import org.jspecify.annotations.NullMarked;
