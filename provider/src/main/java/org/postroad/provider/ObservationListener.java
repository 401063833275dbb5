// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.micrometer.observation.ObservationRegistry;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.MailContext;
import org.postroad.provider.internal.observation.ObservedSend;
import org.postroad.spi.DeliveryListener;

/**
 * Observes sends with Micrometer, which makes metrics and traces of them: one observation for each send, with children for each domain and
 * each contact with a host. Needs {@code io.micrometer:micrometer-observation}. Set it as {@code mail.mx.listener}, or call it from a listener
 * of your own; the Spring Boot starter does so by itself.
 *
 * <p>The observation of mail that is sent directly is a child of the current observation of the thread that calls the transport. Each attempt
 * of a queue is an observation without a parent; the id in the queue and the Message-ID connect it with the others. OBSERVE.md has the
 * names and keys. No key has an address of a person.
 *
 * <p>Each observation is stopped exactly once. A listener that is set during a send ignores the rest of that send. Thread-safe.
 */
public final class ObservationListener implements DeliveryListener {

    /** Maximum number of concurrent sends that are observed. The oldest one is given up if there are more. */
    static final int MAX_SENDS = 10_000;

    private final ObservationRegistry registry;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<SendKey, ObservedSend> sends = new LinkedHashMap<>();

    /**
     * Creates a listener.
     *
     * @param registry receives the observations
     */
    public ObservationListener(ObservationRegistry registry) {
        this.registry = registry;
    }

    /** The object, whatever it is equal to: concurrent sends of one message have equal contexts. */
    private static final class SendKey {

        private final MailContext mail;

        SendKey(MailContext mail) {
            this.mail = mail;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof SendKey that && mail == that.mail;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(mail);
        }
    }

    @Override
    public void on(DeliveryEvent event) {
        if (registry.isNoop()) {
            return;
        }
        SendKey key = new SendKey(event.mail());
        Optional<ObservedSend> send =
                event instanceof DeliveryEvent.SendStarted started ? Optional.of(sendOf(key, started)) : known(key);
        if (send.isPresent() && send.get().on(event)) {
            remove(key);
        }
    }

    private Optional<ObservedSend> known(SendKey key) {
        lock.lock();
        try {
            return Optional.ofNullable(sends.get(key));
        } finally {
            lock.unlock();
        }
    }

    /** The events that start a send come one after another, on one thread. */
    private ObservedSend sendOf(SendKey key, DeliveryEvent.SendStarted started) {
        Optional<ObservedSend> known = known(key);
        if (known.isPresent()) {
            return known.get();
        }
        ObservedSend send = new ObservedSend(registry, started.mail(), started.domains());
        Optional<ObservedSend> oldest;
        lock.lock();
        try {
            sends.put(key, send);
            oldest = sends.size() > MAX_SENDS ? removeOldest() : Optional.empty();
        } finally {
            lock.unlock();
        }
        oldest.ifPresent(ObservedSend::abandon);
        return send;
    }

    @GuardedBy("lock")
    private Optional<ObservedSend> removeOldest() {
        Iterator<ObservedSend> oldestFirst = sends.values().iterator();
        ObservedSend oldest = oldestFirst.next();
        oldestFirst.remove();
        return Optional.of(oldest);
    }

    private void remove(SendKey key) {
        lock.lock();
        try {
            sends.remove(key);
        } finally {
            lock.unlock();
        }
    }

    /** Returns the number of sends that are being observed. */
    int observed() {
        lock.lock();
        try {
            return sends.size();
        } finally {
            lock.unlock();
        }
    }
}
