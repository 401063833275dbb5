// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.postroad.api.RemoteMta;

/**
 * What came of dialling the addresses of one host. Each address is in exactly one place:
 *
 * <ul>
 *   <li>connection: at most one survives (ORDER-06);
 *   <li>failures: contacted in vain, in the order in which they failed;
 *   <li>overtaken: being dialled when another one connected, and given up for it, in the order of dialling. Whether they answer is not
 *       known, so they count as contacted only when the session with the other one left nothing to do; should it fail, they are what
 *       remains, beside the untried (TRY-03);
 *   <li>untried: nothing is known of them. Without a connection, the deadline left no time for them.
 * </ul>
 */
public record Dialled(
        Optional<Connection> connection, List<Failure> failures, List<Failure> overtaken, List<RemoteMta> untried) {

    public Dialled {
        failures = List.copyOf(failures);
        overtaken = List.copyOf(overtaken);
        untried = List.copyOf(untried);
    }

    /**
     * A connection that stands.
     *
     * @param socket connected; it belongs to the caller, who closes it
     * @param remote to whom
     * @param startedAt when its dial began
     * @param took how long the dial lasted
     */
    public record Connection(Socket socket, RemoteMta remote, Instant startedAt, Duration took) {}

    /**
     * An address that gave no connection.
     *
     * @param remote who was contacted
     * @param startedAt when the dial began
     * @param took how long it lasted
     * @param detail what went wrong, for people
     */
    public record Failure(RemoteMta remote, Instant startedAt, Duration took, String detail) {}
}
