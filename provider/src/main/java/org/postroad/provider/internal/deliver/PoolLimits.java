// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.time.Duration;

/**
 * Limits of a {@link ConnectionPool}.
 *
 * @param inAll {@code maxconnections}: all open connections, in use or kept
 * @param perHost {@code maxconnectionsperhost}: connections to one host name, and to one address
 * @param transactions {@code maxmessagesperconnection}: transactions on one connection, at least 1
 * @param idle {@code idletimeout}: how long an idle connection is kept; zero: never
 */
public record PoolLimits(int inAll, int perHost, int transactions, Duration idle) {

    /** 10 transactions: the lowest limit known of servers in use. RFC 9422 lets servers announce such limits, but few do. */
    public static final PoolLimits DEFAULTS = new PoolLimits(100, 20, 10, Duration.ofSeconds(10));

    /** Limit for one address of a mail exchanger that answers: half of all connections. */
    int atAnswering() {
        return Math.min(perHost, share(2));
    }

    /** Limit for one address of a mail exchanger that has not answered recently: a fifth of all connections. */
    int atUnproven() {
        return Math.min(perHost, share(5));
    }

    /** Limit for all addresses together that have not answered recently: all connections but a fifth. */
    int toUnproven() {
        return Math.max(1, inAll - share(5));
    }

    private int share(int of) {
        return Math.max(1, inAll / of);
    }
}
