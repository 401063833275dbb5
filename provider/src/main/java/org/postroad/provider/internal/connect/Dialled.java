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
 *   <li>untried: nothing is known of them. With a connection they are what remains should the session fail (TRY-03);
 *       without one, the deadline left no time for them.
 * </ul>
 */
public record Dialled(Optional<Connection> connection, List<Failure> failures, List<RemoteMta> untried) {

    public Dialled {
        failures = List.copyOf(failures);
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
