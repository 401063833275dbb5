// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.postroad.api.Deadline;

/**
 * Which server is asked next, and how long it is waited for before the one after it is asked as well. Decides only.
 *
 * <p>Each try has an equal share of the time that is left, but no more than the longest try; the last one has all that is left. So one silent
 * server never takes the time of the next, however short it is, and a lone slow one may use it all.
 */
final class TryOrder {

    private final Deque<InetSocketAddress> tries = new ArrayDeque<>();
    private final Duration longest;
    private final Deadline deadline;

    /** @param rounds how often each server is asked that does not answer */
    TryOrder(List<InetSocketAddress> servers, int rounds, Duration longest, Deadline deadline) {
        List<InetSocketAddress> once = servers.stream().distinct().toList();
        Collections.nCopies(rounds, once).forEach(tries::addAll);
        this.longest = longest;
        this.deadline = deadline;
    }

    Optional<InetSocketAddress> next() {
        return Optional.ofNullable(tries.poll());
    }

    /** How long the try that begins now is waited for. */
    Deadline share() {
        if (tries.isEmpty()) {
            return deadline;
        }
        Duration equal = deadline.remaining().dividedBy(tries.size() + 1L);
        return deadline.orAfter(equal.compareTo(longest) < 0 ? equal : longest);
    }

    /** The server spoke: it is not asked again. */
    void settle(InetSocketAddress server) {
        tries.removeIf(server::equals);
    }
}
