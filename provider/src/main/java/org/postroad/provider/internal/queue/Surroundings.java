// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.time.InstantSource;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;

/**
 * Time, chance and threads.
 *
 * @param clock the wall clock, which may jump
 * @param random thread-safe; nobody may be able to guess it
 * @param threads makes daemons
 */
public record Surroundings(InstantSource clock, RandomGenerator random, ThreadFactory threads) {}
