// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiPredicate;
import javax.sql.DataSource;
import org.postroad.api.HostName;
import org.postroad.api.Printable;
import org.postroad.provider.internal.config.QueueReader;
import org.postroad.provider.internal.config.SettingsException;
import org.postroad.provider.internal.deliver.BrokenClassPathException;
import org.postroad.provider.internal.engine.OpenQueue.RunningQueue;
import org.postroad.provider.internal.queue.Environment;
import org.postroad.provider.internal.queue.QueueControl;
import org.postroad.provider.internal.queue.QueueManager;
import org.postroad.provider.internal.queue.QueueSettings;
import org.postroad.provider.internal.queue.store.ContainerTransaction;
import org.postroad.provider.internal.queue.store.Database;
import org.postroad.provider.internal.queue.store.Databases;
import org.postroad.provider.internal.queue.store.QueueException;

/**
 * Registry of the queues that are open in this process. Sessions with the same location share one queue, which works with the settings,
 * the plug-ins and the context class loader of the caller that opened it. Thread-safe.
 */
public final class OpenQueues {

    private final Watcher watcher;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<Object, OpenQueue> entries = new HashMap<>();

    /** Observes queues being opened and closed. */
    @FunctionalInterface
    public interface Watcher {

        /**
         * Called after a queue was opened.
         *
         * @param place the human-readable location, without secrets
         * @param properties those of the Session that opened it
         * @return runs just before the queue is closed
         */
        Runnable opened(String place, Properties properties, QueueControl control);
    }

    public OpenQueues(Watcher watcher) {
        this.watcher = watcher;
    }

    /**
     * A request for a queue.
     *
     * @param properties the properties of the Session
     * @param engine the engine for these properties
     * @param self the name in EHLO
     */
    public record QueueRequest(Properties properties, Engine engine, HostName self) {}

    /** Handle to a queue. Closing the last one closes the queue, unless a send opened it. */
    public final class QueueHandle implements AutoCloseable {

        private final Object key;
        private final OpenQueue entry;
        private final QueueManager manager;

        @GuardedBy("lock")
        private boolean released;

        private QueueHandle(Object key, OpenQueue entry, QueueManager manager) {
            this.key = key;
            this.entry = entry;
            this.manager = manager;
        }

        public QueueManager manager() {
            return manager;
        }

        /** Releases this handle. If it is the last one, the queue is closed when this returns. Idempotent. */
        @Override
        public void close() {
            lock.lock();
            try {
                if (released) {
                    return;
                }
                released = true;
            } finally {
                lock.unlock();
            }
            leave(key, entry);
        }
    }

    private void leave(Object key, OpenQueue entry) {
        OpenQueue.AfterRelease next;
        lock.lock();
        try {
            next = entry.leave(entries.get(key) == entry);
        } finally {
            lock.unlock();
        }
        switch (next) {
            case CLOSE -> closeQueue(key, entry);
            case AWAIT_CLOSED -> awaitClosed(entry);
            case NOTHING -> {}
        }
    }

