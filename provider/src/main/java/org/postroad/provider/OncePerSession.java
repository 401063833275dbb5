// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import jakarta.mail.Session;
import java.lang.System.Logger;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** Logs each warning once for a Session. Sessions are held weakly. Thread-safe. */
final class OncePerSession {

    /** Different warnings for one Session. Further ones are dropped. */
    static final int MAX_WARNINGS = 100;

    private static final ReentrantLock LOCK = new ReentrantLock();

    @GuardedBy("LOCK")
    private static final Map<Session, Set<String>> GIVEN = new WeakHashMap<>();

    private OncePerSession() {}

    /** Logs a warning, unless it was logged for this Session before. */
    static void warn(Logger logger, Session session, String message) {
        warn(logger, session, message, message);
    }

    /** Logs a warning, unless one with the same subject was logged for this Session before. */
    static void warn(Logger logger, Session session, String subject, String message) {
        LOCK.lock();
        try {
            Set<String> given = GIVEN.computeIfAbsent(session, key -> new HashSet<>());
            if (given.size() >= MAX_WARNINGS || !given.add(subject)) {
                return;
            }
        } finally {
            LOCK.unlock();
        }
        logger.log(Logger.Level.WARNING, message);
    }
}
