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
import org.postroad.provider.internal.engine.Queues;
import org.postroad.provider.internal.mail.AddressProperties;

/**
 * Installs the transport where discovery does not find it, has what domains can be told of TLS, and ends what is kept between
 * sends. Thread-safe.
 */
public final class Postroad {

    /** Configurations whose engines are kept; those that were not used for the longest time are forgotten. */
    static final int MAX_ENGINES = 64;

    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final Map<Map<String, Object>, Engine> ENGINES = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Map<String, Object>, Engine> eldest) {
            return size() > MAX_ENGINES; // idle, it owns nothing that needs closing, and reports are best effort
        }
    };

    private static final Queues QUEUES = new Queues(QueueBean::register);

    private Postroad() {}

    /**
     * Makes the Session send internet mail through {@code mx}, whatever the class loaders and properties are.
     *
     * @throws NoSuchProviderException if the Session refuses the provider
     */
    public static void install(Session session) throws NoSuchProviderException {
        session.setProvider(new MxProvider());
        session.setProtocolForAddress("rfc822", MxProvider.PROTOCOL);
    }

    /**
     * What there is to tell domains about TLS to their mail exchangers (RFC 8460).
     *
     * @throws MessagingException if {@code mail.mx.tlsrpt.contact} is not set, or a property is wrong
     */
    public static TlsReports tlsReports(Session session) throws MessagingException {
        return TlsReports.of(session);
    }

    /**
     * Ends all deliveries, closes all queues, and forgets everything that was kept: DNS answers, settings, threads, counts for TLS
     * reports. What is in a queue stays there. Sending later starts anew.
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

    static Queues queues() {
        return QUEUES;
    }

    /** The engine of all Sessions with these settings. Built without the lock: it reads files. */
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

    /** Of several that were built at once the first one stays; one that never sent owns nothing that needs closing. */
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
