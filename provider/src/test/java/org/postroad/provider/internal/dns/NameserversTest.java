// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postroad.provider.internal.dns.DnsTesting.PATIENCE;
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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer.Cause;
import org.postroad.api.Family;
import org.postroad.api.RecordType;
import org.postroad.fixtures.DnsFault;
import org.postroad.fixtures.FakeDnsServer;
import org.postroad.fixtures.VirtualClock;
import org.postroad.provider.GrowingTimeout;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/** Which server is queried when, for how long, and which answer is used. */
@Timeout(300)
class NameserversTest {

    private static final String FOUND = "found [192.0.2.1] INSECURE";

    /** The next try is sent after this time; no answer must have arrived until then. */
    private static final Duration ONE_TRY = Duration.ofMillis(50);

    private static final Chain CHAIN = Chain.from(SignedZone.name("mx.test."));

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
    void LOOKUP_02_theNextServerIsQueriedAfterAFailure(DnsFault fault) throws Exception {
        bad.faultForAll(fault);
        GrowingTimeout.of(SILENCE, oneTry -> {
            int before = good.questions();
            try (DnsjavaMailDns dns = new DnsjavaMailDns(hasty(oneTry, bad, good))) {
                assertThat(kind(ask(dns, "mx.test", RecordType.A))).isEqualTo(FOUND);
                assertThat(good.questions() - before).isEqualTo(1);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"NXDOMAIN", "NO_DATA", "NXDOMAIN_WITHOUT_SOA", "NO_DATA_WITHOUT_SOA"})
    void LOOKUP_03_theNextServerIsNotQueriedAfterAnAnswer(DnsFault fault) throws InterruptedException {
        bad.faultForAll(fault);
        try (DnsjavaMailDns dns = new DnsjavaMailDns(settings(bad, good))) {
            assertThat(kind(ask(dns, "mx.test", RecordType.A))).startsWith("no ");
            assertThat(good.questions()).isZero();
        }
    }

    @Test
    void dns_theNextServerIsQueriedIfNoSocketCanBeOpenedForTheFirst() throws Exception {
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
    void dns_serversAreQueriedOverIpv6() throws Exception {
        Assumptions.assumeFalse(good.transcript().lines().contains("dns: no IPv6 on this machine"));
        DnsSettings settings = settings(good).withServers(List.of(good.address(Family.IPV6)));
        try (DnsjavaMailDns dns = new DnsjavaMailDns(settings)) {
            assertThat(kind(ask(dns, "mx.test", RecordType.A))).isEqualTo(FOUND);
        }
    }

    @Test
    void dns_aSilentServerIsQueriedOnceInEveryRound() throws Exception {
        bad.faultForAll(DnsFault.DROP);
        for (int rounds : new int[] {1, 2, 3}) {
            GrowingTimeout.of(SILENCE, oneTry -> {
                int before = bad.questions();
                try (DnsjavaMailDns dns = new DnsjavaMailDns(hasty(oneTry, bad).withRounds(rounds))) {
                    assertThat(kind(ask(dns, "mx.test", RecordType.A))).isEqualTo("failed TIMEOUT");
                }
                assertThat(bad.questions() - before).isEqualTo(rounds);
            });
        }
    }

    @Test
    void dns_aServerThatAnsweredIsNotQueriedAgain() throws Exception {
        bad.faultForAll(DnsFault.SERVFAIL);
        good.faultForAll(DnsFault.DROP);
        GrowingTimeout.of(SILENCE, oneTry -> {
            int badBefore = bad.questions();
            int goodBefore = good.questions();
            try (DnsjavaMailDns dns = new DnsjavaMailDns(hasty(oneTry, bad, good))) {
                assertThat(ask(dns, "mx.test", RecordType.A)
                                .failure()
                                .orElseThrow()
                                .detail())
                        .isEqualTo("127.0.0.1:" + bad.address(Family.IPV4).getPort() + " replied SERVFAIL; 127.0.0.1:"
                                + good.address(Family.IPV4).getPort() + " did not answer");
            }
            assertThat(bad.questions() - badBefore).isEqualTo(1);
            assertThat(good.questions() - goodBefore).isEqualTo(2);
        });
    }

    @Test
    void dns_aLostDatagramIsReplacedInTheSecondRound() throws Exception {
        GrowingTimeout.of(SILENCE, oneTry -> {
            good.faultForAll(DnsFault.DROP, 1);
            try (DnsjavaMailDns dns = new DnsjavaMailDns(hasty(oneTry, good))) {
                assertThat(kind(ask(dns, "mx.test", RecordType.A))).isEqualTo(FOUND);
            }
        });
    }

    @Test
    void dns_aSilentServerIsQueriedLastForALimitedTime() throws Exception {
        GrowingTimeout.of(SILENCE, oneTry -> {
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

    /** The answer to the first try arrives while a second one, to the same server, is open and stays unanswered. */
    @Test
    void dns_aLateAnswerCounts() throws Exception {
        good.fault("mx.test", RecordType.A, DnsFault.HELD, 1);
        good.faultForAll(DnsFault.DROP);
        QueryThread asker = QueryThread.start(settings(good).withTimeouts(PATIENCE, ONE_TRY));
        awaitDropped(good);
        good.release();
        assertThat(asker.outcome()).isEqualTo(FOUND);
        assertThat(good.questions()).isEqualTo(2);
    }

    @Test
    void dns_aLateAnswerCountsWhileAnotherServerIsQueried() throws Exception {
        good.fault("mx.test", RecordType.A, DnsFault.HELD, 1);
        bad.faultForAll(DnsFault.DROP);
        QueryThread asker = QueryThread.start(
                settings(good, bad).withTimeouts(PATIENCE, ONE_TRY).withRounds(1));
        awaitDropped(bad);
        good.release();
        assertThat(asker.outcome()).isEqualTo(FOUND);
    }

    /** After the last round, an immediate failure of the last server does not end the wait for the first one. */
    @Test
    void dns_aSlowServerIsWaitedForIfTheOthersFailed() throws Exception {
        good.fault("mx.test", RecordType.A, DnsFault.HELD, 1);
        bad.faultForAll(DnsFault.SERVFAIL);
        QueryThread asker = QueryThread.start(
                settings(good, bad).withTimeouts(PATIENCE, ONE_TRY).withRounds(1));
        bad.transcript().await(line -> line.endsWith("servfail"), PATIENCE);
        good.release();
        assertThat(asker.outcome()).isEqualTo(FOUND);
    }

    @Test
    void dns_aLateFailureDoesNotEndTheWaitForTheNextServer() throws Exception {
        good.fault("mx.test", RecordType.A, DnsFault.HELD, 1);
        try (ScriptedResolver refusing = ScriptedResolver.held(ScriptedResolver.always(Rcode.REFUSED))) {
            QueryThread asker = QueryThread.start(settings(good)
                    .withServers(List.of(refusing.address(), good.address(Family.IPV4)))
                    .withTimeouts(PATIENCE, ONE_TRY)
                    .withRounds(1));
            good.transcript().await(line -> line.endsWith("held"), PATIENCE);
            refusing.release();
            good.release();
            assertThat(asker.outcome()).isEqualTo(FOUND);
        }
    }

    /** A server without EDNS support whose FORMERR arrives late is still queried without EDNS. */
    @Test
    void dns_afterALateFormerrTheQueryIsRepeatedWithoutOpt() throws Exception {
        bad.faultForAll(DnsFault.DROP);
        Function<Message, Optional<Message>> beforeEdns = query ->
                Optional.of(ScriptedResolver.reply(query, query.getOPT() == null ? Rcode.NXDOMAIN : Rcode.FORMERR));
        try (ScriptedResolver old = ScriptedResolver.held(beforeEdns)) {
            QueryThread asker = QueryThread.start(settings(bad)
                    .withServers(List.of(old.address(), bad.address(Family.IPV4)))
                    .withTimeouts(PATIENCE, ONE_TRY)
                    .withRounds(1));
            awaitDropped(bad);
            old.release();
            assertThat(asker.outcome()).isEqualTo("no such name");
        }
    }

    /** However short the time, the first server gets only its share of it. */
    @Test
    void dns_oneSilentServerDoesNotUseUpTheTime() throws Exception {
        bad.faultForAll(DnsFault.DROP);
        GrowingTimeout.of(SILENCE, all -> {
            try (DnsjavaMailDns dns = new DnsjavaMailDns(settings(bad, good).withTimeouts(all, PATIENCE))) {
                assertThat(kind(ask(dns, "mx.test", RecordType.A))).isEqualTo(FOUND);
            }
        });
    }

    @Test
    void dns_useVcQueriesOverTcpOnly() throws Exception {
        try (DnsExchange exchange = new DnsExchange()) {
            assertThat(askWith(ServerList.Options.NONE.withTcp(), exchange, good))
                    .isEqualTo(FOUND);
        }
        assertThat(good.transcript().linesOf("dns: A")).containsExactly("dns: A mx.test (tcp) -> 192.0.2.1");
    }

    @Test
    void dns_rotateStartsWithAnotherServerEachTime() throws Exception {
        try (DnsExchange exchange = new DnsExchange()) {
            Nameservers servers = nameservers(ServerList.Options.NONE.withRotate(), exchange, bad, good);
            for (int i = 1; i <= 4; i++) {
                servers.ask(CHAIN, Type.A, Deadline.after(PATIENCE));
                assertThat(bad.questions()).isEqualTo((i + 1) / 2);
                assertThat(good.questions()).isEqualTo(i / 2);
            }
        }
    }

    @Test
    void dns_timeoutAndAttemptsOfResolvConfOverrideOurDefaults() throws Exception {
        bad.faultForAll(DnsFault.DROP);
        for (int rounds : new int[] {1, 3}) {
            GrowingTimeout.of(SILENCE, oneTry -> {
                int before = bad.questions();
                ServerList.Options options =
                        ServerList.Options.NONE.withTryTimeout(oneTry).withRounds(rounds);
                try (DnsExchange exchange = new DnsExchange()) {
                    nameservers(options, exchange, bad).ask(CHAIN, Type.A, Deadline.after(oneTry.multipliedBy(rounds)));
                }
                assertThat(bad.questions() - before).isEqualTo(rounds);
            });
        }
    }

    /** The failure explains why a server was queried that is not configured. */
    @Test
    void dns_theFailureSaysThatTheServerIsADefault() throws Exception {
        bad.faultForAll(DnsFault.REFUSED);
        ServerList list = new ServerList(
                List.of(bad.address(Family.IPV4)), "no nameserver in f, so the server on this host is used");
        try (DnsExchange exchange = new DnsExchange()) {
            Nameservers servers =
                    new Nameservers(settings(), () -> list, exchange, Deadline.MONOTONIC, new SecureRandom());
            assertThat(servers.ask(CHAIN, Type.A, Deadline.after(PATIENCE)).reading())
                    .isEqualTo(new ParsedAnswer.Failed(
                            Cause.REFUSED,
                            ServerList.show(bad.address(Family.IPV4))
                                    + " replied REFUSED; no nameserver in f, so the server on this host is used"));
        }
    }

    @Test
    void dns_afterFormerrTheQueryIsRepeatedOnceWithoutOpt() throws InterruptedException {
        bad.faultForAll(DnsFault.FORMERR_TO_EDNS);
        try (DnsjavaMailDns dns = new DnsjavaMailDns(settings(bad))) {
            assertThat(kind(ask(dns, "mx.test", RecordType.A))).contains("203.0.113.1");
        }
        assertThat(bad.transcript().linesOf("dns: A"))
                .containsExactly("dns: A mx.test -> formerr", "dns: A mx.test -> 203.0.113.1");
    }

    @Test
    void dns_withoutServersTheQueryFails(@TempDir Path directory) throws InterruptedException, IOException {
        Path junk = Files.writeString(directory.resolve("resolv.conf"), "nameserver localhost\n");
        try (DnsjavaMailDns dns = new DnsjavaMailDns(DnsSettings.DEFAULTS.withResolvConf(junk))) {
            assertThat(ask(dns, "localhost", RecordType.A)
                            .failure()
                            .orElseThrow()
                            .detail())
                    .isEqualTo("no nameserver in " + junk + ": not understood: \"nameserver localhost\"");
        }
    }

    private static void awaitDropped(FakeDnsServer server) throws InterruptedException {
        server.transcript().await(line -> line.endsWith("dropped"), PATIENCE);
    }

    private static String askWith(ServerList.Options options, DnsExchange exchange, FakeDnsServer... servers)
            throws InterruptedException {
        ParsedAnswer reading = nameservers(options, exchange, servers)
                .ask(CHAIN, Type.A, Deadline.after(PATIENCE))
                .reading();
        return reading instanceof ParsedAnswer.Data found
                ? "found [" + found.records().get(0).rdataToString() + "] INSECURE"
                : reading.toString();
    }

    private static Nameservers nameservers(ServerList.Options options, DnsExchange exchange, FakeDnsServer... servers) {
        ServerList list = new ServerList(settings(servers).servers(), "", options);
        return new Nameservers(settings(servers), () -> list, exchange, Deadline.MONOTONIC, new SecureRandom());
    }

    /** A thread that queries the address. */
    private static final class QueryThread {
        private final CompletableFuture<String> outcome = new CompletableFuture<>();

        static QueryThread start(DnsSettings settings) {
            QueryThread asker = new QueryThread();
            Thread thread = new Thread(() -> asker.run(settings), "asker");
            thread.setDaemon(true);
            thread.start();
            return asker;
        }

        String outcome() throws Exception {
            return outcome.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }

        private void run(DnsSettings settings) {
            try (DnsjavaMailDns dns = new DnsjavaMailDns(settings)) {
                outcome.complete(kind(ask(dns, "mx.test", RecordType.A)));
            } catch (InterruptedException | RuntimeException e) {
                outcome.completeExceptionally(e);
            }
        }
    }
}
