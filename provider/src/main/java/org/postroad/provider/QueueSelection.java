// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import java.time.Instant;
import java.util.function.LongConsumer;
import org.postroad.api.QueueFilter;
import org.postroad.api.SelectionCount;
import org.postroad.provider.internal.queue.QueueControl;
import org.postroad.provider.internal.queue.SelectionControl;

/**
 * The deliveries of a queue that a filter selects. A delivery is one message to one domain: with a domain in the filter, the deliveries of
 * the same message to other domains are not changed.
 *
 * <p>An action works in steps of up to 100 deliveries, each in a transaction of its own, in the order in which the messages were queued. So
 * it needs little memory, whatever the number, and delivery goes on beside it. Each step reads the queue again: mail that arrives after the
 * start is not included, and a delivery that has ended meanwhile is not changed. Deliveries in progress are counted, but never changed.
 *
 * <p>What a step has changed is durable. If an action fails or is interrupted, the steps before stay done; it can be repeated. Within a
 * transaction that the queue joins ({@code mail.mx.queue.datasource}), all steps are part of that transaction, which then holds locks on all
 * changed rows until it ends: prefer to call these methods outside of one.
 *
 * <p>Immutable and thread-safe. All methods but {@link #onProgress} wait for the database, and throw an unchecked exception if the queue
 * cannot be read or written, or is closed.
 */
public final class QueueSelection {

    private final QueueControl control;
    private final QueueFilter filter;
    private final LongConsumer progress;

    QueueSelection(QueueControl control, QueueFilter filter) {
        this(control, filter, done -> {});
    }

    private QueueSelection(QueueControl control, QueueFilter filter, LongConsumer progress) {
        this.control = control;
        this.filter = filter;
        this.progress = progress;
    }

    /**
     * Returns this selection, whose actions report their progress.
     *
     * @param listener receives, after each step, the number that the action has changed so far; called on the thread of the action. An
     *     exception that it throws ends the action
     * @return a new selection
     */
    public QueueSelection onProgress(LongConsumer listener) {
        return new QueueSelection(control, filter, listener);
    }

    /**
     * Counts what is selected now, as a dry run. Changes nothing. An action may change fewer deliveries: those in the states that it concerns.
     *
     * @return the count
     */
    public SelectionCount count() {
        return selected().count();
    }

    /**
     * Holds the selected deliveries that are waiting; see {@link MailQueue#hold}.
     *
     * @return the number of deliveries held
     * @throws InterruptedException if the thread is interrupted; some deliveries may be held
     */
    public long hold() throws InterruptedException {
        return selected().hold();
    }

    /**
     * Releases the selected deliveries that are held; see {@link MailQueue#release}. Notices that were set aside stay so.
     *
     * @return the number of deliveries released
     * @throws InterruptedException if the thread is interrupted; some deliveries may be released
     */
    public long release() throws InterruptedException {
        return selected().release();
    }

    /**
     * Retries the selected deliveries that are waiting, immediately; see {@link MailQueue#retry}.
     *
     * @return the number of deliveries that are due now
     * @throws InterruptedException if the thread is interrupted; some deliveries may be due
     */
    public long retry() throws InterruptedException {
        return selected().retry();
    }

    /**
     * Removes the selected deliveries without a notice; see {@link MailQueue#remove}. Earlier notices are discarded if nothing of their
     * message is left.
     *
     * @return the number of deliveries removed
     * @throws InterruptedException if the thread is interrupted; some deliveries may be removed
     */
    public long remove() throws InterruptedException {
        return selected().remove();
    }

    /**
     * Removes the selected deliveries as if they had failed; see {@link MailQueue#bounce}. One notice reports all selected deliveries of a
     * message.
     *
     * @return the number of deliveries removed
     * @throws InterruptedException if the thread is interrupted; some deliveries may be removed
     */
    public long bounce() throws InterruptedException {
        return selected().bounce();
    }

    /**
     * Sets a new expiry time of each message with a selected delivery. It applies to the whole message, whatever its domains; see
     * {@link MailQueue#expire}.
     *
     * @param at the new expiry time; it may be in the past
     * @return the number of messages
     * @throws InterruptedException if the thread is interrupted; some messages may have the new time
     */
    public long expire(Instant at) throws InterruptedException {
        return selected().expire(at);
    }

    private SelectionControl selected() {
        return control.select(filter, progress);
    }
}
