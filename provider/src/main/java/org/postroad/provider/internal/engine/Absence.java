// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Remembers which class loaders have no service of a type, because searching all their jars takes longer than sending a message. The
 * services of a class loader do not change during its life. Class loaders are held weakly. Thread-safe.
 */
final class Absence {

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ClassLoader, Set<Class<?>>> absent = new WeakHashMap<>(); // guarded by lock

    boolean has(ClassLoader loader, Class<?> type) {
        lock.lock();
        try {
            return absent.getOrDefault(loader, Set.of()).contains(type);
        } finally {
            lock.unlock();
        }
    }

    /** @param type an SPI type of Postroad, so that it does not hold a class loader of an application */
    void add(ClassLoader loader, Class<?> type) {
        lock.lock();
        try {
            absent.computeIfAbsent(loader, key -> new HashSet<>()).add(type);
        } finally {
            lock.unlock();
        }
    }
}
