// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.wire;

/**
 * What a sink has counted.
 *
 * @param connections accepted
 * @param messages accepted
 * @param octets of the messages
 * @param roundTrips that the accepted messages took, from the end of the message before, or from the client's connect
 */
public record Tally(long connections, long messages, long octets, long roundTrips) {

    public static final Tally NOTHING = new Tally(0, 0, 0, 0);

    /** What was counted since then. */
    public Tally since(Tally earlier) {
        return new Tally(
                connections - earlier.connections,
                messages - earlier.messages,
                octets - earlier.octets,
                roundTrips - earlier.roundTrips);
    }

    /**
     * On the average.
     *
     * @throws IllegalStateException if there was no message
     */
    public double roundTripsPerMessage() {
        if (messages == 0) {
            throw new IllegalStateException("The sink got no message");
        }
        return (double) roundTrips / messages;
    }
}
