// SPDX-License-Identifier: Apache-2.0
/**
 * Store and forward: what is kept, when it is tried again, and what survives a crash.
 *
 * <p>In the order of calls: {@link org.postroad.provider.internal.queue.Database} is where it is kept, a file of SQLite
 * ({@code SqliteDatabase}, one process, group commit) or a DataSource of the application ({@code PooledDatabase}); {@code Schema} sees that
 * the tables are there, as the file {@code schema-*.sql} of the {@code Dialect} has them; {@code QueueStore} adds a message with its octets, begins attempts at
 * what is due to a domain, and ends them. {@code Judgement} says what an attempt meant: who is done with, and when the rest is due again by the
 * {@link org.postroad.provider.internal.queue.RetrySchedule}.
 *
 * <p>The unit of work is one recipient domain of a message. An attempt is written before the dial and completed after the reply: what is found
 * begun and not ended after a crash may have been delivered, and nothing else (RETRY-04, TRY-05). A message, its octets and its deliveries
 * appear in one transaction and go in one.
 *
 * <p>Never here: an SMTP word, a DNS question, Jakarta Mail. All that waits for a disk or a database says so by SQLException; nothing is half
 * stored. RFC 5321 §4.5.4.
 */
@NullMarked
package org.postroad.provider.internal.queue;

import org.jspecify.annotations.NullMarked;
