// SPDX-License-Identifier: Apache-2.0
/**
 * The spool of one message: written once, then read any number of times in exactly the form that goes over the wire.
 *
 * <ol>
 *   <li>{@link org.postroad.provider.internal.message.MessageSpool#write} lets a {@link
 *       org.postroad.provider.internal.message.ContentWriter} write the message through {@code CanonicalLines} (every line ends
 *       in CRLF, RFC 5321 §2.3.8) and {@code HeaderFilter} (Bcc and its like go, Date and Message-ID come where missing, RFC
 *       5322 §3.6) into a {@code SpoolOutput}: memory up to a threshold, then a private temporary file.
 *   <li>On the way {@code MimeScanner} follows the MIME structure (RFC 2045, 2046) line by line and {@code FactsMeter} takes
 *       down what the dialogue has to know: {@link org.postroad.provider.internal.message.MessageFacts}.
 *   <li>The {@link org.postroad.provider.internal.message.SpooledMessage} is read by as many senders as there are; size and
 *       facts are those of the spool, so a source that changes afterwards changes nothing.
 *   <li>For a remote MTA without 8BITMIME, {@link org.postroad.provider.internal.message.SevenBit#convert} makes a second
 *       spool: {@code SevenBitPlan} looks (may and must a part change?), {@code SevenBitRewriter} writes.
 *   <li>Closing a spooled message removes its file.
 * </ol>
 *
 * <p>It never holds a whole message beyond the threshold in memory, never stuffs dots (that is the DATA sender's, RFC 5321
 * §4.5.2), never changes what a signature covers, and knows no Jakarta Mail type. Limits: {@link
 * org.postroad.provider.internal.message.SpoolSettings#maximumSize}, {@code HeaderFilter.MAX_HEADER}, {@code
 * MimeScanner.MAX_DEPTH}, {@code MAX_BOUNDARY}, {@code MAX_FIELD}, {@code SevenBitPlan.MAX_PARTS}, {@code
 * SevenBitRewriter.MAX_PART_HEADER}.
 *
 * <p>Threads: writing and converting happen on the caller's thread. A spooled message may be read from several threads at
 * once. A virtual machine that is killed leaves its temporary files ({@code postroad-*.eml}) behind.
 */
@NullMarked
package org.postroad.provider.internal.message;

import org.jspecify.annotations.NullMarked;
