// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import org.postroad.api.Domain;
import org.postroad.api.QueueFilter;
import org.postroad.api.QueuedMail.State;
import org.postroad.api.SelectionCount;
import org.postroad.provider.internal.queue.store.DeliveryRows;
import org.postroad.provider.internal.queue.store.DestinationRows;
import org.postroad.provider.internal.queue.store.MessageRows;
import org.postroad.provider.internal.queue.store.QueueRows;
import org.postroad.provider.internal.queue.store.QueuedDelivery;
import org.postroad.provider.internal.queue.store.SelectionQuery;
import org.postroad.provider.internal.queue.store.SelectionQuery.Key;

/**
 * Operator actions on all deliveries that a filter selects. They are read and changed in steps, in the order of ids, each step in a
 * transaction of its own; mail with later ids than the latest at the start is not included. An interrupt ends the action between two steps.
 * Never affects a delivery in progress. Thread-safe.
 */
public final class SelectionControl {

    /** Limit of deliveries in a step. */
    static final int STEP = 100;

    private final ControlledQueue queue;
    private final QueueFilter filter;
    private final LongConsumer progress;

    /** @param progress receives after each step what was changed so far */
    SelectionControl(ControlledQueue queue, QueueFilter filter, LongConsumer progress) {
        this.queue = queue;
        this.filter = filter;
        this.progress = progress;
    }

    /** Counts what is selected, including deliveries in progress. */
    public SelectionCount count() {
        return queue.readForCaller(connection -> SelectionQuery.count(connection, filter));
    }

    /** Changes one step. Returns the number of changes. */
    @FunctionalInterface
    private interface StepChange {
        long change(List<Key> step) throws InterruptedException;
    }

    /** Applies the change step by step. Returns the number of changes. */
    private long forEachStep(StepChange change) throws InterruptedException {
        Optional<String> last = queue.readForCaller(SelectionQuery::lastMessage);
        long changed = 0;
        Key after = Key.START;
        boolean more = last.isPresent();
        while (more) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            SelectionQuery next = SelectionQuery.step(queue.access().dialect(), filter, after, last.get(), STEP);
            List<Key> step = queue.readForCaller(next::keys);
            if (!step.isEmpty()) {
                changed += change.change(step);
                progress.accept(changed);
                after = step.get(step.size() - 1);
            }
            more = step.size() == STEP;
        }
        return changed;
    }

    /** Holds the selected deliveries. Returns the number of those that were waiting. */
    public long hold() throws InterruptedException {
        return forEachStep(step -> queue.writeForCaller(
                        connection -> {
                            List<QueuedDelivery> held = new ArrayList<>();
                            int count = 0;
                            for (Key key : step) {
                                if (QueueRows.hold(connection, key)) {
                                    count++;
                                    held.addAll(read(connection, key));
                                }
                            }
                            return new Changed(held, Set.of(), count);
                        },
                        change -> change.deliveries()
                                .forEach(delivery -> queue.events().held(delivery, "An operator holds it")))
                .count());
    }

    /**
     * Result of a step.
     *
     * @param deliveries those that events are about and that can be read
     * @param domains those with deliveries that are due now
     */
    private record Changed(List<QueuedDelivery> deliveries, Set<Domain> domains, int count) {}

    private static List<QueuedDelivery> read(Connection connection, Key key) throws SQLException {
        return DeliveryRows.read(connection, "WHERE d.message_id = ? AND d.domain = ?", key.message(), key.domain());
    }

    /** Releases the selected deliveries. Returns the number of those that were held. */
    public long release() throws InterruptedException {
        return makeDue(State.HELD);
    }

    /** Makes the selected deliveries due now, even at destinations that are backing off. Returns the number of those that were waiting. */
    public long retry() throws InterruptedException {
        return makeDue(State.OPEN);
    }

    /** @param from HELD to release deliveries, OPEN to retry them */
    private long makeDue(State from) throws InterruptedException {
        return forEachStep(step -> queue.writeForCaller(connection -> makeDue(connection, step, from), change -> {
                    change.deliveries().forEach(queue.events()::released);
                    queue.signal(change.domains());
                })
                .count());
    }

    private Changed makeDue(Connection connection, List<Key> step, State from) throws SQLException {
        Instant now = queue.now();
        List<QueuedDelivery> released = new ArrayList<>();
        Set<String> names = new TreeSet<>(); // in one order in all processes
        int count = 0;
        for (Key key : step) {
            boolean due = from == State.HELD
                    ? QueueRows.release(connection, key, now)
                    : QueueRows.retry(connection, key, now);
            if (due) {
                count++;
                names.add(key.domain());
                if (from == State.HELD) {
                    released.addAll(read(connection, key));
                }
            }
        }
        Set<Domain> domains = new LinkedHashSet<>();
        for (String name : names) {
            Optional<Domain> domain = DeliveryRows.domain(name);
            if (domain.isPresent()) {
                DestinationRows.clearFailures(connection, domain.get());
                domains.add(domain.get());
            }
        }
        return new Changed(released, domains, count);
    }

    /** Removes the selected deliveries without a notice. Returns their number. */
    public long remove() throws InterruptedException {
        return end(new DeliveryEnds(queue, false));
    }

    /** Removes the selected deliveries as if they had failed. Returns their number. */
    public long bounce() throws InterruptedException {
        return end(new DeliveryEnds(queue, true));
    }

    /** A message is completed when a later one follows, so that one notice reports all its deliveries. */
    private long end(DeliveryEnds ends) throws InterruptedException {
        Set<String> incomplete = new LinkedHashSet<>();
        long count = forEachStep(step -> {
            List<DeliveryEnds.Ended> ended =
                    queue.writeForCaller(connection -> endAll(connection, step, ends), ends::publish);
            step.forEach(key -> incomplete.add(key.message()));
            String last = step.get(step.size() - 1).message();
            incomplete.remove(last);
            ends.complete(List.copyOf(incomplete));
            incomplete.clear();
            incomplete.add(last);
            return ended.size();
        });
        ends.complete(List.copyOf(incomplete));
        return count;
    }

    private static List<DeliveryEnds.Ended> endAll(Connection connection, List<Key> step, DeliveryEnds ends)
            throws SQLException {
        List<DeliveryEnds.Ended> all = new ArrayList<>();
        for (Key key : step) {
            ends.end(connection, key).ifPresent(all::add);
        }
        return all;
    }

    /** Sets a new expiry time for each message with a selected delivery. Returns the number of messages. */
    public long expire(Instant at) throws InterruptedException {
        Set<String> last = new LinkedHashSet<>(); // of the step before
        return forEachStep(step -> {
            Set<String> messages = new LinkedHashSet<>();
            step.forEach(key -> messages.add(key.message()));
            messages.removeAll(last);
            last.clear();
            last.add(step.get(step.size() - 1).message());
            return queue.writeForCaller(connection -> {
                int count = 0;
                for (String message : messages) {
                    count += MessageRows.expire(connection, message, at) ? 1 : 0;
                }
                return count;
            });
        });
    }
}
