// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * The servers to ask, in order.
 *
 * @param problem why there are none, or fewer than somebody wrote; empty where all is well
 */
record ServerList(List<InetSocketAddress> servers, String problem) {

    ServerList {
        servers = List.copyOf(servers);
    }

    /** Where the list comes from; asked for every message. */
    interface Source {
        ServerList servers();
    }
}
