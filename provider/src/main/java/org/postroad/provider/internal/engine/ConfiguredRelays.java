// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.postroad.api.CredentialsSource;
import org.postroad.api.Family;
import org.postroad.api.Relay;
import org.postroad.provider.internal.config.RelayUrl;
import org.postroad.spi.RelaySelector;

/** Relays of {@code mail.mx.relay}, {@code mail.mx.relay.ipv4} and {@code mail.mx.relay.ipv6} (RELAY-01). Pure, thread-safe. */
public final class ConfiguredRelays implements RelaySelector {

    private final Map<Family, List<Relay>> relays;

    /** @param credentials the source for relays whose URLs have no credentials; empty if there is none */
    public ConfiguredRelays(Map<Family, List<RelayUrl>> relays, Optional<CredentialsSource> credentials) {
        this.relays = relays.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey,
                        entry -> entry.getValue().stream()
                                .map(url -> credentials.map(url::relay).orElseGet(url::relay))
                                .toList()));
    }

    /** Returns the relays for the families of the destination; for all families if none of its addresses is known (RELAY-08). */
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
