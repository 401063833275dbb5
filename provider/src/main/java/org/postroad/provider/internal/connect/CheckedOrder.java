// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.postroad.spi.AddressOrder;

/**
 * Enforces the contract of another {@link AddressOrder}: no address may be lost or added. If the other order breaks its contract or throws,
 * the order of RFC 6724 applies, because a broken plug-in must not stop mail. Thread-safe.
 */
public final class CheckedOrder implements AddressOrder {

    private static final Logger LOGGER = System.getLogger(CheckedOrder.class.getName());

    private final AddressOrder order;

    public CheckedOrder(AddressOrder order) {
        this.order = order;
    }

    @Override
    public List<Candidate> order(List<Candidate> candidates, RandomGenerator random) {
        if (candidates.size() < 2) {
            return List.copyOf(candidates);
        }
        try {
            @Nullable List<Candidate> ordered = order.order(candidates, random);
            if (ordered != null && isPermutation(ordered, candidates)) {
                return ordered;
            }
            LOGGER.log(
                    Level.WARNING,
                    "The address order {0} did not return a permutation of {1}: {2}",
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
}
