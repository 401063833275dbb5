// SPDX-License-Identifier: Apache-2.0
/**
 * Spool of messages: a message is written once, then read any number of times in exactly the form that is sent.
 *
 * <ol>
 *   <li>{@link org.postroad.provider.internal.message.MessageSpool#write} has a
 *       {@link org.postroad.provider.internal.message.MessageSpool.ContentWriter} write the message through {@code HeaderFilter} (drops Bcc
 *       and similar fields, adds a missing Date or Message-ID, RFC 5322 §3.6) into a {@code SpoolOutput}: memory up to a threshold, then a
 *       private temporary file. The body is stored unchanged, including its line ends.
 *   <li>Meanwhile {@code MimeScanner} parses the MIME structure (RFC 2045, 2046) line by line. {@code FactsMeter} collects what the SMTP
 *       dialogue needs: {@link org.postroad.provider.internal.message.MessageFacts}. {@code EditPlan} decides what must change so that a
 *       {@link org.postroad.provider.internal.message.Receiver} can accept the message: it has parts encoded that are data or have lines
 *       that are too long, words in headers encoded ({@code HeaderEditor}) and long fields folded ({@code HeaderFolding}). It is the only
 *       class that decides this, both for servers with all extensions and for servers that lack some.
 *   <li>If nothing must change, the spooled message consists of the stored octets, with every line end converted to CRLF while it is read
 *       ({@code CanonicalLines}, RFC 5321 §2.3.8). Otherwise {@code Rewriter} writes a second spool as planned. A message without a form
 *       that SMTP can carry is rejected: {@link org.postroad.provider.internal.message.UnsendableMessageException}.
 *   <li>Any number of senders can read the {@link org.postroad.provider.internal.message.SpooledMessage}. Size and facts are those of the
 *       spool, so later changes of the source have no effect.
 *   <li>For a remote MTA without 8BITMIME or SMTPUTF8, {@link org.postroad.provider.internal.message.Conversion#convert} writes another
 *       spool in the same way. {@link org.postroad.provider.internal.message.ReturnedPart} makes a notice smaller.
 *   <li>If the system allows it, the temporary file loses its name as soon as it is open, so that a killed process leaves nothing behind.
 *       Otherwise it is deleted when the spooled message is closed, or by a later process ({@code SpoolFile}).
 * </ol>
 *
 * <p>This package never holds a whole message above the threshold in memory, never stuffs dots (the sender of DATA does, RFC 5321 §4.5.2),
 * never changes signed content or the local part of an address, and uses no Jakarta Mail type. Limits:
 * {@link org.postroad.provider.internal.message.SpoolSettings#maximumSize}, {@code HeaderFilter.MAX_HEADER}, {@code MimeScanner.MAX_DEPTH},
 * {@code MAX_BOUNDARY}, {@code HeaderReader.MAX_FIELD}, {@code EditPlan.MAX_PARTS}, {@code MAX_PART_HEADER}, {@code MAX_WARNINGS},
 * {@code HeaderEditor.MAX_FIELD}, {@code ReturnedPart.MAX_HEADER}.
 *
 * <p>Threads: messages are written and converted on the caller's thread. Several threads can read a spooled message concurrently. On a
 * system where open files keep their names (Windows), a killed JVM leaves temporary files ({@code postroad-*.eml});
 * {@link org.postroad.provider.internal.message.MessageSpool#tidy} deletes them later.
 */
@NullMarked
package org.postroad.provider.internal.message;

import org.jspecify.annotations.NullMarked;
