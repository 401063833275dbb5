// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postroad.api.Attempt;
import org.postroad.api.IpAddress;
import org.postroad.api.Lookup;
import org.postroad.api.Relay;

/** One thing that happened in a delivery. */
public sealed interface Fact {

    /**
     * DNS answered.
     *
     * @param lookup question and answer
     * @param sources for each address found, what the operating system would send from; no entry where there is no route
     */
    record LookedUp(Lookup<?> lookup, Map<IpAddress, IpAddress> sources) implements Fact {
        public LookedUp {
            sources = Map.copyOf(sources);
        }
    }

    /** A host was contacted. */
    record Contacted(Attempt attempt) implements Fact {}

    /**
     * The relay selector answered.
     *
     * @param relays in the order in which to try them; empty where there is none
     * @param failure what went wrong, where the selector threw or answered null
     */
    record SelectorAnswered(List<Relay> relays, Optional<String> failure) implements Fact {
        public SelectorAnswered {
            relays = List.copyOf(relays);
        }
    }
}
