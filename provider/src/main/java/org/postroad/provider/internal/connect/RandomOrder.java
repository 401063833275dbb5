// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import org.postroad.spi.AddressOrder;

/** Shuffles the addresses uniformly. If the path of one family is broken, this halves the number of connections affected. */
final class RandomOrder implements AddressOrder {

    @Override
    public List<Candidate> order(List<Candidate> candidates, RandomGenerator random) {
        List<Candidate> shuffled = new ArrayList<>(candidates);
        for (int unshuffled = shuffled.size(); unshuffled > 1; unshuffled--) {
            Collections.swap(shuffled, unshuffled - 1, random.nextInt(unshuffled));
        }
        return List.copyOf(shuffled);
    }
}
