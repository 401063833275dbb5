// SPDX-License-Identifier: Apache-2.0
/**
 * Adapter between Jakarta Mail and the engine: reads addresses, and builds exceptions and texts. The only internal package that uses {@code
 * jakarta.mail}.
 *
 * <p>{@link org.postroad.provider.internal.jakarta.Recipients} reads and checks the caller's addresses, {@link
 * org.postroad.provider.internal.jakarta.Results} sorts a report into the arrays of Jakarta Mail, which contain the caller's own objects in
 * order, and {@link org.postroad.provider.internal.jakarta.AvailableTypes} chooses the types of Angus Mail if they are available. {@link
 * org.postroad.provider.internal.jakarta.FailureText} builds the message of an exception, {@link
 * org.postroad.provider.internal.jakarta.HeaderWarnings} the warnings of a report, and
 * {@link org.postroad.provider.internal.jakarta.DebugOutput} the output of {@code mail.debug}.
 */
@NullMarked
package org.postroad.provider.internal.jakarta;

import org.jspecify.annotations.NullMarked;
