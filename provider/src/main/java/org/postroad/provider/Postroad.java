// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.mail.MessagingException;
import jakarta.mail.NoSuchProviderException;
import jakarta.mail.Session;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.locks.ReentrantLock;
import org.postroad.provider.internal.config.Settings;
import org.postroad.provider.internal.engine.Engine;
import org.postroad.provider.internal.engine.OpenQueues;
import org.postroad.provider.internal.jakarta.AddressProperties;

/**
 * Entry point: registers the transport with a Session, gives access to TLS reports, and releases what is kept between sends.
 * Thread-safe.
 */
public final class Postroad {

    /** Maximum number of configurations whose engines are kept. The least recently used one is dropped. */
    static final int MAX_ENGINES = 64;

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final Map<Map<String, Object>, Engine> ENGINES = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Map<String, Object>, Engine> eldest) {
            return size() > MAX_ENGINES; // an idle engine owns nothing that needs closing; TLS counts are best effort
        }
    };

    private static final OpenQueues QUEUES = new OpenQueues(QueueBean::register);

    private Postroad() {}

    /**
     * Makes the Session send internet mail through {@code mx}, independent of class loaders and properties.
     *
     * @param session the Session to change
     * @throws NoSuchProviderException if the Session rejects the provider
     */
    public static void install(Session session) throws NoSuchProviderException {
        session.setProvider(new MxProvider());
        session.setProtocolForAddress("rfc822", MxProvider.PROTOCOL);
    }

    /**
     * Returns the TLS reports about the mail exchangers of domains (RFC 8460).
     *
     * @param session has the settings; Sessions with equal {@code mail.mx.*} settings share the counts
     * @return the reports
     * @throws MessagingException if {@code mail.mx.tlsrpt.contact} is not set, or a property is wrong
     */
    public static TlsReports tlsReports(Session session) throws MessagingException {
        return TlsReports.of(session);
    }

    /**
     * Closes all queues, stops all deliveries, and releases everything that is kept between sends: DNS answers, connections, settings,
     * threads, counts for TLS reports. Messages in a queue stay there. Running deliveries of a queue get
     * {@code mail.mx.queue.closetimeout} to finish; those of direct sends are stopped immediately. A later send starts afresh. Idempotent.
     */
    public static void close() {
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

    static OpenQueues queues() {
        return QUEUES;
    }

    /** Returns the engine shared by all Sessions with these settings. It is built without the lock, because that reads files. */
    static Engine engine(Properties given) {
        Properties properties = AddressProperties.asText(given);
        Map<String, Object> fingerprint = Settings.fingerprint(properties);
        return kept(fingerprint).orElseGet(() -> keep(fingerprint, new Engine(Settings.read(properties))));
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
        LOCK.lock();
        try {
            Engine first = ENGINES.putIfAbsent(fingerprint, built);
            return first == null ? built : first;
        } finally {
            LOCK.unlock();
        }
    }
}
