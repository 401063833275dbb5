// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.xbill.DNS.Name;

/**
 * State of a query that follows aliases.
 *
 * @param name the current name
 * @param aliases the names that are aliases, in the order in which they were followed; the target of each is the next one, and of the
 *     last one the current name
 * @param ttl the lowest TTL so far
 */
record Chain(Name name, List<Name> aliases, Duration ttl) {

    /** Maximum number of aliases followed; this also stops a loop. */
    static final int MAX_ALIASES = 10;

    /** Maximum TTL (RFC 2181 §8). */
    private static final Duration MAX_TTL = Duration.ofSeconds(Integer.MAX_VALUE);

    Chain {
        aliases = List.copyOf(aliases);
    }

    static Chain from(Name name) {
        return new Chain(name, List.of(), MAX_TTL);
    }

    Chain follow(Name target, long seconds) {
        List<Name> followed = Stream.concat(aliases.stream(), Stream.of(name)).toList();
        return new Chain(target, followed, ttl).atMost(seconds);
    }

    Chain atMost(long seconds) {
        Duration other = Duration.ofSeconds(seconds);
        return other.compareTo(ttl) < 0 ? new Chain(name, aliases, other) : this;
    }

    /** Returns the target of an alias, by its index. */
    Name target(int alias) {
        return alias + 1 < aliases.size() ? aliases.get(alias + 1) : name;
    }

    boolean isTooLong() {
        return aliases.size() > MAX_ALIASES;
    }
}
