// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import org.postroad.api.Family;
import org.postroad.spi.AddressOrder;

/** Puts the addresses of one family before those of the other; orders each family by RFC 6724. */
final class FamilyFirstOrder implements AddressOrder {

    private final Family first;
    private final AddressOrder within = new Rfc6724Order();

    FamilyFirstOrder(Family first) {
        this.first = first;
    }

    @Override
    public List<Candidate> order(List<Candidate> candidates, RandomGenerator random) {
        return within.order(candidates, random).stream()
                .sorted(Comparator.comparing(candidate -> candidate.address().family() != first))
                .toList();
    }
}
