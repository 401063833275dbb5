// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postroad.api.Domain;
import org.postroad.api.Family;
import org.postroad.api.Mailbox;
import org.postroad.api.Relay;
import org.postroad.provider.internal.config.RelayUrl;
import org.postroad.spi.RelaySelector;
import org.postroad.tck.RelaySelectorTck;

/** The configured relays, one for the destinations of each family. */
class ConfiguredRelaysConformanceTest extends RelaySelectorTck {

    private static final Relay FOR_IPV4 = Relay.parse("smtp://relay4.example.net");
    private static final Relay FOR_IPV6 = Relay.parse("smtps://user:secret@relay6.example.net");

    @Override
    protected RelaySelector create() {
        return new ConfiguredRelays(
                Map.of(
                        Family.IPV4, List.of(RelayUrl.parse("smtp://relay4.example.net")),
                        Family.IPV6, List.of(RelayUrl.parse("smtps://user:secret@relay6.example.net"))),
                Optional.empty());
    }

    @Override
    protected Map<RelaySelector.Question, List<Relay>> expected() {
        return Map.of(
                destination(Set.of(Family.IPV6)), List.of(FOR_IPV6),
                destination(Set.of(Family.IPV4)), List.of(FOR_IPV4),
                destination(Set.of()), List.of(FOR_IPV4, FOR_IPV6));
    }

    private static RelaySelector.Question destination(Set<Family> families) {
        return new RelaySelector.Question(
                Domain.parse("example.org"),
                Optional.empty(),
                List.of(Mailbox.parse("user@example.org")),
                new RelaySelector.Families(Set.of(Family.IPV4), families),
                RelaySelector.Reason.OTHER_FAMILY);
    }
}
