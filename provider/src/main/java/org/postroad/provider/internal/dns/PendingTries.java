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
 * The tries of one question that are still open: all of them are listened to, so that an answer counts however late it comes. Of one thread,
 * but for what wakes its selector.
 */
final class PendingTries implements AutoCloseable {

    private final Selector selector;
    private final BooleanSupplier dnsIsClosed;
    private final Consumer<Selector> onClose;
    private final Set<DnsTry> open = new LinkedHashSet<>();

    /** @param onClose gets the selector before it is closed */
    PendingTries(Selector selector, BooleanSupplier dnsIsClosed, Consumer<Selector> onClose) {
        this.selector = selector;
        this.dnsIsClosed = dnsIsClosed;
        this.onClose = onClose;
    }

    /** How a try ended. A closed set. */
    sealed interface Result {

        DnsTry by();

        record Answered(DnsTry by, Message answer) implements Result {}

        record Broken(DnsTry by, IOException why) implements Result {}
    }

    DnsTry send(Message query, InetSocketAddress server, boolean overTcp) throws IOException {
        if (dnsIsClosed.getAsBoolean()) {
            throw new DnsExchange.ClosedException();
        }
        DnsTry begun = new DnsTry(query, server, overTcp, selector);
        open.add(begun);
        return begun;
    }

    /** Whether no try can bring anything any more. */
    boolean isEmpty() {
        return open.isEmpty();
    }

    /** The next try that ends; empty when the time is over. What is there already counts also when it is over. */
    Optional<Result> await(Deadline deadline) throws IOException, InterruptedException {
        while (true) {
            if (dnsIsClosed.getAsBoolean()) {
                throw new DnsExchange.ClosedException();
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while waiting for DNS");
            }
            boolean last = deadline.hasPassed();
            int ready = last ? selector.selectNow() : selector.select(deadline.remainingMillis());
            Optional<Result> ended = ready > 0 ? advance() : Optional.empty();
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

    /** One at a time: channels that are still ready are selected again. */
    private Optional<Result> advance() {
        Iterator<SelectionKey> keys = selector.selectedKeys().iterator();
        Optional<Result> ended = Optional.empty();
        while (ended.isEmpty() && keys.hasNext()) {
            DnsTry ready = (DnsTry) keys.next().attachment();
            keys.remove();
            ended = advance(ready);
        }
        selector.selectedKeys().clear();
        return ended;
    }

    private Optional<Result> advance(DnsTry ready) {
        Optional<Result> ended;
        try {
            ended = ready.advance().map(answer -> new Result.Answered(ready, answer));
        } catch (IOException e) {
            ended = Optional.of(new Result.Broken(ready, e));
        }
        if (ended.isPresent()) {
            open.remove(ready);
            ready.close();
        }
        return ended;
    }
}
