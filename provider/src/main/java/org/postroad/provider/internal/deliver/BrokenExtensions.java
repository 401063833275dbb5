// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.postroad.api.IpAddress;
import org.postroad.api.RemoteMta;
import org.postroad.provider.internal.smtp.SmtpSettings;

/** Remembers for a while which servers announce PIPELINING or CHUNKING and break on it. Thread-safe. */
public final class BrokenExtensions {

    /** How long it is remembered. */
    static final Duration REMEMBERED = Duration.ofHours(1);

    /** Servers remembered; of more, those that were met first are forgotten. */
    static final int MAX_SERVERS = 1000;

    private record Server(IpAddress address, int port) {

        static Server of(RemoteMta remote) {
            return new Server(remote.address(), remote.port());
        }
    }

    private record Lesson(boolean pipelining, Instant until) {}

    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Server, Lesson> lessons = new LinkedHashMap<>(); // under the lock

    public BrokenExtensions(InstantSource clock) {
        this.clock = clock;
    }

    /** These settings without what the server breaks on. */
    SmtpSettings fit(RemoteMta remote, SmtpSettings settings) {
        lock.lock();
        try {
            Lesson lesson = lessons.get(Server.of(remote));
            if (lesson == null || lesson.until().isBefore(clock.instant())) {
                return settings;
            }
            return settings.with(settings.pipelining() && lesson.pipelining(), false);
        } finally {
            lock.unlock();
        }
    }

    /**
     * It broke on CHUNKING.
     *
     * @param pipelining whether PIPELINING is still to be used with it
     */
    void learn(RemoteMta remote, boolean pipelining) {
        lock.lock();
        try {
            Server server = Server.of(remote);
            Lesson before = lessons.remove(server);
            boolean still = pipelining && (before == null || before.pipelining());
            lessons.put(server, new Lesson(still, clock.instant().plus(REMEMBERED)));
            if (lessons.size() > MAX_SERVERS) {
                lessons.remove(lessons.keySet().iterator().next());
            }
        } finally {
            lock.unlock();
        }
    }
}
