// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.RecordType;
import org.postroad.fixtures.FakeDnsServer;
import org.postroad.provider.GrowingTimeout;
import org.postroad.spi.MailDns;

/** Helper methods for the tests of this package. */
final class DnsTesting {

    /** Long enough on any machine, except when testing silence. */
    static final Duration PATIENCE = Duration.ofMinutes(1);

    /** Initial time-out when testing silence; see {@link GrowingTimeout}. */
    static final Duration SILENCE = Duration.ofMillis(400);

    private DnsTesting() {}

    /** Settings with ample time for answers. Tests of silence use less. */
    static DnsSettings settings(FakeDnsServer... servers) {
        return DnsSettings.DEFAULTS
                .withServers(Arrays.stream(servers)
                        .map(server -> server.address(Family.IPV4))
                        .toList())
                .withTimeouts(PATIENCE, PATIENCE);
    }

    /**
     * Settings for tests of silence: time for two rounds of tries. No try is relied upon to bring an answer except within
     * {@link GrowingTimeout}.
     */
    static DnsSettings hasty(Duration oneTry, FakeDnsServer... servers) {
        return settings(servers).withTimeouts(oneTry.multipliedBy(2L * servers.length), oneTry);
    }

    /** Settings in which the AD bit of servers on loopback counts. */
    static DnsSettings trusting(DnsSettings settings) {
        return settings.withTrustAd(List.of(InetAddress.getLoopbackAddress()));
    }

    static InetSocketAddress server(String address) {
        return new InetSocketAddress(IpAddress.parse(address).toInetAddress(), 53);
    }

    static <R> DnsAnswer<R> ask(MailDns dns, String name, RecordType<R> type) throws InterruptedException {
        return dns.query(HostName.parse(name), type, Deadline.after(PATIENCE));
    }

    static <R> List<R> records(MailDns dns, String name, RecordType<R> type) throws InterruptedException {
        return ask(dns, name, type).recordsOrNone();
    }

    /** Returns the outcome without TTL and detail, which depend on the source of the answer. */
    static String kind(DnsAnswer<?> answer) {
        return outcome(answer);
    }

    private static <R> String outcome(DnsAnswer<R> answer) {
        return answer.fold(
                found -> "found " + found.records() + " " + found.security(),
                noData -> "no data",
                noSuchName -> "no such name",
                failed -> "failed " + failed.cause());
    }
}
