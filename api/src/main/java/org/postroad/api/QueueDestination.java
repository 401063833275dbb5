// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** A destination domain of the queue that has waiting deliveries or is paused. */
public final class QueueDestination {

    private final Domain domain;
    private final long waiting;
    private final Optional<Instant> oldestDue;
    private final boolean paused;
    private final Optional<Instant> retryAt;
    private final Optional<String> report;

    /** Creates the state of a destination. */
    public QueueDestination(
            Domain domain,
            long waiting,
            Optional<Instant> oldestDue,
            boolean paused,
            Optional<Instant> retryAt,
            Optional<String> report) {
        this.domain = domain;
        this.waiting = waiting;
        this.oldestDue = oldestDue;
        this.paused = paused;
        this.retryAt = retryAt;
        this.report = report;
    }

    /** {@return the domain} */
    public Domain domain() {
        return domain;
    }

    /** {@return the number of deliveries} */
    public long waiting() {
        return waiting;
    }

    /** {@return when the earliest delivery was or is due} */
    public Optional<Instant> oldestDue() {
        return oldestDue;
    }

    /** {@return whether an operator has paused deliveries to the domain} */
    public boolean paused() {
        return paused;
    }

    /** {@return when the domain is tried again, if it did not answer} */
    public Optional<Instant> retryAt() {
        return retryAt;
    }

    /** {@return the report on the last visit, if the domain did not answer; human-readable, several lines} */
    public Optional<String> report() {
        return report;
    }

    /** {@return this destination as one line of JSON (RFC 8259), of ASCII characters; the format is described in {@code provider/QUEUE.md}} */
    public String toJson() {
        return new JsonObject()
                .with("version", QueueJson.VERSION)
                .with("domain", domain.toString())
                .with("waiting", waiting)
                .with("oldestDue", oldestDue.map(QueueJson::time))
                .with("paused", paused)
                .with("retryAt", retryAt.map(QueueJson::time))
                .with("report", report)
                .toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof QueueDestination that
                && domain.equals(that.domain)
                && waiting == that.waiting
                && oldestDue.equals(that.oldestDue)
                && paused == that.paused
                && retryAt.equals(that.retryAt)
                && report.equals(that.report);
    }

    @Override
    public int hashCode() {
        return Objects.hash(domain, waiting, oldestDue, paused, retryAt, report);
    }

    @Override
    public String toString() {
        return "QueueDestination[domain=" + domain
                + ", waiting=" + waiting
                + ", oldestDue=" + oldestDue
                + ", paused=" + paused
                + ", retryAt=" + retryAt
                + ", report=" + report + "]";
    }
}
