// SPDX-License-Identifier: Apache-2.0
/**
 * Store and forward: when a message is tried, how the result is recorded, and what operators can do.
 *
 * <p>In the order of calls:
 *
 * <ol>
 *   <li>{@link org.postroad.provider.internal.queue.QueueManager} runs the queue on a database of the room
 *       {@link org.postroad.provider.internal.queue.store}: {@code submit} stores a message with its content and one delivery for each
 *       domain, and signals these domains ({@code DueSignals});
 *   <li>{@code DestinationDispatcher} waits for signals, and passes them and what its sweeps of the tables find to the scheduler;
 *   <li>{@code DestinationScheduler} has each domain that was signalled, or whose time has come, visited by one process at a time: a task of
 *       db-scheduler leases the domain;
 *   <li>{@code DestinationVisit} is such a visit, made by {@code DestinationVisits}: it decides whether the destination may be contacted,
 *       and when the next visit is;
 *   <li>{@code DeliveryWorkers} take one of the {@code DueDeliveries} after another during the visit, by priority, within the limits of the
 *       {@code Throttle};
 *       {@code AttemptTransactions} write the end of one attempt and the begin of the next in one transaction;
 *   <li>{@code DeliveryAttempts} makes one attempt: the {@link org.postroad.provider.internal.queue.DeliveryAgent}, which is the engine,
 *       delivers; {@code RetryDecision} decides by the report which recipients are settled, and when the rest is due again by the
 *       {@link org.postroad.provider.internal.queue.RetrySchedule}; the resulting notices are stored in the same transaction, and sent by
 *       the room {@link org.postroad.provider.internal.queue.notice};
 *   <li>{@link org.postroad.provider.internal.queue.QueueControl} does what operators need, and
 *       {@link org.postroad.provider.internal.queue.SelectionControl} to the deliveries of a filter, on a {@code ControlledQueue}: one that
 *       this process delivers, or an {@link org.postroad.provider.internal.queue.AttachedQueue}, which other processes deliver;
 *   <li>{@code HistoryCleaner}, another task of the scheduler, deletes what is old from the history;
 *   <li>{@code PaceMeter} has a {@code DestinationMeter} for each destination that is served or waits, which adds up what deliveries spend
 *       their time on; {@code PacePublisher} writes that to the database at intervals, for operators of any process.
 * </ol>
 *
 * <p>The unit of work is one recipient domain of a message. An attempt is written before the connection is opened and completed after the
 * reply. After a crash, the deliveries that began and did not end may have been delivered, and no others (RETRY-04, TRY-05). Destinations do
 * not wait for one another: each has a visit of its own. A destination that does not answer is not visited for a while; all deliveries to it
 * wait, whatever their own times are.
 *
 * <p>A process never considers itself dead: it does not revive its own visits, however late its heartbeats are. A process that was taken
 * over sends no content: right before content is sent, and before its last octets, the number of the attempt in the row and the lease are
 * checked ({@code DeliveryClaim}). An SQLite file is delivered by one process, so there is no search for dead processes. An attached process
 * visits nothing, and what it changes is found by the sweeps.
 *
 * <p>Times come from the wall clock, which may jump. What is due later than the longest wait from now was written by a clock that was
 * ahead, and is due. A message is given up only after an attempt that ends after its lifetime.
 *
 * <p>Never here: SQL, an SMTP word, a DNS query, Jakarta Mail. Callers outside the package receive a
 * {@link org.postroad.provider.internal.queue.store.QueueException}; nothing is half stored. The result of an attempt is written however long
 * the database is unavailable ({@link org.postroad.provider.internal.queue.store.RetryingDatabase}). RFC 5321 §4.5.4.
 *
 * <p>Threads: one of the dispatcher, those of the scheduler, one for each visit, and workers beside it. All are daemons and end when the
 * queue is closed.
 */
@NullMarked
package org.postroad.provider.internal.queue;

import org.jspecify.annotations.NullMarked;
