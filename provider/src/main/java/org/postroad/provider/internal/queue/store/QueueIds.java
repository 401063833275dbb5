// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.time.Instant;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** Generates queue ids: letters and digits, in ascending order of time, and unguessable. */
public final class QueueIds {

    private static final int BASE = 36;

    /** The last time whose number has 9 digits. */
    private static final Instant LAST = Instant.ofEpochMilli(101_559_956_668_415L);

    private QueueIds() {}

    /** Returns 35 characters: the time in milliseconds (fits until the year 5188) and 128 random bits. */
    public static String next(Instant now, RandomGenerator random) {
        return first(now) + padded(random.nextLong(), 13) + padded(random.nextLong(), 13);
    }

    /** Returns the first characters of all ids of a time; later ids are greater, earlier ones are less. */
    static String first(Instant time) {
        Instant storable = time.isBefore(Instant.EPOCH) ? Instant.EPOCH : time.isAfter(LAST) ? LAST : time;
        return padded(storable.toEpochMilli(), 9);
    }

    private static String padded(long number, int width) {
        String digits = Long.toUnsignedString(number, BASE).toUpperCase(Locale.ROOT);
        return "0".repeat(Math.max(0, width - digits.length())) + digits;
    }
}
