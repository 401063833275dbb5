// SPDX-License-Identifier: Apache-2.0
/**
 * SMTP client (RFC 5321) for one server: dialogues without sockets, and a blocking runner that performs them.
 *
 * <ol>
 *   <li>{@link org.postroad.provider.internal.smtp.SmtpSession#open}: greeting and EHLO, or HELO if EHLO is refused;
 *   <li>{@link org.postroad.provider.internal.smtp.SmtpSession#startTls}: STARTTLS (RFC 3207); everything read before the handshake
 *       is discarded, and EHLO is sent again;
 *   <li>{@link org.postroad.provider.internal.smtp.SmtpSession#send}: one transaction with one outcome for each recipient; may be
 *       repeated on the same session;
 *   <li>{@link org.postroad.provider.internal.smtp.SmtpSession#quit} or {@code close}.
 * </ol>
 *
 * <p>{@code DialogueRunner} runs the dialogues on a {@code SmtpConnection}; the {@link org.postroad.provider.internal.smtp.Watchdog}
 * closes the connection when a wait lasts too long.
 *
 * <p>Order of reading: {@code SmtpSession}, {@code SmtpDialogue}, {@code HelloDialogue} as the simplest dialogue, {@code DialogueRunner},
 * then {@code TransactionDialogue} with {@code ExtensionCheck} (whether the message suits the server), {@code CommandForm} (in which form
 * commands are sent) and {@code TransactionRecipients} (who was accepted).
 *
 * <p>With PIPELINING (RFC 2920) the commands of a transaction are sent in one command group of limited size, and the message in a second
 * one; with CHUNKING (RFC 3030) too, a small message is sent along with its commands. A command group is one write.
 *
 * <p>A refusal that concerns the form of a command is not final: the command is repeated on the same connection, on its own or without its
 * optional parameters, each at most once ({@link org.postroad.provider.internal.smtp.RepetitionRules}). A malformed reply after the end of
 * data is final if it plainly accepts or refuses.
 *
 * <p>What was sent in AUTH is removed from everything the server sends, in {@code DialogueRunner}, before it is logged or stored
 * ({@code Secrets}); only the SASL exchange receives challenges unredacted.
 *
 * <p>A session may outlive a send: {@code checkIn} detaches it from the send, and {@code checkOut} attaches it to the next one, which
 * checks whether the server is still connected before it sends anything.
 *
 * <p>This package reports what the server replied; the {@code route} package decides what it means. Never here: DNS, TLS itself, Jakarta
 * Mail. No command contains a control character, no bare CR or LF is sent, every wait is limited, and so is the size of everything a server
 * sends. {@link org.postroad.provider.internal.smtp.Extensions} reads the keywords of RFC 2034, 3461, 6152, 1870, 6531 and 9422.
 *
 * <p>A session may be used by one thread at a time; {@code close} may be called by any thread.
 */
@NullMarked
package org.postroad.provider.internal.smtp;

import org.jspecify.annotations.NullMarked;
