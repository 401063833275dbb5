// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.postroad.api.HostName;
import org.postroad.provider.internal.config.QueueReader;
import org.postroad.provider.internal.deliver.BrokenClassPathException;
import org.postroad.provider.internal.queue.store.ContainerTransaction;
import org.postroad.provider.internal.queue.store.Database;
import org.postroad.provider.internal.queue.store.Databases;
import org.postroad.provider.internal.queue.Environment;
import org.postroad.provider.internal.queue.QueueControl;
import org.postroad.provider.internal.queue.store.QueueException;
import org.postroad.provider.internal.queue.QueueManager;
import org.postroad.provider.internal.queue.QueueSettings;

/**
 * Registry of the queues that are open in this process. Sessions with the same location share one queue, which works with the settings and
 * plug-ins of the Session that opened it. Thread-safe.
 */
public final class OpenQueues {

    private final Watcher watcher;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Object, OpenQueue> entries = new HashMap<>(); // guarded by lock

    /** Observes queues being opened and closed. */
    @FunctionalInterface
    public interface Watcher {

        /**
         * Called after a queue was opened.
         *
         * @param place the human-readable location, without secrets
         * @return runs just before the queue is closed
         */
        Runnable opened(String place, QueueControl control);
    }

    public OpenQueues(Watcher watcher) {
        this.watcher = watcher;
    }

    /** A queue that is open, being opened or being closed. The mutable fields are guarded by lock. */
    private static final class OpenQueue {
        private final FutureTask<Running> opening;
        private final OpenedWith settings;
        private final CountDownLatch closed = new CountDownLatch(1);
        private int users;
        private boolean kept;
        private boolean told;
        private boolean closing;

        OpenQueue(FutureTask<Running> opening, OpenedWith settings) {
            this.opening = opening;
            this.settings = settings;
        }
    }

