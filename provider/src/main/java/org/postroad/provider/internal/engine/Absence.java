// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which class loaders have no service of which type: to look through all their jars takes longer than to send a message. What a class
 * loader has does not change while it lives, and it is held weakly. Thread-safe.
 */
final class Absence {

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ClassLoader, Set<Class<?>>> absent = new WeakHashMap<>(); // under the lock

    boolean has(ClassLoader loader, Class<?> type) {
        lock.lock();
        try {
            return absent.getOrDefault(loader, Set.of()).contains(type);
        } finally {
            lock.unlock();
        }
    }

    /** @param type one of ours, so that it holds no loader of an application's */
    void add(ClassLoader loader, Class<?> type) {
        lock.lock();
        try {
            absent.computeIfAbsent(loader, key -> new HashSet<>()).add(type);
        } finally {
            lock.unlock();
        }
    }
}
