// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.Selector;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.postroad.api.Deadline;
import org.xbill.DNS.Message;

/**
 * Exchanges DNS messages over UDP and TCP: creates the tries of a query ({@link PendingTries}), and cancels all of them when it is closed.
 *
 * <p>Threads wait in a selector, so an interrupt or {@link #close()} wakes them immediately.
 */
final class DnsExchange implements AutoCloseable {

    private final Set<Selector> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Opens the tries of one query, for use by one thread. */
    PendingTries open() throws IOException {
        Selector selector = Selector.open();
        waiting.add(selector);
        return new PendingTries(selector, () -> closed, waiting::remove);
    }

    /** Sends one message to one server and waits for the answer until the deadline. */
    Message ask(Message query, InetSocketAddress server, boolean overTcp, Deadline deadline)
            throws IOException, InterruptedException {
        try (PendingTries pending = open()) {
            pending.send(query, server, overTcp);
            PendingTries.TryResult result = pending.await(deadline).orElseThrow(SocketTimeoutException::new);
            if (result instanceof PendingTries.TryResult.Answered answered) {
                return answered.answer();
            }
            throw ((PendingTries.TryResult.Broken) result).why();
        }
    }

    @Override
    public void close() {
        closed = true;
        waiting.forEach(Selector::wakeup);
    }
}
