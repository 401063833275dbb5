// SPDX-License-Identifier: Apache-2.0
/**
 * Speaks SMTP with one server (RFC 5321), as a client: a dialogue without sockets and a blocking shell around it.
 *
 * <ol>
 *   <li>{@link org.postroad.provider.internal.smtp.SmtpSession#open}: greeting, EHLO, or HELO where EHLO is refused;
 *   <li>{@link org.postroad.provider.internal.smtp.SmtpSession#startTls}: STARTTLS (RFC 3207); nothing read before the handshake
 *       survives it, and EHLO is asked again;
 *   <li>{@link org.postroad.provider.internal.smtp.SmtpSession#send}: one transaction, one outcome for each recipient; again and
 *       again on the same session;
 *   <li>{@link org.postroad.provider.internal.smtp.SmtpSession#quit} or {@code close}.
 * </ol>
 *
 * <p>{@code Shell} does what the dialogues say, on a {@code Wire}, where the {@link
 * org.postroad.provider.internal.smtp.Watchdog} ends every wait that lasts too long.
 *
 * <p>With PIPELINING (RFC 2920) the commands of a transaction go in one flight, bounded, and the message in a second one; with CHUNKING
 * (RFC 3030) too, a message that is not big goes along with its commands. A flight is one write.
 *
 * <p>A refusal that speaks of how a command was said is no verdict: it is said once more on the same connection, on its own or without
 * parameters ({@link org.postroad.provider.internal.smtp.Repetition}). A reply in bad form that comes after the end of data is a verdict
 * where it accepts or refuses plainly.
 *
 * <p>What was sent in AUTH is taken out of all that the server says, in {@code Shell}, before it is logged or kept ({@code Secrets}); only a
 * challenge reaches the SASL exchange as it came.
 *
 * <p>A session may outlast a send: {@code rest} lets go of what belonged to that, and {@code passTo} makes it part of the next,
 * which looks whether the server is still there before it says anything.
 *
 * <p>What an outcome means is not decided here: room {@code route} does. Here it is only said what the server said. Never here:
 * DNS, TLS itself, Jakarta Mail. No control character enters a command, no bare CR or LF leaves, every wait is finite, and what a
 * server sends is bounded (RFC 2034, 3461, 6152, 1870, 6531, 9422 are read in {@link
 * org.postroad.provider.internal.smtp.Extensions}).
 *
 * <p>A session belongs to one thread at a time; {@code close} may come from any.
 */
@NullMarked
package org.postroad.provider.internal.smtp;

import org.jspecify.annotations.NullMarked;
