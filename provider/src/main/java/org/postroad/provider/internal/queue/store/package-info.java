// SPDX-License-Identifier: Apache-2.0
/**
 * The tables of the queue: everything with SQL, connections, transactions, files and schema.
 *
 * <p>In the order of reading:
 *
 * <ol>
 *   <li>{@link org.postroad.provider.internal.queue.store.Database} runs work in a transaction.
 *       {@link org.postroad.provider.internal.queue.store.Databases} opens one: an SQLite file ({@code SqliteDatabase}, one process,
 *       {@code GroupCommit}, locked by {@code QueueFile}; {@code AttachedFile} beside that process) or a DataSource of the application
 *       ({@code PooledDatabase});
 *   <li>{@code Schema} creates missing tables from the file {@code schema-*.sql} of the {@code Dialect}, and upgrades older ones by
 *       {@code upgrade-*.sql}; these files are resources of this package;
 *   <li>the tables: {@code MessageRows} and {@code ContentRows} (messages), {@code QueueRows} (which deliveries wait, and for when),
 *       {@code DeliveryRows} (reads deliveries), {@code AttemptRows} (attempts begin and end), {@code DestinationRows},
 *       {@code PendingNoticeRows}, {@code SuppressionRows}; {@code QueueListing} lists them for operators, a {@code SelectionQuery} finds
 *       those that a filter selects, {@code ShapeRows} counts the deliveries by domain, age and {@code LastFailure}, and {@code PaceRows} has
 *       what the processes measured about destinations;
 *   <li>the history: {@code NewMessages} adds a message with its entry, unless its key is known; {@code HistoryRows} writes the results of
 *       attempts, {@code HistoryListing} searches by a {@code HistoryQuery}, {@code ActivityRows} counts by time, {@code ReportRows} has the reports of
 *       attempts, {@code HistoryCleaning} deletes what is old;
 *   <li>{@code TaskColumns} has db-scheduler store its times in UTC, and {@code ClockComparison} compares this machine's clock with the
 *       database's when the queue is opened.
 * </ol>
 *
 * <p>A message, its content, its deliveries and its history are added in one transaction. All but the history are removed in one when nothing
 * is left to deliver or to notify. A row that cannot be read is set aside (a delivery is HELD, a pending notice is never due) and listed as damaged; the others are
 * processed.
 *
 * <p>A DataSource may hand out the transaction of the calling thread ({@code CallerTransactions}). Therefore reads and writes on a caller's
 * thread use {@code Database.readForCaller} and {@code writeForCaller}, which join that transaction. Only a transaction of the queue's own
 * is repeated after a deadlock. The queue's own work and its opening ({@code OwnThread}) run on its own threads, which are in no
 * transaction.
 *
 * <p>Methods that wait for a disk or a database throw SQLException. A connection that is lost at the commit leaves a doubt
 * ({@code CommitInDoubtException}): the end of an attempt is written again, which changes nothing; a submission checks whether the message
 * is there, or fails because that is unknown.
 *
 * <p>Never here: workers, retry decisions, the text of notices. Starts no thread but for work that must not be part of a transaction of the
 * caller's. All classes of tables are stateless.
 */
@NullMarked
package org.postroad.provider.internal.queue.store;

import org.jspecify.annotations.NullMarked;
