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
 * Decides which server is queried next, and how long to wait for it before the next one is queried as well. It makes decisions only.
 *
 * <p>Each try gets an equal share of the remaining time, but no more than the longest try; the last one gets all of the remaining time. So
 * a silent server never uses up the time of the next one, however little is left, and a single slow server can use all of it.
 */
final class TryOrder {

    private final Deque<InetSocketAddress> tries = new ArrayDeque<>();
    private final Duration longest;
    private final Deadline deadline;

    /** @param rounds how often each silent server is queried */
    TryOrder(List<InetSocketAddress> servers, int rounds, Duration longest, Deadline deadline) {
        List<InetSocketAddress> once = servers.stream().distinct().toList();
        Collections.nCopies(rounds, once).forEach(tries::addAll);
        this.longest = longest;
        this.deadline = deadline;
    }

    Optional<InetSocketAddress> next() {
        return Optional.ofNullable(tries.poll());
    }

    /** Returns the deadline of the try that starts now. */
    Deadline share() {
        if (tries.isEmpty()) {
            return deadline;
        }
        Duration equal = deadline.remaining().dividedBy(tries.size() + 1L);
        return deadline.atMost(equal.compareTo(longest) < 0 ? equal : longest);
    }

    /** Removes a server that has answered from the order. */
    void remove(InetSocketAddress server) {
        tries.removeIf(server::equals);
    }
}
