// SPDX-License-Identifier: Apache-2.0
/**
 * Store and forward: what is stored, when it is tried again, and what survives a crash.
 *
 * <p>In the order of calls:
 *
 * <ol>
 *   <li>{@link org.postroad.provider.internal.queue.Databases} opens the database: an SQLite file ({@code SqliteDatabase}, one
 *       process, group commit) or a DataSource of the application ({@code PooledDatabase}). {@code Schema} creates missing tables from
 *       the file {@code schema-*.sql} of the {@code Dialect}, and upgrades older ones by {@code upgrade-*.sql};
 *   <li>{@link org.postroad.provider.internal.queue.QueueManager} runs the queue: {@code submit} has {@code QueueRows} write a
 *       message with its content and one delivery for each domain, and signals these domains to the dispatcher ({@code DestinationDispatcher});
 *   <li>{@code DestinationScheduler} has each domain that was signalled, or whose time has come, visited by one process at a time: a task of
 *       db-scheduler leases the domain;
 *   <li>{@code DestinationVisit} is such a visit: its workers take one due delivery after another, within the limits of the {@code Throttle}, and
 *       write the end of one and the beginning of the next in one transaction;
 *   <li>{@code DeliveryAttempts} makes one attempt: the {@link org.postroad.provider.internal.queue.DeliveryAgent}, which is the engine, delivers;
 *       {@code RetryDecision} decides by the report which recipients are settled, and when the rest is due again by the
 *       {@link org.postroad.provider.internal.queue.RetrySchedule}; pending notices to senders ({@code PendingNotice}) are written in the same
 *       transaction;
 *   <li>{@code NoticeSender} sends them when no delivery of the message is in progress or due any more, or after a minute: {@code NoticeComposer}
 *       composes one notice for each message and event, which is queued in the transaction that removes the pending notices;
 *   <li>{@link org.postroad.provider.internal.queue.QueueControl} does what operators need, and {@code QueueListing} lists the queue for
 *       them.
 * </ol>
 *
 * <p>The unit of work is one recipient domain of a message. An attempt is written before the connection is opened and completed after the
 * reply. After a crash, the deliveries that began and did not end may have been delivered, and no others (RETRY-04, TRY-05). A message,
 * its content and its deliveries are added in one transaction. They are removed in one when nothing is left to deliver or to notify.
 * Destinations do not wait for one another: each has a visit of its own. A destination that does not answer is not visited for a while
 * ({@code DestinationRows}); all deliveries to it wait, whatever their own times are.
 *
 * <p>A process never considers itself dead: it does not revive its own visits, however late its heartbeats are. A process that was taken
 * over sends no content: right before content is sent, and before its last octets, the number of the attempt in the row and the lease are
 * checked ({@code DeliveryClaim}). An SQLite file belongs to one process ({@code QueueFile}), so there is no search for dead processes. A
 * row that cannot be read is set aside (a delivery is HELD, a pending notice is never due) and listed as damaged; the rest goes on.
 *
 * <p>Times come from the wall clock, which may jump. What is due later than the longest wait from now was written by a clock that was
 * ahead, and is due. A message is given up only after an attempt that ends after its lifetime.
 *
 * <p>Never here: an SMTP word, a DNS query, Jakarta Mail. Methods that wait for a disk or a database throw SQLException, or
 * {@link org.postroad.provider.internal.queue.QueueException} to callers outside the package; nothing is half stored. The result of an
 * attempt is written however long the database is unavailable ({@code RetryingDatabase}). A connection that is lost at the commit leaves a doubt
 * ({@code CommitInDoubtException}): the end of an attempt is written again, which changes nothing; a submission checks whether the
 * message is there, or fails because that is unknown. RFC 5321 §4.5.4, 3461, 3464.
 *
 * <p>A DataSource may hand out the transaction of the calling thread ({@code CallerTransactions}). Therefore reads and writes on a
 * caller's thread use {@code Database.readForCaller} and {@code writeForCaller}, which join that transaction. The queue's own work and its
 * opening ({@code OwnThread}) run on its own threads, which are in no transaction. The clock of each process is compared with the
 * database's at the opening ({@code ClockComparison}), and the scheduler's table holds UTC ({@code TaskColumns}).
 *
 * <p>Threads: one of the dispatcher, those of the scheduler, one for each visit, and workers beside it. All are daemons and end when the
 * queue is closed.
 */
@NullMarked
package org.postroad.provider.internal.queue;

import org.jspecify.annotations.NullMarked;
