// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.wire;

/**
 * What a sink has counted.
 *
 * @param connections accepted connections
 * @param messages accepted messages
 * @param octets octets of the messages
 * @param roundTrips round trips of the accepted messages, counted from the end of the previous message or from the client's
 *     connect
 */
public record Tally(long connections, long messages, long octets, long roundTrips) {

    public static final Tally NOTHING = new Tally(0, 0, 0, 0);

    /** Returns what was counted since the earlier tally. */
    public Tally since(Tally earlier) {
        return new Tally(
                connections - earlier.connections,
                messages - earlier.messages,
                octets - earlier.octets,
                roundTrips - earlier.roundTrips);
    }

    /**
     * Returns the average number of round trips per message.
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
