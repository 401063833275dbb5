// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import java.util.Set;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;

/**
 * The local host: its network and its names.
 *
 * @param families our families (ADDR-01), at least one. A host without any network counts as dual: connections then fail softly, whereas
 *     "no usable address" would bounce mail
 * @param localNames names under which we could be listed as MX (ORDER-08)
 * @param ownAddresses addresses of our interfaces, without loopback (ORDER-08)
 */
public record LocalHost(Set<Family> families, Set<HostName> localNames, Set<IpAddress> ownAddresses) {
    public LocalHost {
        families = Set.copyOf(families);
        if (families.isEmpty()) {
            throw new IllegalArgumentException("We have no family; a host without network counts as dual");
        }
        localNames = Set.copyOf(localNames);
        ownAddresses = Set.copyOf(ownAddresses);
    }
}
