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
 * @param attemptDelay {@code mail.mx.attemptdelay}, after which the next address of a host is dialled, too; empty: only when one failed
 * @param allowed {@code mail.mx.addresses.allow}
 * @param nat64 {@code mail.mx.nat64.prefix}; empty: to be discovered
 * @param socks {@code mail.mx.socks.*}
 */
public record ConnectSettings(
        FamiliesSetting families,
        LocalAddresses local,
        Duration connectTimeout,
        Optional<Duration> attemptDelay,
        List<Cidr> allowed,
        Optional<Nat64Prefix> nat64,
        Optional<SocksProxy> socks) {

    /** The wait for one address, unless configured; as in Postfix. */
    public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(30);

    /** The longest wait for one address; beyond it, RFC 5321 §4.5.3.2 has no use either. */
    public static final Duration MAX_CONNECT_TIMEOUT = Duration.ofMinutes(10);

    /** RFC 8305 §8. */
    public static final Duration DEFAULT_ATTEMPT_DELAY = Duration.ofMillis(250);

    /** Below, every address would be dialled at each message (RFC 8305 §5). */
    public static final Duration MIN_ATTEMPT_DELAY = Duration.ofMillis(10);

    /** Beyond, an address that does not answer holds mail up for longer than an overlap costs (RFC 8305 §5). */
    public static final Duration MAX_ATTEMPT_DELAY = Duration.ofSeconds(2);

    public static final ConnectSettings DEFAULT = new ConnectSettings(
            FamiliesSetting.AUTO,
            LocalAddresses.NONE,
            DEFAULT_CONNECT_TIMEOUT,
            Optional.of(DEFAULT_ATTEMPT_DELAY),
            List.of(),
            Optional.empty(),
            Optional.empty());

    /** @throws IllegalArgumentException if a value is out of its limits; the message names it */
    public ConnectSettings {
        if (connectTimeout.toMillis() < 1 || connectTimeout.compareTo(MAX_CONNECT_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    "The connection time-out " + connectTimeout + " is not between 1 ms and " + MAX_CONNECT_TIMEOUT);
        }
        if (attemptDelay.isPresent()
                && (attemptDelay.get().compareTo(MIN_ATTEMPT_DELAY) < 0
                        || attemptDelay.get().compareTo(MAX_ATTEMPT_DELAY) > 0)) {
            throw new IllegalArgumentException("The attempt delay " + attemptDelay.get() + " is not between "
                    + MIN_ATTEMPT_DELAY + " and " + MAX_ATTEMPT_DELAY);
        }
        allowed = List.copyOf(allowed);
    }
}
