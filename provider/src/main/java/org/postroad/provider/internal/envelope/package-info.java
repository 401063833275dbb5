// SPDX-License-Identifier: Apache-2.0
/**
 * The envelope of a message: what the transport builds, the queue stores, SMTP sends and notices repeat.
 *
 * <p>Start with {@link org.postroad.provider.internal.envelope.Envelope}: sender, recipients, and the DSN parameters of RFC 3461, which are
 * {@link org.postroad.provider.internal.envelope.Notify}, {@link org.postroad.provider.internal.envelope.Returned} and the envelope id.
 * {@link org.postroad.provider.internal.envelope.MessageId} is a Message-ID that notices may cite.
 *
 * <p>Every package may use this one; it uses only the API. Never here: IO, clocks, threads, logging, and the syntax of SMTP commands. All
 * types are immutable.
 */
@NullMarked
package org.postroad.provider.internal.envelope;

import org.jspecify.annotations.NullMarked;
