// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.postroad.api.IpAddress;
import org.postroad.spi.AddressOrder;
import org.postroad.spi.AddressOrder.Candidate;

/**
 * Puts the usable addresses of one host in the order in which to try them (ORDER-05): finds their source addresses, asks
 * the {@link AddressOrder}, and makes sure that it lost and invented none. Thread-safe.
 */
public final class AddressOrdering {

    private static final Logger LOGGER = System.getLogger(AddressOrdering.class.getName());

    private final AddressOrder order;
    private final SourceAddresses sources;

    public AddressOrdering(AddressOrder order, SourceAddresses sources) {
        this.order = order;
        this.sources = sources;
    }

    /** The same addresses, ordered. Where the order breaks its contract, as in RFC 6724: mail does not wait for its author. */
    public List<IpAddress> order(List<IpAddress> addresses, RandomGenerator random) {
        if (addresses.size() < 2) {
            return List.copyOf(addresses);
        }
        List<Candidate> candidates = addresses.stream()
                .map(address -> new Candidate(address, sources.sourceFor(address)))
                .toList();
        return addressesOf(ordered(candidates, random));
    }

    private List<Candidate> ordered(List<Candidate> candidates, RandomGenerator random) {
        try {
            @Nullable List<Candidate> ordered = order.order(candidates, random);
            if (ordered != null && isPermutation(ordered, candidates)) {
                return ordered;
            }
            LOGGER.log(
                    Level.WARNING,
                    "The address order {0} did not answer a permutation of {1}: {2}",
                    order.getClass().getName(),
                    candidates,
                    ordered);
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "The address order " + order.getClass().getName() + " failed", e);
        }
        return AddressOrders.standard().order(candidates, random);
    }

    private static boolean isPermutation(List<Candidate> ordered, List<Candidate> candidates) {
        List<Candidate> missing = new ArrayList<>(candidates);
        return ordered.stream().allMatch(missing::remove) && missing.isEmpty();
    }

    private static List<IpAddress> addressesOf(List<Candidate> candidates) {
        return candidates.stream().map(Candidate::address).toList();
    }
}
