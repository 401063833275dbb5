// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.postroad.api.IpAddress;
import org.postroad.spi.AddressOrder;

/** Another order, except that one given address, if present, comes first. */
public final class PreferredFirstOrder implements AddressOrder {

    private final IpAddress first;
    private final AddressOrder others;

    public PreferredFirstOrder(IpAddress first, AddressOrder others) {
        this.first = first;
        this.others = others;
    }

    @Override
    public List<Candidate> order(List<Candidate> candidates, RandomGenerator random) {
        List<Candidate> hinted = new ArrayList<>();
        List<Candidate> rest = new ArrayList<>();
        for (Candidate candidate : others.order(candidates, random)) {
            (candidate.address().equals(first) ? hinted : rest).add(candidate);
        }
        hinted.addAll(rest);
        return List.copyOf(hinted);
    }
}
