// SPDX-License-Identifier: Apache-2.0
/**
 * Store and forward: what is kept, when it is tried again, and what survives a crash.
 *
 * <p>In the order of calls:
 *
 * <ol>
 *   <li>{@link org.postroad.provider.internal.queue.Databases} opens the store: a file of SQLite ({@code SqliteDatabase}, one
 *       process, group commit) or a DataSource of the application ({@code PooledDatabase}); {@code Schema} sees that the tables are
 *       there, as the file {@code schema-*.sql} of the {@code Dialect} has them, and of this version, by {@code upgrade-*.sql};
 *   <li>{@link org.postroad.provider.internal.queue.QueueManager} is the queue at work: {@code submit} has {@code QueueStore} write
 *       a message with its octets and a delivery for each domain, and rings the {@code Bell} for these domains;
 *   <li>{@code LaneScheduler} has each domain that was rung for, or whose time has come, visited by one process at a time: a task
 *       of db-scheduler leases it;
 *   <li>{@code Lane} is such a visit: its workers take one due delivery after another, as the {@code Throttle} lets them, and write
 *       the end of one and the beginning of the next in one transaction;
 *   <li>{@code Attempts} makes one attempt: the {@link org.postroad.provider.internal.queue.Courier}, which is the engine,
 *       delivers; {@code Judgement} says what the report means: who is done with, and when the rest is due again by the
 *       {@link org.postroad.provider.internal.queue.RetrySchedule}; what senders are to hear ({@code News}) is written in the same
 *       transaction;
 *   <li>{@code Teller} tells them, when nothing of the message is under way or due any more, or after a minute: {@code Notices}
 *       writes one notice for each message and event, which gets into the queue in the transaction that takes the news out;
 *   <li>{@link org.postroad.provider.internal.queue.QueueControl} is what an operator sees ({@code QueueView}) and does.
 * </ol>
 *
 * <p>The unit of work is one recipient domain of a message. An attempt is written before the dial and completed after the reply:
 * what is found begun and not ended after a crash may have been delivered, and nothing else (RETRY-04, TRY-05). A message, its
 * octets and its deliveries appear in one transaction and go in one, when nothing is to be delivered or told any more. Destinations
 * wait for none but themselves: each has a visit of its own, and one that does not answer is left alone for a while
 * ({@code Destinations}), with all that waits for it, whatever their own times are.
 *
 * <p>A process never takes itself for dead: what it has under way is not revived by it, however late its heartbeats are. A process that
 * was taken over sends no content: right before content, and before its end, the number of the attempt in the row and the lease are
 * checked ({@code DeliveryClaim}). In a file of SQLite, which one process has for itself ({@code QueueFile}), there is no search for dead
 * processes. A row that cannot be read is set aside (HELD; of a pending notice, due never) and
 * listed as damaged, and the rest goes on.
 *
 * <p>Times are the wall clock's, which may jump: what is due later than the longest wait from now was written by a clock that was
 * ahead, and is due; nothing is given up before it was tried behind its lifetime.
 *
 * <p>Never here: an SMTP word, a DNS question, Jakarta Mail. All that waits for a disk or a database says so by SQLException, or by
 * {@link org.postroad.provider.internal.queue.QueueException} to those outside; nothing is half stored. What became of an attempt is
 * written however long the database is away ({@code Patience}). A connection that is lost at the commit leaves a doubt
 * ({@code CommitInDoubtException}): who ends an attempt does it again, which changes nothing; who puts a message in looks whether it
 * is there, or hears that nobody knows. RFC 5321 §4.5.4, 3461, 3464.
 *
 * <p>A DataSource may hand out the transaction of the calling thread ({@code ForeignTransactions}). So what callers read and write on
 * their threads goes through {@code Database.readForCaller} and {@code writeForCaller}, which join it; what the queue does by itself
 * is on its own threads, where there is none, and so is its opening ({@code OwnThread}). Clocks of several processes are compared with the
 * database's at that time ({@code ClockComparison}), and the scheduler's table holds UTC ({@code TaskColumns}).
 *
 * <p>Threads: the bell's, the scheduler's, one for each visit, and workers beside it; daemons, until the queue is closed.
 */
@NullMarked
package org.postroad.provider.internal.queue;

import org.jspecify.annotations.NullMarked;
