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
 * Settings that a queue was opened with, which apply as long as it is open. Finds the settings of later Sessions that have no effect.
 * Thread-safe.
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
     * Checks the queue settings of another Session.
     *
     * @return the names of those that differ and therefore have no effect; empty if the same set of names was returned before
     * @throws SettingsException naming a property that cannot be read
     */
    Set<String> withoutEffect(Properties properties) {
        Map<String, Object> other = Settings.ofQueue(properties);
        if (other.equals(first)) {
            return Set.of();
        }
        lock.lock();
        try {
            if (compared.contains(other)) {
                return Set.of();
            }
        } finally {
            lock.unlock();
        }
        QueueReader.read(properties);
        Settings.plugins(properties);
        Set<String> names = differences(other);
        return isNew(other, names) ? names : Set.of();
    }

    /** Returns the names of the queue settings that differ from those of another Session. */
    Set<String> differences(Properties properties) {
        return differences(Settings.ofQueue(properties));
    }

    private Set<String> differences(Map<String, Object> other) {
        Set<String> names = new TreeSet<>(first.keySet());
        names.addAll(other.keySet());
        names.removeIf(name -> Objects.equals(first.get(name), other.get(name)));
        return names;
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
