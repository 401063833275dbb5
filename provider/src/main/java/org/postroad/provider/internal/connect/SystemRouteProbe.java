// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;

/** Queries the operating system by connecting a UDP socket, which looks up the route and sends nothing. */
final class SystemRouteProbe implements RouteProbe {

    /** Any port will do: nothing is sent to it. */
    private static final int PORT = 25;

    @Override
    public Optional<IpAddress> sourceFor(IpAddress destination) throws IOException {
        try (DatagramChannel channel = DatagramChannel.open(protocolOf(destination.family()))) {
            return connected(channel, destination);
        } catch (UnsupportedOperationException noSuchFamily) {
            // The kernel has no IPv6, or the JVM runs with java.net.preferIPv4Stack.
            return Optional.empty();
        }
    }

    private static Optional<IpAddress> connected(DatagramChannel channel, IpAddress destination) throws IOException {
        try {
            channel.connect(new InetSocketAddress(destination.toInetAddress(), PORT));
        } catch (SocketException noRoute) {
            // ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL, or a prohibiting route: in each case nothing can be sent.
            return Optional.empty();
        }
        IpAddress source = IpAddress.of(((InetSocketAddress) channel.getLocalAddress()).getAddress());
        return source.family() == destination.family() && !LocalAddressKinds.isUnspecified(source)
                ? Optional.of(source)
                : Optional.empty();
    }

    @Override
    public Set<IpAddress> interfaceAddresses() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .map(IpAddress::of)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static StandardProtocolFamily protocolOf(Family family) {
        return family == Family.IPV4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
    }
}
