// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import java.io.IOException;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;
import org.postroad.api.RemoteMta;
import org.postroad.provider.internal.connect.Nat64Prefix;
import org.postroad.spi.Connector;

/** Network with a NAT64: an address with the prefix leads to the IPv4 address that it contains. */
final class FakeNat64 implements Connector {

    private final Nat64Prefix prefix;
    private final Connector network;
    private final boolean hasIpv4;
    private final List<RemoteMta> dialled = new CopyOnWriteArrayList<>();

    /** @param hasIpv4 whether IPv4 addresses can be dialled as well */
    FakeNat64(String prefix, Connector network, boolean hasIpv4) {
        this.prefix = Nat64Prefix.parse(prefix);
        this.network = network;
        this.hasIpv4 = hasIpv4;
    }

    /** Returns the dialled addresses, in order. */
    List<RemoteMta> dialled() {
        return dialled;
    }

    @Override
    public Socket connect(Dial dial) throws IOException {
        RemoteMta remote = dial.remote();
        dialled.add(remote);
        if (remote.address().family() == Family.IPV4 && !hasIpv4) {
            throw new NoRouteToHostException(remote.toString());
        }
        IpAddress address = prefix.extract(remote.address()).orElse(remote.address());
        return network.connect(new Dial(
                new RemoteMta(remote.role(), remote.host(), address, remote.port()),
                Optional.empty(),
                dial.deadline()));
    }
}
