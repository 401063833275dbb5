// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.postroad.api.Printable;
import org.postroad.provider.internal.config.Settings;
import org.postroad.provider.internal.config.SettingsException;
import org.postroad.provider.internal.deliver.BrokenClassPathException;
import org.postroad.provider.internal.engine.AsyncSends;
import org.postroad.provider.internal.engine.Engine;
import org.postroad.provider.internal.engine.OpenQueues;
import org.postroad.provider.internal.engine.Threads;
import org.postroad.provider.internal.jakarta.AddressProperties;
import org.postroad.provider.internal.jakarta.ExplainedException;
import org.postroad.provider.internal.queue.store.QueueException;

/** Registry of the engines and the open queues of this process, and the only reader of the properties of a Session. Thread-safe. */
final class Engines {

    /** Maximum number of configurations whose engines are kept. The least recently used one is dropped. */
    static final int MAX_ENGINES = 64;

    private static final ReentrantLock LOCK = new ReentrantLock();

    @GuardedBy("LOCK")
    private static final Map<Map<String, Object>, Engine> ENGINES = new LinkedHashMap<>(16, 0.75f, true);

    private static final OpenQueues QUEUES = new OpenQueues(QueueBean::register);

    private static final AsyncSends ASYNC_SENDS = new AsyncSends();

    private Engines() {}

    /** {@return the properties of the Session in the form that all readers of settings accept} */
    static Properties properties(Session session) {
        return AddressProperties.asText(session.getProperties());
    }

    /**
     * {@return a built-in implementation of an SPI with these settings}
     *
     * @param settings properties as those of a Session
     * @throws MessagingException if a property is wrong or a library is missing
     */
    static <T> T builtIn(Properties settings, Function<Settings, T> factory) throws MessagingException {
        Settings read = engine(AddressProperties.asText(settings)).settings();
        return read(() -> factory.apply(read));
    }

    /**
     * {@return the engine shared by all Sessions with these settings} It is built without the lock, because that reads files.
     *
     * @throws MessagingException if a property is wrong
     */
    static Engine engine(Properties properties) throws MessagingException {
        Map<String, Object> fingerprint = Settings.fingerprint(properties);
        Optional<Engine> kept = kept(fingerprint);
        return kept.isPresent()
                ? kept.get()
                : keep(fingerprint, read(() -> new Engine(Settings.read(properties), TransportBean::register)));
    }

    private static Optional<Engine> kept(Map<String, Object> fingerprint) {
        LOCK.lock();
        try {
            return Optional.ofNullable(ENGINES.get(fingerprint));
        } finally {
            LOCK.unlock();
        }
    }

    /** Keeps the first of several engines built concurrently. The others were never used and own nothing that needs closing. */
    private static Engine keep(Map<String, Object> fingerprint, Engine built) {
        Engine kept;
        Optional<Engine> dropped;
        LOCK.lock();
        try {
            Engine first = ENGINES.putIfAbsent(fingerprint, built);
            kept = first == null ? built : first;
            dropped = dropEldest();
        } finally {
            LOCK.unlock();
        }
        dropped.ifPresent(Engine::unwatch);
        return kept;
    }

    /** Drops the least recently used engine if there are too many. It owns nothing else that needs closing; TLS counts are best effort. */
    @GuardedBy("LOCK")
    private static Optional<Engine> dropEldest() {
        if (ENGINES.size() <= MAX_ENGINES) {
            return Optional.empty();
        }
        Iterator<Engine> eldestFirst = ENGINES.values().iterator();
        Engine eldest = eldestFirst.next();
        eldestFirst.remove();
        return Optional.of(eldest);
    }

    /** {@return the registry of open queues} */
    static OpenQueues queues() {
        return QUEUES;
    }

    /**
     * {@return a request for the queue of these properties}
     *
     * @throws MessagingException if this host has no usable name
     */
    static OpenQueues.QueueRequest queueRequest(Properties properties, Engine engine) throws MessagingException {
        return new OpenQueues.QueueRequest(properties, engine, OwnName.of(engine.settings()));
    }

    /**
     * Closes the queue of these properties if the calling application opened it, and the idle connections of sends with these settings.
     *
     * @throws MessagingException if a property is wrong
     */
    static void close(Properties properties) throws MessagingException {
        Engine engine = engine(properties);
        asMessagingException(() -> QUEUES.close(properties));
        engine.closeIdleConnections();
    }

    /** Closes everything of the calling application, and waits for its threads. */
    static void closeApplication() {
        if (OpenQueues.isOwnApplication()) {
            close();
        } else {
            closeGuest();
        }
        Threads.awaitEnd();
    }

    /** Closes what belongs to the calling application, one of several in a server that has Postroad. */
    private static void closeGuest() {
        QUEUES.closeApplication();
        List<Engine> engines;
        LOCK.lock();
        try {
            engines = List.copyOf(ENGINES.values());
        } finally {
            LOCK.unlock();
        }
        engines.forEach(Engine::closeIdleConnections); // any of them may hold objects of the application
    }

    /** Returns what runs asynchronous sends. */
    static AsyncSends asyncSends() {
        return ASYNC_SENDS;
    }

    /** Stops asynchronous sends and closes all queues and all engines. A later send makes fresh ones. */
    static void close() {
        ASYNC_SENDS.close(); // first: one that runs on would open a closed queue again
        QUEUES.close();
        List<Engine> engines;
        LOCK.lock();
        try {
            engines = List.copyOf(ENGINES.values());
            ENGINES.clear();
        } finally {
            LOCK.unlock();
        }
        engines.forEach(Engine::close);
    }

    /** An operation that may throw a MessagingException or an unchecked exception of an internal package. */
    @FunctionalInterface
    interface SendStep {
        void run() throws MessagingException;
    }

    /**
     * Runs a step and turns unchecked exceptions and linkage errors into MessagingException, which applications catch. The text names what
     * is wrong with the settings, the class path or a plug-in.
     */
    static void asMessagingException(SendStep step) throws MessagingException {
        try {
            step.run();
        } catch (LinkageError e) {
            BrokenClassPathException broken = BrokenClassPathException.of(e);
            throw new ExplainedException(broken.getMessage(), broken);
        } catch (SettingsException | QueueException e) { // their messages are complete
            throw new ExplainedException(e.getMessage(), e);
        } catch (RuntimeException e) {
            Optional<BrokenClassPathException> broken = BrokenClassPathException.causeOf(e);
            throw new ExplainedException(
                    broken.map(Throwable::getMessage)
                            .orElseGet(() -> "The send failed: " + Printable.clean(e.toString())),
                    e);
        }
    }

    /** Reads settings; a setting that cannot be read becomes a MessagingException. */
    static <T> T read(Supplier<T> settings) throws MessagingException {
        List<T> result = new ArrayList<>();
        asMessagingException(() -> result.add(settings.get()));
        return result.get(0);
    }
}
