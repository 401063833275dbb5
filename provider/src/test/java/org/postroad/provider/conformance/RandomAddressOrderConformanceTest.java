// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.conformance;

import org.postroad.provider.internal.connect.AddressOrders;
import org.postroad.spi.AddressOrder;
import org.postroad.tck.AddressOrderTck;

/** The built-in random order. */
class RandomAddressOrderConformanceTest extends AddressOrderTck {

    @Override
    protected AddressOrder create() {
        return AddressOrders.named("random");
    }
}
