// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.conformance;

import org.postroad.provider.internal.connect.AddressOrders;
import org.postroad.spi.AddressOrder;
import org.postroad.tck.AddressOrderTck;

/** The built-in order of RFC 6724, the default. */
class Rfc6724AddressOrderConformanceTest extends AddressOrderTck {

    @Override
    protected AddressOrder create() {
        return AddressOrders.named("rfc6724");
    }
}
