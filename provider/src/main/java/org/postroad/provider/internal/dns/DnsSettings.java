// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.postroad.api.HostName;

/**
 * Settings of the DNS client.
 *
 * @param servers queried in this order; if empty, those of {@code resolvConf} are used
 * @param timeout for one query with all its tries and aliases
 * @param tryTimeout the maximum wait for one server before the next one is queried as well; the last one gets the remaining time
 * @param rounds how often a silent server is queried
 * @param trustAd servers whose AD bit counts: they validate, and the path to them is secure
 * @param probe a name that only the validating resolver of this host finds bogus; it shows whether servers on loopback validate
 * @param resolvConf the system's list of name servers
 * @param anchors trust anchors for local validation; if empty, the servers' AD bit is used
 */
public record DnsSettings(
        List<InetSocketAddress> servers,
        Duration timeout,
        Duration tryTimeout,
        int rounds,
        List<InetAddress> trustAd,
        Optional<HostName> probe,
        Path resolvConf,
        Optional<TrustAnchors> anchors) {

    /** Maximum number of servers. */
    public static final int MAX_SERVERS = 8;

    /** Maximum number of rounds. */
    public static final int MAX_ROUNDS = 10;

    /** The system's servers, 10 s in total, 2 s per try, two rounds. */
    public static final DnsSettings DEFAULTS = new DnsSettings(
            List.of(),
            Duration.ofSeconds(10),
            Duration.ofSeconds(2),
            2,
            List.of(),
            Optional.empty(),
            Path.of("/etc/resolv.conf"),
            Optional.empty());

    public DnsSettings {
        servers = List.copyOf(servers);
        trustAd = List.copyOf(trustAd);
        if (servers.size() > MAX_SERVERS) {
            throw new IllegalArgumentException(
                    servers.size() + " DNS servers are configured; at most " + MAX_SERVERS + " are allowed");
        }
        for (InetSocketAddress server : servers) {
            if (server.isUnresolved() || server.getPort() == 0) {
                throw new IllegalArgumentException("The DNS server " + server
                        + " is not an IP address with a port; allowed are addresses such as 127.0.0.1:53 and [::1]:53");
            }
        }
        checkPositive("The DNS time-out", timeout);
        checkPositive("The DNS time-out of a try", tryTimeout);
        if (rounds < 1 || rounds > MAX_ROUNDS) {
            throw new IllegalArgumentException(
                    "The number of DNS rounds is " + rounds + "; 1 to " + MAX_ROUNDS + " are allowed");
        }
    }

    public DnsSettings withServers(List<InetSocketAddress> others) {
        return new DnsSettings(others, timeout, tryTimeout, rounds, trustAd, probe, resolvConf, anchors);
    }

    public DnsSettings withTimeouts(Duration all, Duration one) {
        return new DnsSettings(servers, all, one, rounds, trustAd, probe, resolvConf, anchors);
    }

    public DnsSettings withRounds(int others) {
        return new DnsSettings(servers, timeout, tryTimeout, others, trustAd, probe, resolvConf, anchors);
    }

    public DnsSettings withTrustAd(List<InetAddress> others) {
        return new DnsSettings(servers, timeout, tryTimeout, rounds, others, probe, resolvConf, anchors);
    }

    public DnsSettings withResolvConf(Path other) {
        return new DnsSettings(servers, timeout, tryTimeout, rounds, trustAd, probe, other, anchors);
    }

    /** Returns the settings with local validation from these trust anchors, or without it if empty. */
    public DnsSettings withAnchors(Optional<TrustAnchors> others) {
        return new DnsSettings(servers, timeout, tryTimeout, rounds, trustAd, probe, resolvConf, others);
    }

    public DnsSettings withProbe(Optional<HostName> other) {
        return new DnsSettings(servers, timeout, tryTimeout, rounds, trustAd, other, resolvConf, anchors);
    }

    private static void checkPositive(String what, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(what + " is " + duration + "; it must be positive");
        }
    }
}
