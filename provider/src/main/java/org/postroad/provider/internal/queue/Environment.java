// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.time.InstantSource;
import java.util.concurrent.ThreadFactory;
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

    /** For a JVM that is not shutting down. */
    public Environment(InstantSource clock, RandomGenerator random, ThreadFactory threads) {
        this(clock, random, threads, false);
    }
}
