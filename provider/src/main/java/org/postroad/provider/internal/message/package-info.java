// SPDX-License-Identifier: Apache-2.0
/**
 * The spool of one message: written once, then read any number of times in exactly the form that goes over the wire.
 *
 * <ol>
 *   <li>{@link org.postroad.provider.internal.message.MessageSpool#write} lets a {@link
 *       org.postroad.provider.internal.message.ContentWriter} write the message through {@code HeaderFilter} (Bcc and its like go, Date
 *       and Message-ID come where missing, RFC 5322 §3.6) into a {@code SpoolOutput}: memory up to a threshold, then a private temporary
 *       file. The body is kept as it came, line ends and all.
 *   <li>On the way {@code MimeScanner} follows the MIME structure (RFC 2045, 2046) line by line. {@code FactsMeter} takes down what the
 *       dialogue has to know: {@link org.postroad.provider.internal.message.MessageFacts}. {@code EditPlan} decides what has to change so
 *       that a {@link org.postroad.provider.internal.message.Receiver} can take the message: parts that are data or have lines that are
 *       too long are encoded, words of headers too ({@code HeaderEditor}), long fields folded ({@code HeaderFolding}). It is the one place
 *       that decides that, for servers that have all extensions and for those that lack some.
 *   <li>Where nothing has to change, the spooled message is what came, with every line end made CRLF while it is read ({@code
 *       CanonicalLines}, RFC 5321 §2.3.8). Else {@code Rewriter} writes a second spool, as planned. What has no form that SMTP can carry
 *       is refused: {@link org.postroad.provider.internal.message.UnsendableMessageException}.
 *   <li>The {@link org.postroad.provider.internal.message.SpooledMessage} is read by as many senders as there are; size and
 *       facts are those of the spool, so a source that changes afterwards changes nothing.
 *   <li>For a remote MTA without 8BITMIME or SMTPUTF8, {@link org.postroad.provider.internal.message.Conversion#convert} makes another
 *       spool in the same way. {@link org.postroad.provider.internal.message.ReturnedPart} makes a notice smaller.
 *   <li>The file has no name from the moment it is open, where the system can do that, so that nothing remains of a process that is killed;
 *       else it is removed when the spooled message is closed, or when another process starts ({@code SpoolFile}).
 * </ol>
 *
 * <p>It never holds a whole message beyond the threshold in memory, never stuffs dots (that is the DATA sender's, RFC 5321
 * §4.5.2), never changes what a signature covers or the local part of an address, and knows no Jakarta Mail type. Limits: {@link
 * org.postroad.provider.internal.message.SpoolSettings#maximumSize}, {@code HeaderFilter.MAX_HEADER}, {@code
 * MimeScanner.MAX_DEPTH}, {@code MAX_BOUNDARY}, {@code MAX_FIELD}, {@code EditPlan.MAX_PARTS}, {@code MAX_PART_HEADER}, {@code
 * MAX_WARNINGS}, {@code HeaderEditor.MAX_FIELD}, {@code ReturnedPart.MAX_HEADER}.
 *
 * <p>Threads: writing and converting happen on the caller's thread. A spooled message may be read from several threads at
 * once. A virtual machine that is killed leaves its temporary files ({@code postroad-*.eml}) behind.
 */
@NullMarked
package org.postroad.provider.internal.message;

import org.jspecify.annotations.NullMarked;
