// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.time.Instant;
import java.util.Collection;
import java.util.function.Consumer;
import org.postroad.api.Domain;
import org.postroad.provider.internal.queue.store.Database;

/** What {@link QueueControl} needs of a queue: of one that this process delivers, or of one that it is only attached to. */
interface ControlledQueue {

    CallerAccess access();

    Instant now();

    /** Returns the statistics since this process opened the queue. */
    QueueCounters counters();

    QueueEvents events();

    AttemptResults results();

    /** Signals these destinations, and ends their backing off. */
    void signal(Collection<Domain> domains);

    /** Prevents further deliveries in the visit to the destination that is in progress in this process. Deliveries in progress continue. */
    void stopVisit(Domain domain);

    /** Sends the pending notices of these messages, if this process delivers the queue. */
    void sendNotices(Collection<String> messages) throws InterruptedException;

    /** Waits for a moment, or until the queue is closed. */
    void waitAMoment() throws InterruptedException;

    /** Reads on the calling thread, within its transaction. */
    default <T> T readForCaller(Database.Work<T> work) {
        return access().read(work);
    }

    /** Writes without signalling any destination. */
    default <T> T writeForCaller(Database.Work<T> work) throws InterruptedException {
        return writeForCaller(work, result -> {});
    }

    /** Writes as {@link CallerAccess#write} does. */
    default <T> T writeForCaller(Database.Work<T> work, Consumer<T> committed) throws InterruptedException {
        return access().write(work, committed);
    }
}
