// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** The use of one connection in one contact with a host. */
public final class ConnectionUse {

    private final long number;
    private final int earlierTransactions;
    private final Map<Stage, Duration> stages;

    /**
     * Creates a description.
     *
     * @param number distinguishes the connections of a JVM
     * @param earlierTransactions the number of transactions that the connection had carried before; 0 for a new one
     * @param stages the time that each stage took
     */
    public ConnectionUse(long number, int earlierTransactions, Map<Stage, Duration> stages) {
        this.number = number;
        this.earlierTransactions = earlierTransactions;
        Map<Stage, Duration> inOrder = new EnumMap<>(Stage.class);
        inOrder.putAll(stages);
        this.stages = Collections.unmodifiableMap(inOrder);
    }

    /** {@return the number of the connection, as in debug output; unique within the JVM} */
    public long number() {
        return number;
    }

    /** {@return the number of transactions that the connection had carried before; 0 for a new one} */
    public int earlierTransactions() {
        return earlierTransactions;
    }

    /**
     * {@return how long each stage took, in the order of the stages} A stage ends with the server's reply, so with PIPELINING the first
     * reply of a command group has the time of the whole round trip. A stage that was passed several times has the sum. Stages that
     * belong to an earlier use of the connection are missing.
     */
    public Map<Stage, Duration> stages() {
        return stages;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ConnectionUse that
                && number == that.number
                && earlierTransactions == that.earlierTransactions
                && stages.equals(that.stages);
    }

    @Override
    public int hashCode() {
        return Objects.hash(number, earlierTransactions, stages);
    }

    @Override
    public String toString() {
        return "ConnectionUse[number=" + number + ", earlierTransactions=" + earlierTransactions + ", stages=" + stages
                + "]";
    }
}
