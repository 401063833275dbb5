// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postroad.api.Domain;
import org.postroad.api.Family;
import org.postroad.api.Mailbox;
import org.postroad.api.Relay;
import org.postroad.spi.RelaySelector;

/** A selector that meets the contract: a table that never changes. */
class ReferenceRelaySelectorTest extends RelaySelectorTck {

    static final List<Relay> RELAYS =
            List.of(Relay.parse("smtps://user:secret@relay1.example.net"), Relay.parse("smtp://relay2.example.net"));

    @Override
    protected RelaySelector create() {
        return new Table();
    }

    @Override
    protected Map<RelaySelector.Question, List<Relay>> expected() {
        return Map.of(about("example.org"), RELAYS, about("nobody.example.net"), List.of());
    }

    private static RelaySelector.Question about(String domain) {
        return new RelaySelector.Question(
                Domain.parse(domain),
                Optional.empty(),
                List.of(Mailbox.parse("user@" + domain)),
                new RelaySelector.Families(Set.of(Family.IPV4), Set.of(Family.IPV6)),
                RelaySelector.Reason.OTHER_FAMILY);
    }

    /** Broken selectors override it. */
    static class Table implements RelaySelector {

        private final Map<Domain, List<Relay>> relays =
                Map.of(Domain.parse("example.org"), RELAYS, Domain.parse("example.com"), RELAYS.subList(1, 2));

        @Override
        public List<Relay> select(Question question) {
            return relays.getOrDefault(question.domain(), List.of());
        }
    }
}
