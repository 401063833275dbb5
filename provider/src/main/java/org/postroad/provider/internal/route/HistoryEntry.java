// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postroad.api.Attempt;
import org.postroad.api.IpAddress;
import org.postroad.api.Lookup;
import org.postroad.api.Relay;

/** One event in the history of a delivery. */
public sealed interface HistoryEntry {

    /**
     * A DNS lookup was completed.
     *
     * @param lookup question and answer
     * @param sources for each address found, the source address that the operating system would use; no entry if there is no route
     */
    record LookedUp(Lookup<?> lookup, Map<IpAddress, IpAddress> sources) implements HistoryEntry {
        public LookedUp {
            sources = Map.copyOf(sources);
        }
    }

    /** A host was contacted. */
    record Contacted(Attempt attempt) implements HistoryEntry {}

    /**
     * The relay selector returned.
     *
     * @param relays in the order in which to try them; can be empty
     * @param failure the error if the selector threw an exception or returned null
     */
    record SelectorAnswered(List<Relay> relays, Optional<String> failure) implements HistoryEntry {
        public SelectorAnswered {
            relays = List.copyOf(relays);
        }
    }
}
