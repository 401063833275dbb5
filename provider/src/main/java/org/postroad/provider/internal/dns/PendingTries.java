// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.postroad.api.Deadline;
import org.xbill.DNS.Message;

/**
 * The open tries of one query. All of them stay open until the query ends, so that a late answer still counts. Not thread-safe, but another
 * thread may wake up the selector.
 */
final class PendingTries implements AutoCloseable {

    private final Selector selector;
    private final BooleanSupplier dnsIsClosed;
    private final Consumer<Selector> onClose;
    private final Set<DnsTry> open = new LinkedHashSet<>();

    /** @param onClose receives the selector before it is closed */
    PendingTries(Selector selector, BooleanSupplier dnsIsClosed, Consumer<Selector> onClose) {
        this.selector = selector;
        this.dnsIsClosed = dnsIsClosed;
        this.onClose = onClose;
    }

    /** DNS was closed before an answer arrived. */
    static final class ClosedException extends IOException {
        private static final long serialVersionUID = 1;
    }

    /** Result of one try. A closed set. */
    sealed interface TryResult {

        DnsTry by();

        record Answered(DnsTry by, Message answer) implements TryResult {}

        record Broken(DnsTry by, IOException why) implements TryResult {}
    }

    DnsTry send(Message query, InetSocketAddress server, boolean overTcp) throws IOException {
        if (dnsIsClosed.getAsBoolean()) {
            throw new ClosedException();
        }
        DnsTry begun = new DnsTry(query, server, overTcp, selector);
        open.add(begun);
        return begun;
    }

    /** Returns whether no try is open any more. */
    boolean isEmpty() {
        return open.isEmpty();
    }

    /**
     * Returns the next try that ends, or empty when the deadline has passed. Data that has already arrived is still processed after the
     * deadline.
     */
    Optional<TryResult> await(Deadline deadline) throws IOException, InterruptedException {
        while (true) {
            if (dnsIsClosed.getAsBoolean()) {
                throw new ClosedException();
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while waiting for DNS");
            }
            boolean last = deadline.hasPassed();
            int ready = last ? selector.selectNow() : selector.select(deadline.remainingMillis());
            Optional<TryResult> ended = ready > 0 ? advance() : Optional.empty();
            if (ended.isPresent() || last) {
                return ended;
            }
        }
    }

    @Override
    public void close() throws IOException {
        open.forEach(DnsTry::close);
        onClose.accept(selector);
        selector.close();
    }

    /** Returns at most one result. Channels that are still ready are selected again. */
    private Optional<TryResult> advance() {
        Iterator<SelectionKey> keys = selector.selectedKeys().iterator();
        Optional<TryResult> ended = Optional.empty();
        while (ended.isEmpty() && keys.hasNext()) {
            DnsTry ready = (DnsTry) keys.next().attachment();
            keys.remove();
            ended = advance(ready);
        }
        selector.selectedKeys().clear();
        return ended;
    }

    private Optional<TryResult> advance(DnsTry ready) {
        Optional<TryResult> ended;
        try {
            ended = ready.advance().map(answer -> new TryResult.Answered(ready, answer));
        } catch (IOException e) {
            ended = Optional.of(new TryResult.Broken(ready, e));
        }
        if (ended.isPresent()) {
            open.remove(ready);
            ready.close();
        }
        return ended;
    }
}
