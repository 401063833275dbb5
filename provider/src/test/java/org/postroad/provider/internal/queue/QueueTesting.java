// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.postroad.provider.LogTap;
import org.postroad.provider.internal.message.CanonicalSpool;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.queue.QueueSettings.Admission;
import org.postroad.provider.internal.queue.QueueSettings.DestinationLimits;
import org.postroad.provider.internal.queue.QueueSettings.History;
import org.postroad.provider.internal.queue.QueueSettings.Retrying;
import org.postroad.provider.internal.queue.QueueSettings.Timing;
import org.postroad.provider.internal.queue.notice.NoticeComposer;
import org.postroad.provider.internal.queue.notice.NoticeSender;
import org.postroad.provider.internal.queue.store.Database;
import org.postroad.provider.internal.queue.store.MessageRows;
import org.postroad.provider.internal.queue.store.NewMessages;
import org.postroad.provider.internal.queue.store.RetryingDatabase;

/** Base of tests with a running queue, its threads and its scheduler, and an agent that replies as the test demands. */
public abstract class QueueTesting {

    public final FakeDeliveryAgent agent = new FakeDeliveryAgent();
    Admission admission = Admission.DEFAULTS;
    Retrying retrying = Retrying.DEFAULTS;
    DestinationLimits limits = DestinationLimits.DEFAULTS;
    History history = History.DEFAULTS;
    public InstantSource clock = InstantSource.system();

    @RegisterExtension
    public final LogTap log = LogTap.open();

    @TempDir
    public Path directory;

    public final QueueManager open(Database database, Timing timing) throws Exception {
        QueueSettings settings = new QueueSettings(
                admission, retrying, limits, timing, QueueSettings.Bounces.SENDER, history, Optional.empty());
        Environment environment = new Environment(clock, new Random(), task -> {
            Thread thread = new Thread(task, "test");
            thread.setDaemon(true);
            return thread;
        });
        return new QueueManager(database, agent, settings, environment);
    }

    /** Returns the admission of the queue, for messages that it does not add itself. */
    static MessageAdmission admission(QueueManager queue) {
        return new MessageAdmission(queue.settings().admission(), InstantSource.system(), new Random());
    }

    static NoticeSender noticeSender(
            Database database,
            DeliveryAgent agent,
            QueueSettings settings,
            Environment environment,
            Executor workers,
            NoticeSender.Signals signals) {
        NoticeComposer composer =
                new NoticeComposer(agent.localHost(), settings.admission().lifetime(), environment.random());
        return new NoticeSender(
                database, composer, new NewMessages(database.dialect(), true), signals, workers, environment.clock());
    }

    static DestinationVisits visits(
            Database database,
            DeliveryAgent agent,
            NoticeSender noticeSender,
            Throttle throttle,
            PaceMeter pace,
            QueueSettings settings,
            Environment environment,
            Executor workers,
            CountDownLatch closing) {
        RetryingDatabase retrying = new RetryingDatabase(database, closing);
        QueueEvents events = new QueueEvents(agent::notifyListener, agent.log(), true, environment.clock());
        return new DestinationVisits(
                retrying,
                agent,
                new DeliveryAttempts(
                        retrying,
                        agent,
                        new AttemptResults(settings, new QueueCounters(), events, environment),
                        environment),
                new AttemptTransactions(retrying, noticeSender, environment.clock(), closing),
                throttle,
                pace,
                settings,
                environment,
                workers,
                closing);
    }

    public static SpooledMessage content(String text) throws Exception {
        return CanonicalSpool.of(text.getBytes(StandardCharsets.UTF_8));
    }

    public static long size(QueueManager queue) {
        return queue.readForCaller(MessageRows::size);
    }

    public static <T> T read(QueueManager queue, Database.Work<T> work) {
        return queue.readForCaller(work);
    }

    public static void awaitEmpty(QueueManager queue) {
        while (size(queue) > 0) {
            spin();
        }
    }

    /** For loops that wait for something. Fails when the test's time-out interrupts the thread. */
    static void spin() {
        if (Thread.currentThread().isInterrupted()) {
            throw new AssertionError("What the test waits for has not come in time");
        }
        Thread.onSpinWait();
    }
}
