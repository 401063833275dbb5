// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Instant;
import java.util.Objects;

/** The report of an attempt at a delivery of the queue, as the history has it. */
public final class AttemptReport {

    private final Domain domain;
    private final int attempt;
    private final Instant endedAt;
    private final String json;

    /**
     * Creates the report of an attempt.
     *
     * @param json as from {@link DeliveryReport#toJson()}
     */
    public AttemptReport(Domain domain, int attempt, Instant endedAt, String json) {
        this.domain = domain;
        this.attempt = attempt;
        this.endedAt = endedAt;
        this.json = json;
    }

    /** {@return the recipient domain} */
    public Domain domain() {
        return domain;
    }

    /** {@return the number of the attempt at this delivery, from 1} */
    public int attempt() {
        return attempt;
    }

    /** {@return when the attempt ended} */
    public Instant endedAt() {
        return endedAt;
    }

    /**
     * {@return the report as JSON: that of a {@link DeliveryReport} with this domain, as from {@link DeliveryReport#toJson()}} If the attempt
     * had many recipients, it has the results of some of them.
     */
    public String json() {
        return json;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AttemptReport that
                && domain.equals(that.domain)
                && attempt == that.attempt
                && endedAt.equals(that.endedAt)
                && json.equals(that.json);
    }

    @Override
    public int hashCode() {
        return Objects.hash(domain, attempt, endedAt, json);
    }

    @Override
    public String toString() {
        return "AttemptReport[domain=" + domain
                + ", attempt=" + attempt
                + ", endedAt=" + endedAt
                + ", json=" + json + "]";
    }
}
