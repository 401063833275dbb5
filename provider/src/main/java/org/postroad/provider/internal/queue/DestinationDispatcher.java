// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.postroad.api.Domain;
import org.postroad.provider.internal.queue.notice.NoticeSender;
import org.postroad.provider.internal.queue.store.Database;
import org.postroad.provider.internal.queue.store.DatabaseFailures;
import org.postroad.provider.internal.queue.store.DeliveryRows;
import org.postroad.provider.internal.queue.store.DestinationRows;
import org.postroad.provider.internal.queue.store.PendingNoticeRows;
import org.postroad.provider.internal.queue.store.QueueRows;

/**
 * Passes what is due to the scheduler: destinations that were signalled, visits whose time has come, and what a periodic sweep of the tables
 * finds. The sweep also finds overdue notices and what other processes changed, such as the end of a back-off and a pause during a visit, and
 * publishes what was measured. Has one thread, from its start until it is closed. Thread-safe.
 */
final class DestinationDispatcher implements AutoCloseable {

    /** Limit of destinations of each priority found by one sweep. */
    private static final int MAX_DOMAINS = 1000;

    /** Limit of messages with overdue notices found by one sweep. */
    private static final int MAX_MESSAGES = 1000;

    /** Pause after a first failure. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);

    private final DueSignals signals;
    private final DestinationScheduler scheduler;
    private final NoticeSender noticeSender;
    private final PacePublisher pace;
    private final Database database;
    private final DueTimes dueTimes;
    private final Duration poll;
    private final CountDownLatch closing;
    private final Thread thread;

    /** Used by this thread only. */
    private boolean isCleaningScheduled;

    DestinationDispatcher(
            DueSignals signals,
            DestinationScheduler scheduler,
            NoticeSender noticeSender,
            PacePublisher pace,
            Database database,
            QueueSettings settings,
            Environment environment,
            CountDownLatch closing) {
        this.signals = signals;
        this.scheduler = scheduler;
        this.noticeSender = noticeSender;
        this.pace = pace;
        this.database = database;
        this.dueTimes = new DueTimes(environment.clock(), settings.retrying());
        this.poll = settings.timing().poll();
        this.closing = closing;
        this.thread = environment.threads("dispatcher").newThread(this::serve);
    }

    /** Starts the thread. */
    void start() {
        thread.start();
    }

    private void serve() {
        boolean failed = false;
        try {
            while (closing.getCount() > 0) {
                try {
                    serveOnce();
                    failed = false;
                } catch (SQLException | RuntimeException e) {
                    if (closing.getCount() > 0) {
                        DatabaseFailures.log(
                                DestinationDispatcher.class, "The queue cannot be read; trying again soon", e);
                    }
                    Duration pause = failed ? poll : FIRST_PAUSE;
                    failed = true;
                    closing.await(pause.toNanos(), TimeUnit.NANOSECONDS);
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt(); // closed: the thread ends
        }
    }

    private void serveOnce() throws InterruptedException, SQLException {
        DueSignals.Due due = signals.await();
        if (due.visits()) {
            scheduler.checkDue();
        }
        passOn(due.signals());
        if (due.sweep()) {
            sweep();
            pace.publish();
        }
        if (!isCleaningScheduled) { // not by the thread that opens the queue, whose transaction this might commit
            scheduler.scheduleCleaning();
            isCleaningScheduled = true;
        }
    }

    /** Passes the signals to the scheduler. After a failure all are signalled again; a repeated signal is harmless. */
    private void passOn(Set<DueSignals.Signal> due) {
        boolean done = false;
        try {
            due.forEach(one -> scheduler.signal(one.domain(), one.priority()));
            done = true;
        } finally {
            if (!done) {
                signals.signal(due);
            }
        }
    }

    /** Result of a sweep: domains with due deliveries, paused domains that are being visited, and messages with overdue notices. */
    private record Swept(List<QueueRows.WaitingDomain> domains, List<Domain> paused, List<String> messages) {}

    /** What the tables say decides, because other processes change them: a domain found here is neither paused nor backing off. */
    private void sweep() throws SQLException, InterruptedException {
        QueueRows.Window window = dueTimes.window();
        Set<Domain> visited = scheduler.visited();
        Swept swept = database.read(connection -> new Swept(
                QueueRows.waiting(connection, window, MAX_DOMAINS),
                DestinationRows.pausedAmong(connection, visited),
                PendingNoticeRows.overdue(connection, window.at(), MAX_MESSAGES)));
        swept.paused().forEach(scheduler::stopVisit);
        for (QueueRows.WaitingDomain waiting : swept.domains()) {
            Optional<Domain> domain = DeliveryRows.domain(waiting.domain());
            if (domain.isPresent()) {
                scheduler.clearBackOff(domain.get());
                scheduler.signal(domain.get(), waiting.priority());
            } else {
                setAside(waiting.domain(), window.at());
            }
        }
        noticeSender.sendInBackground(swept.messages());
    }

    private void setAside(String name, Instant now) throws SQLException, InterruptedException {
        database.write(connection -> {
            QueueRows.setAside(connection, name, now, MAX_DOMAINS);
            return name;
        });
    }

    /** Interrupts the thread, which ends soon. */
    @Override
    public void close() {
        thread.interrupt();
    }
}
