// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.time.Duration;
import org.xbill.DNS.Name;

/**
 * How far a question has come along its aliases.
 *
 * @param name the name that is asked for now
 * @param aliases how many were followed
 * @param ttl the least so far
 */
record Chain(Name name, int aliases, Duration ttl) {

    /** The most aliases that are followed; a loop ends here too. */
    static final int MAX_ALIASES = 10;

    /** RFC 2181 §8: the most that a TTL can say. */
    private static final Duration MAX_TTL = Duration.ofSeconds(Integer.MAX_VALUE);

    static Chain from(Name name) {
        return new Chain(name, 0, MAX_TTL);
    }

    Chain follow(Name target, long seconds) {
        return new Chain(target, aliases + 1, ttl).atMost(seconds);
    }

    Chain atMost(long seconds) {
        Duration other = Duration.ofSeconds(seconds);
        return other.compareTo(ttl) < 0 ? new Chain(name, aliases, other) : this;
    }

    boolean isTooLong() {
        return aliases > MAX_ALIASES;
    }
}
