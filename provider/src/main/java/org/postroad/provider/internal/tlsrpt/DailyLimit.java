// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tlsrpt;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Limits the reports to one destination per day (UTC), for all domains together: a domain can name any mailbox or web server, without its
 * owner's consent. In memory. Thread-safe.
 */
final class DailyLimit {

    /** Maximum number of destinations per day; further ones get nothing. */
    static final int MAX_DESTINATIONS = 100_000;

    private final int most;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<String, Integer> counts = new HashMap<>();

    @GuardedBy("lock")
    private LocalDate day = LocalDate.MIN;

    /** @param most maximum per destination and day */
    DailyLimit(int most, InstantSource clock) {
        this.most = most;
        this.clock = clock;
    }

    /** Counts one more report to the destination. Returns false, without counting, if today's limit is reached. */
    boolean tryCount(String destination) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        lock.lock();
        try {
            if (!today.equals(day)) {
                counts.clear();
                day = today;
            }
            int before = counts.getOrDefault(destination, 0);
            if (before >= most || (before == 0 && counts.size() >= MAX_DESTINATIONS)) {
                return false;
            }
            counts.put(destination, before + 1);
            return true;
        } finally {
            lock.unlock();
        }
    }
}
