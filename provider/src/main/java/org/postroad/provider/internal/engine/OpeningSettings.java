// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.postroad.provider.internal.config.QueueReader;
import org.postroad.provider.internal.config.Settings;
import org.postroad.provider.internal.config.SettingsException;

/**
 * Settings that a queue was opened with, which apply as long as it is open. Warns if a later Session has other settings, and names those
 * without effect. Thread-safe.
 */
final class OpeningSettings {

    /** Maximum number of differing settings that are remembered to compare them only once. Further ones are compared each time. */
    private static final int MAX_REMEMBERED = 50;

    private final Map<String, Object> first;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Set<Map<String, Object>> compared = new HashSet<>();

    @GuardedBy("lock")
    private final Set<Set<String>> warned = new HashSet<>();

    OpeningSettings(Properties properties) {
        this.first = Settings.ofQueue(properties);
    }

    /**
     * Compares the queue settings of another Session and warns of differences, once for the same set of names.
     *
     * @throws SettingsException naming a property that cannot be read
     */
    void compare(Properties properties, String place) {
        Map<String, Object> other = Settings.ofQueue(properties);
        if (other.equals(first)) {
            return;
        }
        lock.lock();
        try {
            if (compared.contains(other)) {
                return;
            }
        } finally {
            lock.unlock();
        }
        QueueReader.read(properties);
        Settings.plugins(properties);
        Set<String> names = new TreeSet<>(first.keySet());
        names.addAll(other.keySet());
        names.removeIf(name -> Objects.equals(first.get(name), other.get(name)));
        if (isNew(other, names)) {
            System.getLogger(OpenQueues.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "The queue in " + place
                                    + " is open already, with the settings of the Session that opened it first;"
                                    + " these settings of this Session have no effect: "
                                    + String.join(", ", names));
        }
    }

    private boolean isNew(Map<String, Object> other, Set<String> names) {
        lock.lock();
        try {
            if (compared.size() < MAX_REMEMBERED) {
                compared.add(other);
            }
            return warned.size() < MAX_REMEMBERED && warned.add(names);
        } finally {
            lock.unlock();
        }
    }
}
