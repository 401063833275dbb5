// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import org.postroad.spi.AddressOrder;
import org.postroad.spi.AddressOrder.Candidate;

/** An order that meets the contract: random. */
class ReferenceAddressOrderTest extends AddressOrderTck {

    @Override
    protected AddressOrder create() {
        return ReferenceAddressOrderTest::shuffled;
    }

    static List<Candidate> shuffled(List<Candidate> candidates, RandomGenerator random) {
        List<Candidate> order = new ArrayList<>(candidates);
        for (int i = order.size(); i > 1; i--) {
            Collections.swap(order, i - 1, random.nextInt(i));
        }
        return order;
    }
}
