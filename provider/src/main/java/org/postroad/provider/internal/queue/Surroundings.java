// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.time.InstantSource;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;

/**
 * Time, chance, threads, and the JVM.
 *
 * @param clock the wall clock, which may jump
 * @param random thread-safe; nobody may be able to guess it
 * @param threads makes daemons
 * @param ending whether the JVM is ending: mail is stored then, and no delivery begins that could not end
 */
public record Surroundings(InstantSource clock, RandomGenerator random, ThreadFactory threads, boolean ending) {

    /** Of a JVM that goes on. */
    public Surroundings(InstantSource clock, RandomGenerator random, ThreadFactory threads) {
        this(clock, random, threads, false);
    }
}
