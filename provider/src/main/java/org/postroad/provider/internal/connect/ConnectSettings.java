// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The settings of this room.
 *
 * @param families {@code mail.mx.families}
 * @param local {@code mail.mx.localaddress.ipv4} and {@code .ipv6}
 * @param connectTimeout {@code mail.mx.connectiontimeout}, for each address
 * @param allowed {@code mail.mx.addresses.allow}
 * @param nat64 {@code mail.mx.nat64.prefix}; empty: to be discovered
 * @param socks {@code mail.mx.socks.*}
 */
public record ConnectSettings(
        FamiliesSetting families,
        LocalAddresses local,
        Duration connectTimeout,
        List<Cidr> allowed,
        Optional<Nat64Prefix> nat64,
        Optional<SocksProxy> socks) {

    /** The wait for one address, unless configured; as in Postfix. */
    public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(30);

    /** The longest wait for one address; beyond it, RFC 5321 §4.5.3.2 has no use either. */
    public static final Duration MAX_CONNECT_TIMEOUT = Duration.ofMinutes(10);

    public static final ConnectSettings DEFAULT = new ConnectSettings(
            FamiliesSetting.AUTO,
            LocalAddresses.NONE,
            DEFAULT_CONNECT_TIMEOUT,
            List.of(),
            Optional.empty(),
            Optional.empty());

    /** @throws IllegalArgumentException if a value is out of its limits; the message names it */
    public ConnectSettings {
        if (connectTimeout.toMillis() < 1 || connectTimeout.compareTo(MAX_CONNECT_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    "The connection time-out " + connectTimeout + " is not between 1 ms and " + MAX_CONNECT_TIMEOUT);
        }
        allowed = List.copyOf(allowed);
    }
}
