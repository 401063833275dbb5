// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.time.Duration;
import org.xbill.DNS.Name;

/**
 * State of a query that follows aliases.
 *
 * @param name the current name
 * @param aliases the number of aliases followed
 * @param ttl the lowest TTL so far
 */
record Chain(Name name, int aliases, Duration ttl) {

    /** Maximum number of aliases followed; this also stops a loop. */
    static final int MAX_ALIASES = 10;

    /** Maximum TTL (RFC 2181 §8). */
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
