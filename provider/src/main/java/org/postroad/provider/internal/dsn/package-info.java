// SPDX-License-Identifier: Apache-2.0
/**
 * Delivery status notifications: inform the sender that a message failed, is delayed, or was passed to a server that sends no notices (RFC
 * 3461, 3464, 6522, 6533).
 *
 * <ol>
 *   <li>{@link org.postroad.provider.internal.dsn.NoticeRules#isDue} decides for each recipient whether a notice is due, from what happened
 *       ({@link org.postroad.provider.internal.dsn.Event}) and what the sender requested
 *       ({@link org.postroad.provider.internal.envelope.Notify}, RFC 3461 §4.1).
 *   <li>The caller creates a {@link org.postroad.provider.internal.dsn.DeliveryNotice} for these recipients: one per message and event,
 *       which lists every recipient concerned with its whole history.
 *   <li>{@link org.postroad.provider.internal.dsn.NoticeWriter#write} writes it as a message in three parts: {@code HumanText}, in which
 *       {@code Explanation} explains the status in words; {@code StatusReport}, the machine-readable equivalent; {@code OriginalPart}, the
 *       message itself, its header or nothing, as decided by {@link org.postroad.provider.internal.dsn.NoticeRules#returned} and the
 *       caller.
 *   <li>The caller sends the notice from the null sender to {@link org.postroad.provider.internal.dsn.DeliveryNotice#addressee}, like any
 *       other message, but with NOTIFY=NEVER and without RET and ENVID (RFC 3461 §6.2).
 * </ol>
 *
 * <p>On the wire a notice is ASCII, with two exceptions: a returned 8-bit body, because a message/rfc822 must not be encoded; and a notice
 * to a non-ASCII address, which needs SMTPUTF8 anyway. {@code PreparedMessage} makes this decision and gives the reasons.
 *
 * <p>Text from servers, addresses and subjects is cleaned or encoded before it is shown. {@code Fields} rejects control characters in a
 * header. No line written here has more than 998 octets.
 *
 * <p>This package never sends a notice to the null sender, never reports {@code delivered}, and never changes the returned message, except
 * that overlong lines are folded when only the header is returned. Never here: a clock, randomness, a socket, a thread, Jakarta Mail. The
 * caller supplies the time, the boundary and the Message-ID as {@link org.postroad.provider.internal.dsn.NoticeStamp}.
 *
 * <p>Limits: {@link org.postroad.provider.internal.dsn.NoticeRules#MAX_FULL}, {@code OriginalPart.MAX_HEADER}, {@code ReplyText.MAX_LINES},
 * {@code StatusReport.MAX_REPLIES}, {@code HumanText.MAX_HISTORY}, {@code MAX_ADDRESSES}, {@code MAX_SECTION},
 * {@code LineFolding.MAX_WORD}, {@link org.postroad.provider.internal.envelope.MessageId#MAX_LENGTH}. The number of recipients is limited
 * only by the message. Recipients and their texts are held in memory while a notice is written, the returned message is not.
 *
 * <p>Threads: all types are immutable or stateless; a notice is written on the caller's thread.
 */
@NullMarked
package org.postroad.provider.internal.dsn;

import org.jspecify.annotations.NullMarked;
