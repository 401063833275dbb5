// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postroad.provider.internal.dns.DnsTesting.SILENCE;
import static org.postroad.provider.internal.dns.DnsTesting.ask;
import static org.postroad.provider.internal.dns.DnsTesting.hasty;
import static org.postroad.provider.internal.dns.DnsTesting.kind;
import static org.postroad.provider.internal.dns.DnsTesting.settings;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postroad.api.Family;
import org.postroad.api.RecordType;
import org.postroad.fixtures.DnsFault;
import org.postroad.fixtures.FakeDnsServer;
import org.postroad.fixtures.VirtualClock;
import org.postroad.provider.Haste;

@Timeout(300)
class NameserversTest {

    private static final String FOUND = "found [192.0.2.1] INSECURE";

    private final FakeDnsServer bad = FakeDnsServer.start("mx.test. A 203.0.113.1");
    private final FakeDnsServer good = FakeDnsServer.start("mx.test. A 192.0.2.1");

    @AfterEach
    void close() {
        bad.close();
        good.close();
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "SERVFAIL",
                "SERVFAIL_BOGUS",
                "REFUSED",
                "FORMERR",
                "NOTIMP",
                "DROP",
                "LAME",
                "WRONG_ID",
                "WRONG_QUESTION",
                "GARBAGE",
                "CUT_RDATA",
                "TRUNCATED_EVERYWHERE",
                "TRUNCATED_TCP_SILENT",
                "TRUNCATED_TCP_CLOSES"
            })
    void LOOKUP_02_theNextServerIsAskedAfter(DnsFault fault) throws Exception {
        bad.faultForAll(fault);
        Haste.of(SILENCE, oneTry -> {
            int before = good.questions();
            try (DnsjavaMailDns dns = new DnsjavaMailDns(hasty(oneTry, bad, good))) {
                assertThat(kind(ask(dns, "mx.test", RecordType.A))).isEqualTo(FOUND);
                assertThat(good.questions() - before).isEqualTo(1);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"NXDOMAIN", "NO_DATA", "NXDOMAIN_WITHOUT_SOA", "NO_DATA_WITHOUT_SOA"})
    void LOOKUP_03_theNextServerIsNotAskedAfter(DnsFault fault) throws InterruptedException {
        bad.faultForAll(fault);
        try (DnsjavaMailDns dns = new DnsjavaMailDns(settings(bad, good))) {
            assertThat(kind(ask(dns, "mx.test", RecordType.A))).startsWith("no ");
            assertThat(good.questions()).isZero();
        }
    }

    @Test
    void dns_theNextServerIsAskedWhereTheFirstHasNoSocket() throws Exception {
        InetSocketAddress nobody;
        try (DatagramSocket closedSoon = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            nobody = (InetSocketAddress) closedSoon.getLocalSocketAddress();
        }
        DnsSettings settings = settings(good).withServers(List.of(nobody, good.address(Family.IPV4)));
        try (DnsjavaMailDns dns = new DnsjavaMailDns(settings)) {
            assertThat(kind(ask(dns, "mx.test", RecordType.A))).isEqualTo(FOUND);
        }
    }

    @Test
    void dns_serversAreAskedOverIpv6() throws Exception {
        Assumptions.assumeFalse(good.transcript().lines().contains("dns: no IPv6 on this machine"));
        DnsSettings settings = settings(good).withServers(List.of(good.address(Family.IPV6)));
        try (DnsjavaMailDns dns = new DnsjavaMailDns(settings)) {
            assertThat(kind(ask(dns, "mx.test", RecordType.A))).isEqualTo(FOUND);
        }
    }

    @Test
    void dns_aSilentServerIsAskedOnceInEveryRound() throws Exception {
        bad.faultForAll(DnsFault.DROP);
        for (int rounds : new int[] {1, 2, 3}) {
            Haste.of(SILENCE, oneTry -> {
                int before = bad.questions();
                try (DnsjavaMailDns dns = new DnsjavaMailDns(hasty(oneTry, bad).withRounds(rounds))) {
                    assertThat(kind(ask(dns, "mx.test", RecordType.A))).isEqualTo("failed TIMEOUT");
                }
                assertThat(bad.questions() - before).isEqualTo(rounds);
            });
        }
    }

    @Test
    void dns_aServerThatSpokeIsNotAskedAgain() throws Exception {
        bad.faultForAll(DnsFault.SERVFAIL);
        good.faultForAll(DnsFault.DROP);
        Haste.of(SILENCE, oneTry -> {
            int badBefore = bad.questions();
            int goodBefore = good.questions();
            try (DnsjavaMailDns dns = new DnsjavaMailDns(hasty(oneTry, bad, good))) {
                assertThat(ask(dns, "mx.test", RecordType.A)
                                .failure()
                                .orElseThrow()
                                .detail())
                        .isEqualTo("127.0.0.1:" + bad.address(Family.IPV4).getPort() + " said SERVFAIL; 127.0.0.1:"
                                + good.address(Family.IPV4).getPort() + " did not answer");
            }
            assertThat(bad.questions() - badBefore).isEqualTo(1);
            assertThat(good.questions() - goodBefore).isEqualTo(2);
        });
    }

    @Test
    void dns_aLostDatagramIsMadeGoodInTheSecondRound() throws Exception {
        Haste.of(SILENCE, oneTry -> {
            good.faultForAll(DnsFault.DROP, 1);
            try (DnsjavaMailDns dns = new DnsjavaMailDns(hasty(oneTry, good))) {
                assertThat(kind(ask(dns, "mx.test", RecordType.A))).isEqualTo(FOUND);
            }
        });
    }

    @Test
    void dns_aSilentServerIsAskedLastForAWhile() throws Exception {
        Haste.of(SILENCE, oneTry -> {
            int before = bad.questions();
            bad.faultForAll(DnsFault.DROP, 1);
            VirtualClock clock = new VirtualClock();
            try (DnsjavaMailDns dns = new DnsjavaMailDns(hasty(oneTry, bad, good), clock, new SecureRandom())) {
                assertThat(kind(ask(dns, "mx.test", RecordType.A))).isEqualTo(FOUND);
                clock.advance(Nameservers.SILENCE_REMEMBERED.minusNanos(1));
                assertThat(kind(ask(dns, "mx.test", RecordType.A))).isEqualTo(FOUND);
                assertThat(bad.questions() - before).isEqualTo(1);
                clock.advance(Duration.ofNanos(1));
                assertThat(kind(ask(dns, "mx.test", RecordType.A))).contains("203.0.113.1");
            }
        });
    }

    @Test
    void dns_formerrIsAskedOnceAgainWithoutOpt() throws InterruptedException {
        bad.faultForAll(DnsFault.FORMERR_TO_EDNS);
        try (DnsjavaMailDns dns = new DnsjavaMailDns(settings(bad))) {
            assertThat(kind(ask(dns, "mx.test", RecordType.A))).contains("203.0.113.1");
        }
        assertThat(bad.transcript().linesOf("dns: A"))
                .containsExactly("dns: A mx.test -> formerr", "dns: A mx.test -> 203.0.113.1");
    }

    @Test
    void dns_withoutServersNobodyIsAsked(@TempDir Path directory) throws InterruptedException, IOException {
        Path junk = Files.writeString(directory.resolve("resolv.conf"), "nameserver localhost\n");
        try (DnsjavaMailDns dns = new DnsjavaMailDns(DnsSettings.DEFAULTS.withResolvConf(junk))) {
            assertThat(ask(dns, "localhost", RecordType.A)
                            .failure()
                            .orElseThrow()
                            .detail())
                    .isEqualTo("no nameserver in " + junk + ": not understood: \"nameserver localhost\"");
        }
    }
}
