// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What the JSON forms of a queue's contents have in common; {@code provider/QUEUE.md} documents them. Fields have the names of the accessors. A
 * value that does not exist is a field that does not exist.
 */
final class QueueJson {

    /** The version of these forms. A version gets more fields, but no field of it is removed or changes its type or meaning. */
    static final int VERSION = 1;

    private QueueJson() {}

    /** Returns a time in milliseconds, in UTC. */
    static String time(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
