// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Settings of this package.
 *
 * @param families {@code mail.mx.families}
 * @param local {@code mail.mx.localaddress.ipv4} and {@code .ipv6}
 * @param connectTimeout {@code mail.mx.connectiontimeout}, for each address
 * @param attemptDelay {@code mail.mx.attemptdelay}: the delay before the next address of a host is dialled concurrently; if empty, the next
 *     address is dialled only after a failure
 * @param allowed {@code mail.mx.addresses.allow}
 * @param nat64 {@code mail.mx.nat64.prefix}; if empty, the prefix is discovered
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

    /** Default time-out for one address, as in Postfix. */
    public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(30);

    /** Longest time-out for one address; RFC 5321 §4.5.3.2 has no longer time-out either. */
    public static final Duration MAX_CONNECT_TIMEOUT = Duration.ofMinutes(10);

    /** Default attempt delay (RFC 8305 §8). */
    public static final Duration DEFAULT_ATTEMPT_DELAY = Duration.ofMillis(250);

    /** Shortest attempt delay; with a shorter one, every address would be dialled for each message (RFC 8305 §5). */
    public static final Duration MIN_ATTEMPT_DELAY = Duration.ofMillis(10);

    /** Longest attempt delay; with a longer one, waiting for a silent address costs more than overlapping dials do (RFC 8305 §5). */
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
