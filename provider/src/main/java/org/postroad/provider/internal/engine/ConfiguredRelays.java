// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.postroad.api.Family;
import org.postroad.api.Relay;
import org.postroad.spi.RelaySelector;

/** The relays of {@code mail.mx.relay}, {@code .relay.ipv4} and {@code .relay.ipv6} (RELAY-01). Pure, thread-safe. */
final class ConfiguredRelays implements RelaySelector {

    private final Map<Family, List<Relay>> relays;

    ConfiguredRelays(Map<Family, List<Relay>> relays) {
        this.relays = Map.copyOf(relays);
    }

    /** Those for the destination's families; for all families where it has no known address, as after RELAY-08. */
    @Override
    public List<Relay> select(Question question) {
        Set<Family> destination = question.families().destination();
        Set<Family> served = new TreeSet<>(destination.isEmpty() ? Set.of(Family.values()) : destination);
        return served.stream()
                .flatMap(family -> relays.getOrDefault(family, List.of()).stream())
                .distinct()
                .toList();
    }
}
