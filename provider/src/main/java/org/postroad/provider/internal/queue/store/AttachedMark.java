// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.nio.file.Path;
import java.util.Properties;

/**
 * Marks a queue file as attached in this JVM, by a system property, because all class loaders share these.
 *
 * <p>A process loses all its POSIX locks on a file when it closes any descriptor of it. SQLite avoids that for its own descriptors, but each
 * class loader has an SQLite library of its own, and {@link QueueFile} has a descriptor, too. So one JVM does not both deliver a queue and
 * attach to it, and attaches with one class loader only.
 */
final class AttachedMark implements AutoCloseable {

    private static final String PREFIX = "org.postroad.queue.attached.";

    private final String property;

    private AttachedMark(String property) {
        this.property = property;
    }

    /**
     * Marks the file. Several marks of the same class loader may exist at a time.
     *
     * @param named the path as configured
     * @param identity from {@link QueueFile#identity}
     * @throws QueueException if it is attached with another class loader
     */
    static AttachedMark set(Path named, String identity) {
        AttachedMark mark = new AttachedMark(PREFIX + identity);
        String now = properties()
                .merge(mark.property, value(1), (before, first) -> isOurs(before) ? value(count(before) + 1) : before)
                .toString();
        if (!isOurs(now)) {
            throw new QueueException("The queue in " + named
                    + " is attached by another application in this JVM; that one must close it first");
        }
        return mark;
    }

    /** Returns whether this JVM is attached to the file. */
    static boolean isSet(String identity) {
        return properties().containsKey(PREFIX + identity);
    }

    private static Properties properties() {
        return System.getProperties();
    }

    private static String value(int count) {
        return loader() + " " + count;
    }

    /** Identifies the class loader, and so the copy of the SQLite library. */
    private static String loader() {
        return Integer.toHexString(System.identityHashCode(AttachedMark.class.getClassLoader()));
    }

    private static boolean isOurs(Object value) {
        return value.toString().startsWith(loader() + " ");
    }

    private static int count(Object value) {
        return Integer.parseInt(value.toString().substring(loader().length() + 1));
    }

    /** Removes the mark. Must be called once, after the last connection to the file was closed. */
    @Override
    public void close() {
        properties().computeIfPresent(property, (name, before) -> count(before) > 1 ? value(count(before) - 1) : null);
    }
}
