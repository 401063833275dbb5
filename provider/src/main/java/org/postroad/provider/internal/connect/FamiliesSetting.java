// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.postroad.api.Family;
import org.postroad.api.Printable;

/** The families in which this host reaches the Internet: {@code mail.mx.families} (ADDR-01). */
public enum FamiliesSetting {
    /** Every family for which the operating system has a route and a source address. */
    AUTO,
    IPV4,
    IPV6,
    BOTH;

    /**
     * Parses the setting, ignoring case.
     *
     * @throws IllegalArgumentException if the text is none of the four values; the message lists them
     */
    public static FamiliesSetting parse(String text) {
        return Arrays.stream(values())
                .filter(setting -> setting.toString().equals(text.strip().toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(Printable.quote(text) + " is none of "
                        + Arrays.stream(values()).map(FamiliesSetting::toString).collect(Collectors.joining(", "))));
    }

    /** Returns the configured families, or empty if they must be detected. */
    Optional<Set<Family>> fixed() {
        return switch (this) {
            case AUTO -> Optional.empty();
            case IPV4 -> Optional.of(Set.of(Family.IPV4));
            case IPV6 -> Optional.of(Set.of(Family.IPV6));
            case BOTH -> Optional.of(Set.of(Family.IPV4, Family.IPV6));
        };
    }

    /** Returns the value as written in the settings. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
