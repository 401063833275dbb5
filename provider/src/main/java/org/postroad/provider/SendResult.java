// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import java.util.Objects;
import java.util.Optional;
import org.postroad.api.DeliveryReport;

/**
 * The result of a send that was accepted for all recipients. A later version may add accessors. Immutable and thread-safe.
 *
 * <p>With {@code mx} it has the report. With {@code mxqueue} it also has the id of the message in the queue, and the report lists each
 * recipient as queued. With {@code mail.mx.queue.firstattempt=sync} the report shows the direct attempt; there is an id only if a
 * recipient was queued after it.
 */
public final class SendResult {

    private final DeliveryReport report;
    private final Optional<String> queueId;

    /**
     * Creates the result of a send that put nothing into a queue.
     *
     * @param report the result of each recipient
     */
    public SendResult(DeliveryReport report) {
        this(report, Optional.empty());
    }

    private SendResult(DeliveryReport report, Optional<String> queueId) {
        this.report = report;
        this.queueId = queueId;
    }

    /**
     * Returns the result of each recipient with its reason, and the warnings about the message.
     *
     * @return the report
     */
    public DeliveryReport report() {
        return report;
    }

    /**
     * Returns the id of the message in the queue, as used by {@link MailQueue#show}.
     *
     * @return empty if nothing was put into a queue
     */
    public Optional<String> queueId() {
        return queueId;
    }

    /**
     * Returns a copy with another report.
     *
     * @param other the new report
     * @return the copy
     */
    public SendResult withReport(DeliveryReport other) {
        return new SendResult(other, queueId);
    }

    /**
     * Returns a copy with an id of the message in the queue.
     *
     * @param id the new id
     * @return the copy
     */
    public SendResult withQueueId(String id) {
        return new SendResult(report, Optional.of(id));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SendResult that && report.equals(that.report) && queueId.equals(that.queueId);
    }

    @Override
    public int hashCode() {
        return Objects.hash(report, queueId);
    }

    /**
     * Returns several human-readable lines: the id in the queue, if there is one, and the report.
     *
     * @return the text
     */
    @Override
    public String toString() {
        return queueId.map(id -> "Stored in the queue as " + id + "\n").orElse("") + report;
    }
}
