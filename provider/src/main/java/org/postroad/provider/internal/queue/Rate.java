// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.time.Duration;

/**
 * So many in so long, evenly spread.
 *
 * @param count at least 1
 * @param per more than nothing
 */
public record Rate(int count, Duration per) {

    public Rate {
        if (count < 1 || per.isZero() || per.isNegative()) {
            throw new IllegalArgumentException(
                    "A rate is at least 1 in more than no time, not " + count + " in " + per);
        }
    }

    /** From one to the next. */
    Duration interval() {
        return per.dividedBy(count);
    }
}