    /** Waits until another thread has closed the queue: the caller may close something that it needs, such as the DataSource. */
    private static void awaitClosed(OpenQueue entry) {
        try {
            entry.awaitClosed();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closes a queue although it is in use. If another thread closes it already, waits for that. */
    private void closeQueue(Object key) {
        OpenQueue entry;
        boolean first;
        lock.lock();
        try {
            entry = entries.get(key);
            first = entry != null && entry.beginClosing();
        } finally {
            lock.unlock();
        }
        if (entry == null) {
            return;
        }
        if (first) {
            closeQueue(key, entry);
        } else {
            awaitClosed(entry);
        }
    }

    /**
     * Opens the queue, or returns a further handle to it.
     *
     * @throws SettingsException if a property is wrong
     * @throws QueueException if the queue cannot be opened
     */
    public QueueHandle use(QueueRequest request) throws InterruptedException {
        QueueLocation place = QueueLocation.of(request.properties());
        OpenQueue entry = enter(place, request, false);
        boolean usable = false;
        try {
            RunningQueue running = running(place, entry);
            checkApplication(entry, running, request, place.name());
            warnOfSettingsWithoutEffect(entry, request, place.name());
            usable = true;
            return new QueueHandle(place.key(), entry, running.manager());
        } finally {
            if (!usable) {
                leave(place.key(), entry);
            }
        }
    }

    /** Returns the queue for a send. If it is not open, opens it; it then stays open until {@link #close}. */
    public QueueManager forSending(QueueRequest request) throws InterruptedException {
        QueueLocation place = QueueLocation.of(request.properties());
        OpenQueue entry = enter(place, request, true);
        RunningQueue running = running(place, entry);
        checkApplication(entry, running, request, place.name());
        logBacklog(entry, running.manager(), place.name());
        warnOfSettingsWithoutEffect(entry, request, place.name());
        return running.manager();
    }

    /**
     * Checks that the calling application may use a queue that another one opened: only with the same plug-ins and settings, because its own
     * would have no effect.
     *
     * @throws QueueException if they differ
     */
    private void checkApplication(OpenQueue entry, RunningQueue running, QueueRequest request, String place) {
        ClassLoader application = Threads.applicationLoader();
        if (application == entry.application()) {
            return;
        }
        Set<String> names = entry.settings().differences(request.properties());
        if (!names.isEmpty() || !(entry.isGuest(application) || hasPlugins(running, request))) {
            String differs = names.isEmpty() ? "other plug-ins" : "other settings (" + String.join(", ", names) + ")";
            throw new QueueException(
                    "The queue in " + place + " belongs to another application in this JVM, which has " + differs
                            + ": the one with the class loader " + Printable.clean(String.valueOf(entry.application()))
                            + ". Use a queue of its own for each application, or give both the same settings and plug-ins");
        }
        entry.addGuest(application);
    }

    private static boolean hasPlugins(RunningQueue running, QueueRequest request) {
        try (PluginDiscovery own = new PluginDiscovery(request.properties())) {
            return own.plugins().equals(running.plugins().plugins());
        }
    }

    private static void warnOfSettingsWithoutEffect(OpenQueue entry, QueueRequest request, String place) {
        Set<String> names = entry.settings().withoutEffect(request.properties());
        if (!names.isEmpty()) {
            System.getLogger(OpenQueues.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "The queue in " + place
                                    + " is open already, with the settings of the Session that opened it first;"
                                    + " these settings of this Session have no effect: "
                                    + String.join(", ", names));
        }
    }

    /** Logs once how many messages were waiting when a send opened the queue, because nothing delivered them before. */
    private void logBacklog(OpenQueue entry, QueueManager manager, String place) {
        if (!entry.mustLogBacklog()) {
            return;
        }
        System.Logger logger = System.getLogger(OpenQueues.class.getName());
        try {
            long waiting = new QueueControl(manager).statistics().messages();
            logger.log(
                    waiting > 0 ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG,
                    "The queue in " + place + " was opened by a send. " + waiting
                            + " messages are waiting in it and are delivered from now on, until Postroad.close()."
                            + " Call MailQueue.open(session) at startup to deliver without a send");
        } catch (QueueException e) {
            logger.log(
                    System.Logger.Level.WARNING, "The number of messages waiting in " + place + " cannot be read", e);
        }
    }

    /**
     * Which application opened a queue.
     *
     * @param isCaller whether it is the calling one
     * @param application its class loader, human-readable
     */
    public record Opener(boolean isCaller, String application) {}

    /**
     * Returns which application has opened the queue in this process; empty if none has.
     *
     * @throws SettingsException if a property is wrong
     * @throws QueueException if another application did, and the calling one may not use the queue
     */
    public Optional<Opener> opener(QueueRequest request) throws InterruptedException {
        QueueLocation place = QueueLocation.of(request.properties());
        OpenQueue entry;
        lock.lock();
        try {
            entry = entries.get(place.key());
        } finally {
            lock.unlock();
        }
        if (entry == null || !entry.opening().isDone()) {
            return Optional.empty();
        }
        checkApplication(entry, running(place, entry), request, place.name());
        return Optional.of(new Opener(
                entry.application() == Threads.applicationLoader(),
                Printable.clean(String.valueOf(entry.application()))));
    }

    /** Closes all queues, including those in use. Their handles can no longer be used. */
    public void close() {
        close((key, entry) -> true);
    }

    /** Closes the queue of these properties, although it may be in use, if the calling application opened it. */
    public void close(Properties properties) {
        Object wanted = QueueLocation.of(properties).key();
        ClassLoader application = Threads.applicationLoader();
        close((key, entry) -> key.equals(wanted) && entry.application() == application);
    }

    /** Closes all queues that the calling application opened. */
    public void closeApplication() {
        ClassLoader application = Threads.applicationLoader();
        close((key, entry) -> entry.application() == application);
    }

    /** Returns whether Postroad is part of the calling application, and not of a server with several. */
    public static boolean isOwnApplication() {
        return Threads.callersLoader() == OpenQueues.class.getClassLoader();
    }

    private void close(BiPredicate<Object, OpenQueue> which) {
        List<Object> keys = new ArrayList<>();
        lock.lock();
        try {
            entries.forEach((key, entry) -> {
                if (which.test(key, entry)) {
                    keys.add(key);
                }
            });
        } finally {
            lock.unlock();
        }
        keys.forEach(this::closeQueue);
    }

    private OpenQueue enter(QueueLocation place, QueueRequest request, boolean forSending) throws InterruptedException {
        while (true) {
            OpenQueue entry;
            lock.lock();
            try {
                entry = entries.computeIfAbsent(
                        place.key(), key -> new OpenQueue(() -> open(place, request), request.properties(), lock));
                if (entry.enter(forSending)) {
                    return entry;
                }
            } finally {
                lock.unlock();
            }
            entry.awaitClosed();
        }
    }

    private RunningQueue running(QueueLocation place, OpenQueue entry) throws InterruptedException {
        if (entry.isBeingOpenedHere()) {
            throw new QueueException("The queue in " + place.name()
                    + " is being opened by this thread: a plug-in of it must not need the queue while it is created");
        }
        entry.opening().run(); // on this thread, unless another one does it
        try {
            return entry.opening().get();
        } catch (ExecutionException e) {
            lock.lock();
            try {
                entries.remove(place.key(), entry);
            } finally {
                lock.unlock();
            }
            Optional<BrokenClassPathException> broken = BrokenClassPathException.causeOf(e);
            if (broken.isPresent() && !(e.getCause() instanceof QueueException)) {
                throw new QueueException(
                        "The queue cannot be opened: " + broken.get().getMessage(), e);
            }
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new QueueException("The queue cannot be opened: " + e.getCause(), e);
        }
    }

    private RunningQueue open(QueueLocation place, QueueRequest request) throws InterruptedException {
        PluginDiscovery plugins = new PluginDiscovery(request.properties());
        Optional<ShutdownHook> hook = QueueReader.hasShutdownHook(request.properties())
                ? Optional.of(new ShutdownHook(() -> closeQueue(place.key())))
                : Optional.empty();
        boolean open = false;
        try {
            request.engine().check(plugins.plugins()); // a queue that cannot deliver must not accept mail
            QueueSettings settings = QueueReader.read(request.properties()); // before the file is locked
            ThreadFactory threads = Threads.platform("postroad-queue", Threads.callersLoader());
            ContainerTransaction.TransactionSource container = JtaTransaction.source(request.properties());
            Optional<DataSource> dataSource = place.dataSource(request.properties());
            Database database = dataSource.isPresent()
                    ? Databases.of(dataSource.get(), container, threads)
                    : Databases.inFile(place.fileUrl());
            QueueManager manager = new QueueManager(
                    database,
                    new EngineDeliveryAgent(request.engine(), request.self(), plugins.plugins()),
                    settings,
                    new Environment(
                            InstantSource.system(),
                            new SecureRandom(),
                            threads,
                            hook.isPresent() && !hook.get().isInstalled()));
            open = true;
            Runnable ending = watcher.opened(place.name(), request.properties(), new QueueControl(manager));
            return new RunningQueue(manager, plugins, ending, hook);
        } finally {
            if (!open) {
                hook.ifPresent(ShutdownHook::remove);
                plugins.close();
            }
        }
    }

    private void closeQueue(Object key, OpenQueue entry) {
        try {
            entry.opening().run(); // it may not have begun
            RunningQueue running = Objects.requireNonNull(entry.opening().get());
            running.ending().run();
            running.manager().close();
            running.plugins().close();
            running.hook().ifPresent(ShutdownHook::remove);
        } catch (ExecutionException e) {
            System.getLogger(OpenQueues.class.getName())
                    .log(System.Logger.Level.DEBUG, "The queue to be closed could not be opened", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.lock();
            try {
                entries.remove(key, entry);
            } finally {
                lock.unlock();
            }
            entry.markClosed();
        }
    }
}
