// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The servers to ask, in order.
 *
 * @param problem why there are none, or why these and no others; empty where all is well
 * @param options how they are asked, where their list says so
 */
record ServerList(List<InetSocketAddress> servers, String problem, Options options) {

    ServerList {
        servers = List.copyOf(servers);
    }

    ServerList(List<InetSocketAddress> servers, String problem) {
        this(servers, problem, Options.NONE);
    }

    /**
     * The options of {@code resolv.conf(5)} that matter to mail.
     *
     * @param trustAd the AD bit of these servers counts: the path to them is safe
     * @param tcp ask over TCP only ({@code use-vc})
     * @param rotate begin with another server each time
     * @param tryTimeout for one try at one server, in place of that of {@link DnsSettings}
     * @param rounds how often a silent server is asked, in place of the same there
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

    /** Where the list comes from; asked for every message. */
    interface Source {
        ServerList servers();
    }
}
