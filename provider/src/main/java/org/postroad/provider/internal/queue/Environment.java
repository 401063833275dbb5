// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.time.InstantSource;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * Clock, random numbers, threads, and the state of the JVM.
 *
 * @param clock the wall clock, which may jump
 * @param random thread-safe and unguessable
 * @param threads creates daemon threads
 * @param ending whether the JVM is shutting down; then mail is stored, but no delivery begins, because it could not finish
 */
public record Environment(InstantSource clock, RandomGenerator random, ThreadFactory threads, boolean ending) {

    /** Returns a factory of threads that are named after their role and numbered. */
    ThreadFactory threads(String role) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = threads.newThread(task);
            thread.setName(thread.getName() + "-" + role + "-" + number.incrementAndGet());
            return thread;
        };
    }

    /** For a JVM that is not shutting down. */
    public Environment(InstantSource clock, RandomGenerator random, ThreadFactory threads) {
        this(clock, random, threads, false);
    }
}
