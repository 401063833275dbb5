// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;

/**
 * The servers to query, in order.
 *
 * @param problem why there are no servers, or why these are used; empty if there is no problem
 * @param options query options specified by the list
 */
record ServerList(List<InetSocketAddress> servers, String problem, Options options) {

    ServerList {
        servers = List.copyOf(servers);
    }

    ServerList(List<InetSocketAddress> servers, String problem) {
        this(servers, problem, Options.NONE);
    }

    /** Returns the address and port of a server, human-readable. */
    static String show(InetSocketAddress server) {
        IpAddress address = IpAddress.of(server.getAddress());
        String host = address.family() == Family.IPV6 ? "[" + address + "]" : address.toString();
        return host + ":" + server.getPort();
    }

    /**
     * The options of {@code resolv.conf(5)} that are relevant here.
     *
     * @param trustAd the AD bit of these servers counts: the path to them is secure
     * @param tcp use TCP only ({@code use-vc})
     * @param rotate start with another server each time
     * @param tryTimeout for one try at one server; overrides that of {@link DnsSettings}
     * @param rounds how often a silent server is queried; overrides that of {@link DnsSettings}
     */
    record Options(
            boolean trustAd, boolean tcp, boolean rotate, Optional<Duration> tryTimeout, Optional<Integer> rounds) {

        static final Options NONE = new Options(false, false, false, Optional.empty(), Optional.empty());

        Options withTrustAd() {
            return new Options(true, tcp, rotate, tryTimeout, rounds);
        }

        Options withTcp() {
            return new Options(trustAd, true, rotate, tryTimeout, rounds);
        }

        Options withRotate() {
            return new Options(trustAd, tcp, true, tryTimeout, rounds);
        }

        Options withTryTimeout(Duration timeout) {
            return new Options(trustAd, tcp, rotate, Optional.of(timeout), rounds);
        }

        Options withRounds(int number) {
            return new Options(trustAd, tcp, rotate, tryTimeout, Optional.of(number));
        }
    }

    /** Source of the list; called for every message. */
    interface ServerListSource {
        ServerList servers();
    }
}
