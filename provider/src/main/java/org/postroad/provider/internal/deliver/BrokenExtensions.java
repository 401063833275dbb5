// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.time.Duration;
import java.time.InstantSource;
import org.postroad.api.RemoteMta;
import org.postroad.provider.internal.smtp.SmtpSettings;

/** Remembers for a while which servers announce PIPELINING or CHUNKING and break on it. Thread-safe. */
public final class BrokenExtensions {

    /** How long it is remembered. */
    static final Duration REMEMBERED = Duration.ofHours(1);

    /** Servers remembered; of more, those that were met first are forgotten. */
    static final int MAX_SERVERS = 1000;

    /** What a server that breaks on CHUNKING can still do. */
    private record Lesson(boolean pipelining) {}

    private final ExpiringMap<Endpoint, Lesson> lessons;

    public BrokenExtensions(InstantSource clock) {
        this.lessons = new ExpiringMap<>(REMEMBERED, MAX_SERVERS, clock);
    }

    /** These settings without what the server breaks on. */
    SmtpSettings fit(RemoteMta remote, SmtpSettings settings) {
        return lessons.get(Endpoint.of(remote))
                .map(lesson -> settings.with(settings.pipelining() && lesson.pipelining(), false))
                .orElse(settings);
    }

    /**
     * It broke on CHUNKING.
     *
     * @param pipelining whether PIPELINING is still to be used with it
     */
    void learn(RemoteMta remote, boolean pipelining) {
        lessons.merge(
                Endpoint.of(remote),
                new Lesson(pipelining),
                (before, now) -> new Lesson(before.pipelining() && now.pipelining()));
    }
}
