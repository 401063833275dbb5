// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.time.Instant;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** Generates queue ids: letters and digits, in ascending order of time, and unguessable. */
public final class QueueIds {

    private static final int BASE = 36;

    private QueueIds() {}

    /** Returns 35 characters: the time in milliseconds (fits until the year 5188) and 128 random bits. */
    public static String next(Instant now, RandomGenerator random) {
        return padded(now.toEpochMilli(), 9) + padded(random.nextLong(), 13) + padded(random.nextLong(), 13);
    }

    private static String padded(long number, int width) {
        String digits = Long.toUnsignedString(number, BASE).toUpperCase(Locale.ROOT);
        return "0".repeat(Math.max(0, width - digits.length())) + digits;
    }
}
