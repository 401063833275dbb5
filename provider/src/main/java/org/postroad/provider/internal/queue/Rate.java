// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.time.Duration;

/**
 * A rate: a number of deliveries per period, evenly spaced.
 *
 * @param count at least 1
 * @param per greater than zero
 */
public record Rate(int count, Duration per) {

    public Rate {
        if (count < 1 || per.isZero() || per.isNegative()) {
            throw new IllegalArgumentException(
                    "A rate is at least 1 in more than no time, not " + count + " in " + per);
        }
    }

    /** Returns the time from one delivery to the next. */
    Duration interval() {
        return per.dividedBy(count);
    }

    /** Returns the rate as in the settings, such as {@code 100/60s}. */
    String setting() {
        boolean isWhole = per.toMillis() % 1000 == 0;
        return count + "/" + (isWhole ? per.toSeconds() + "s" : String.valueOf(per.toMillis()));
    }
}
