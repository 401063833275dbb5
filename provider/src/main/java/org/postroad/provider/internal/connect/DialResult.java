// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.postroad.api.RemoteMta;

/**
 * Result of dialling the addresses of one host. Each address is in exactly one place:
 *
 * <ul>
 *   <li>connection: at most one survives (ORDER-06);
 *   <li>failures: addresses contacted without success, in the order in which they failed;
 *   <li>lostRace: dials cancelled because another one connected first, in the order in which they were started. It is unknown whether
 *       these addresses answer, so they count as contacted only if the session on the winning connection settled everything. If that
 *       session fails, they are the addresses left to try, along with the untried ones (TRY-03);
 *   <li>untried: addresses that were not dialled. If there is no connection, the deadline left no time for them.
 * </ul>
 */
public record DialResult(
        Optional<Connection> connection, List<Failure> failures, List<Failure> lostRace, List<RemoteMta> untried) {

    public DialResult {
        failures = List.copyOf(failures);
        lostRace = List.copyOf(lostRace);
        untried = List.copyOf(untried);
    }

    /**
     * An established connection.
     *
     * @param socket connected; owned by the caller, who closes it
     * @param remote the server
     * @param startedAt when the dial began
     * @param took the duration of the dial
     */
    public record Connection(Socket socket, RemoteMta remote, Instant startedAt, Duration took) {}

    /**
     * A failed dial.
     *
     * @param remote the server that was contacted
     * @param startedAt when the dial began
     * @param took the duration of the dial
     * @param detail what went wrong, human-readable
     */
    public record Failure(RemoteMta remote, Instant startedAt, Duration took, String detail) {}
}