    private record Running(
            QueueManager manager, PluginDiscovery plugins, Runnable ending, Optional<ShutdownHook> hook) {}

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
        private boolean ended; // guarded by lock

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
                if (ended) {
                    return;
                }
                ended = true;
            } finally {
                lock.unlock();
            }
            leave(key, entry);
        }
    }

    private void leave(Object key, OpenQueue entry) {
        boolean last;
        boolean closing;
        lock.lock();
        try {
            entry.users--;
            closing = entry.closing;
            last = entry.users == 0 && !entry.kept && !closing && entries.get(key) == entry;
            entry.closing |= last;
        } finally {
            lock.unlock();
        }
        if (last) {
            end(key, entry);
        } else if (closing) {
            awaitEnd(entry);
        }
    }

    /** Waits until another thread has closed the queue: the caller may close something that it needs, such as the DataSource. */
    private static void awaitEnd(OpenQueue entry) {
        try {
            entry.closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closes a queue although it is in use. If another thread closes it already, waits for that. */
    private void end(Object key) {
        OpenQueue entry;
        boolean closing;
        lock.lock();
        try {
            entry = entries.get(key);
            closing = entry != null && entry.closing;
            if (entry != null) {
                entry.closing = true;
            }
        } finally {
            lock.unlock();
        }
        if (entry != null && closing) {
            awaitEnd(entry);
        } else if (entry != null) {
            end(key, entry);
        }
    }

    /**
     * Opens the queue, or returns a further handle to it.
     *
     * @throws IllegalArgumentException if a property is wrong
     * @throws QueueException if the queue cannot be opened
     */
    public QueueHandle use(QueueRequest wanted) throws InterruptedException {
        Place place = place(wanted);
        OpenQueue entry = enter(place, wanted, false);
        boolean usable = false;
        try {
            QueueManager manager = running(place, entry).manager();
            entry.settings.compare(wanted.properties(), place.name());
            usable = true;
            return new QueueHandle(place.key(), entry, manager);
        } finally {
            if (!usable) {
                leave(place.key(), entry);
            }
        }
    }

    /** Returns the queue for a send. If it is not open, opens it; it then stays open until {@link #close}. */
    public QueueManager forSending(QueueRequest wanted) throws InterruptedException {
        Place place = place(wanted);
        OpenQueue entry = enter(place, wanted, true);
        QueueManager manager = running(place, entry).manager();
        tellWhatWaits(entry, manager, place.name());
        entry.settings.compare(wanted.properties(), place.name());
        return manager;
    }

    /** Logs once how many messages were waiting when a send opened the queue, because nothing delivered them before. */
    private void tellWhatWaits(OpenQueue entry, QueueManager manager, String place) {
        lock.lock();
        try {
            if (!entry.kept || entry.told) {
                return;
            }
            entry.told = true;
        } finally {
            lock.unlock();
        }
        System.Logger logger = System.getLogger(OpenQueues.class.getName());
        try {
            logger.log(
                    System.Logger.Level.INFO,
                    "The queue in " + place + " was not open in this process, and is now, by a send: "
                            + new QueueControl(manager).statistics().messages()
                            + " messages wait in it, and are delivered from now on, until Postroad.close()."
                            + " MailQueue.open(session), called when the application starts, opens it without a send");
        } catch (QueueException e) {
            logger.log(System.Logger.Level.WARNING, "How many messages wait in " + place + " cannot be read", e);
        }
    }

    /** Closes all queues, including those in use. Their handles can no longer be used. */
    public void close() {
        List<Object> keys;
        lock.lock();
        try {
            keys = List.copyOf(entries.keySet());
        } finally {
            lock.unlock();
        }
        keys.forEach(this::end);
    }

    /** Location of a queue. Queues with equal keys are the same. */
    private record Place(Object key, QueueReader.Location location, Optional<DataSource> dataSource) {

        /** Returns the human-readable location. It does not show the URL of an application's database, which may contain a password. */
        String name() {
            return dataSource.isPresent()
                    ? dataSource.get().getClass().getSimpleName() + "@" + Integer.toHexString(key.hashCode())
                    : String.valueOf(key);
        }
    }

    private static Place place(QueueRequest wanted) {
        QueueReader.Location location = QueueReader.location(wanted.properties());
        Optional<DataSource> dataSource = location.fromCdi() ? PluginDiscovery.dataSource() : location.dataSource();
        Object key = dataSource.isPresent() ? dataSource.get() : Databases.normalized(location.url());
        return new Place(key, location, dataSource);
    }

    private OpenQueue enter(Place place, QueueRequest wanted, boolean forSending) throws InterruptedException {
        while (true) {
            OpenQueue entry;
            lock.lock();
            try {
                entry = entries.computeIfAbsent(
                        place.key(),
                        key -> new OpenQueue(
                                new FutureTask<>(() -> open(place, wanted)), new OpenedWith(wanted.properties())));
                if (!entry.closing) {
                    if (!forSending) {
                        entry.users++;
                    } else {
                        entry.kept |= entry.users == 0;
                    }
                    return entry;
                }
            } finally {
                lock.unlock();
            }
            entry.closed.await();
        }
    }

    private Running running(Place place, OpenQueue entry) throws InterruptedException {
        entry.opening.run(); // on this thread, unless another one does it
        try {
            return entry.opening.get();
        } catch (ExecutionException e) {
            lock.lock();
            try {
                entries.remove(place.key(), entry);
            } finally {
                lock.unlock();
            }
            Optional<BrokenClassPathException> broken = BrokenClassPathException.behind(e);
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

    private Running open(Place place, QueueRequest wanted) throws InterruptedException {
        PluginDiscovery plugins = new PluginDiscovery(wanted.properties());
        Optional<ShutdownHook> hook = QueueReader.hasShutdownHook(wanted.properties())
                ? Optional.of(new ShutdownHook(() -> end(place.key())))
                : Optional.empty();
        boolean open = false;
        try {
            wanted.engine().check(plugins.plugins()); // a queue that cannot deliver must not accept mail
            QueueSettings settings = QueueReader.read(wanted.properties()); // before the file is locked
            ThreadFactory threads = Threads.platform("postroad-queue");
            ContainerTransaction.TransactionSource container = () -> JtaTransaction.current(wanted.properties());
            container.current(); // rejects a wrong property
            Database database = place.dataSource().isPresent()
                    ? Databases.of(place.dataSource().get(), container, threads)
                    : Databases.inFile(place.location().url());
            QueueManager manager = new QueueManager(
                    database,
                    new EngineDeliveryAgent(wanted.engine(), wanted.self(), plugins.plugins()),
                    settings,
                    new Environment(
                            InstantSource.system(),
                            new SecureRandom(),
                            threads,
                            hook.isPresent() && !hook.get().isInstalled()));
            open = true;
            return new Running(manager, plugins, watcher.opened(place.name(), new QueueControl(manager)), hook);
        } finally {
            if (!open) {
                hook.ifPresent(ShutdownHook::remove);
                plugins.close();
            }
        }
    }

    private void end(Object key, OpenQueue entry) {
        try {
            entry.opening.run(); // it may not have begun
            Running running = Objects.requireNonNull(entry.opening.get());
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
            entry.closed.countDown();
        }
    }
}
