// SPDX-License-Identifier: Apache-2.0
/**
 * Delivery status notifications: what a sender hears of mail that failed, is late, or was passed on out of sight (RFC 3461, 3464, 6522,
 * 6533).
 *
 * <ol>
 *   <li>{@link org.postroad.provider.internal.dsn.NoticeRules#isDue} says for each recipient whether there is anything to tell, from
 *       what happened ({@link org.postroad.provider.internal.dsn.Event}) and what was wished ({@link
 *       org.postroad.provider.internal.dsn.Wish}, RFC 3461 §4.1);
 *   <li>the caller makes a {@link org.postroad.provider.internal.dsn.DeliveryNotice} of those for whom there is: one for each message
 *       and event, which lists every recipient concerned with its whole history;
 *   <li>{@link org.postroad.provider.internal.dsn.NoticeWriter#write} writes it as a message in three parts: {@code HumanText}, in which
 *       {@code Explanation} puts the status in words; {@code StatusReport}, the same for programs; {@code OriginalPart}, the message
 *       itself, its header or nothing, as {@link org.postroad.provider.internal.dsn.NoticeRules#returned} and the caller say;
 *   <li>the caller sends that from the null sender to {@link org.postroad.provider.internal.dsn.DeliveryNotice#addressee}, like any other
 *       message, but with NOTIFY=NEVER and without RET and ENVID (RFC 3461 §6.2).
 * </ol>
 *
 * <p>On the wire a notice is ASCII, with two exceptions: an 8-bit body that comes back as it was, in a message/rfc822, which cannot
 * be encoded; and mail to an address beyond ASCII, where SMTPUTF8 is needed anyway. {@code Form} decides and says why.
 *
 * <p>Whatever a server, an address or a subject says is cleaned or encoded before it is shown; {@code Fields} lets no control character
 * into a header. No line that is written here has more than 998 octets.
 *
 * <p>It never reports on mail from the null sender, never reports {@code delivered}, and never adds to or changes the message that
 * comes back, but that overlong lines of a header alone are folded. Never here: a clock, chance, a socket, a thread, Jakarta Mail.
 * The time, the boundary and the Message-ID come in as {@link org.postroad.provider.internal.dsn.NoticeStamp}.
 *
 * <p>Limits: {@link org.postroad.provider.internal.dsn.NoticeRules#MAX_FULL}, {@code OriginalPart.MAX_HEADER}, {@code
 * ReplyText.MAX_LINES}, {@code HumanText.MAX_HISTORY}, {@code Words.MAX_WORD}, {@link
 * org.postroad.provider.internal.dsn.MessageId#MAX_LENGTH}. Number and text of recipients are those of the message; they are held in
 * memory while a notice is written, the message that comes back is not.
 *
 * <p>Threads: everything is immutable or without state; a notice is written on the thread of the caller.
 */
@NullMarked
package org.postroad.provider.internal.dsn;

import org.jspecify.annotations.NullMarked;
