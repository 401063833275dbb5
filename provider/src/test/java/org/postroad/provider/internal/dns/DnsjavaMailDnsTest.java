// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.postroad.provider.internal.dns.DnsTesting.SILENCE;
import static org.postroad.provider.internal.dns.DnsTesting.ask;
import static org.postroad.provider.internal.dns.DnsTesting.hasty;
import static org.postroad.provider.internal.dns.DnsTesting.kind;
import static org.postroad.provider.internal.dns.DnsTesting.records;
import static org.postroad.provider.internal.dns.DnsTesting.settings;
import static org.postroad.provider.internal.dns.DnsTesting.trusting;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsAnswer.Cause;
import org.postroad.api.DnsName;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.MxRecord;
import org.postroad.api.RecordType;
import org.postroad.api.Security;
import org.postroad.api.TlsaRecord;
import org.postroad.fixtures.DnsFault;
import org.postroad.fixtures.FakeDnsServer;
import org.postroad.fixtures.VirtualClock;
import org.postroad.provider.GrowingTimeout;

/** The DNS client with a server on loopback: aliases, outcomes, record types, deadlines and closing. */
@Timeout(300)
class DnsjavaMailDnsTest {

    private static final String ZONE = """
            example.test. 100 MX 20 mx2.example.test.
            example.test. 100 MX 10 MX1.example.test.
            mx1.example.test. A 192.0.2.1
            mx1.example.test. AAAA 2001:db8::1
            alias.test. 50 CNAME example.test.
            tree.test. DNAME example.test.
            null.test. MX 0 .
            odd.test. MX 5 a\\.b\\032c.test.
            mapped.test. AAAA ::ffff:192.0.2.9
            a6.test. A6 0 2001:db8::6
            a6.test. A6 64 ::7 prefix.test.
            partial.test. A6 64 ::7 prefix.test.
            text.test. TXT "v=STSv1; " "id=ü"
            _25._tcp.mx1.example.test. TLSA 3 1 1 00ff
            parent.test. MX 10 mx1.example.test.
            loop1.test. CNAME loop2.test.
            loop2.test. CNAME loop1.test.
            """;

    private final FakeDnsServer server = FakeDnsServer.start(ZONE);
    private final DnsjavaMailDns dns = new DnsjavaMailDns(trusting(settings(server)));

    @AfterEach
    void close() {
        dns.close();
        server.close();
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                arguments(DnsFault.NXDOMAIN, "no such name"),
                arguments(DnsFault.NXDOMAIN_WITHOUT_SOA, "no such name"),
                arguments(DnsFault.NO_DATA, "no data"),
                arguments(DnsFault.NO_DATA_WITHOUT_SOA, "no data"),
                arguments(DnsFault.SERVFAIL, "failed SERVER_FAILURE"),
                arguments(DnsFault.SERVFAIL_BOGUS, "failed BOGUS"),
                arguments(DnsFault.REFUSED, "failed REFUSED"),
                arguments(DnsFault.FORMERR, "failed REFUSED"),
                arguments(DnsFault.FORMERR_TO_EDNS, "found [192.0.2.1] INSECURE"),
                arguments(DnsFault.NOTIMP, "failed REFUSED"),
                arguments(DnsFault.DROP, "failed TIMEOUT"),
                arguments(DnsFault.LAME, "failed LAME"),
                arguments(DnsFault.WRONG_ID, "failed MALFORMED"),
                arguments(DnsFault.WRONG_ID_THEN_RIGHT, "found [192.0.2.1] INSECURE"),
                arguments(DnsFault.WRONG_QUESTION, "failed MALFORMED"),
                arguments(DnsFault.WRONG_QUESTION_THEN_RIGHT, "found [192.0.2.1] INSECURE"),
                arguments(DnsFault.GARBAGE, "failed MALFORMED"),
                arguments(DnsFault.GARBAGE_THEN_RIGHT, "found [192.0.2.1] INSECURE"),
                arguments(DnsFault.CUT_RDATA, "failed MALFORMED"),
                arguments(DnsFault.TRUNCATED, "found [192.0.2.1] INSECURE"),
                arguments(DnsFault.TRUNCATED_EVERYWHERE, "failed MALFORMED"),
                arguments(DnsFault.TRUNCATED_TCP_SILENT, "failed TIMEOUT"),
                arguments(DnsFault.TRUNCATED_TCP_CLOSES, "failed NETWORK"),
                arguments(DnsFault.AUTHENTIC, "found [192.0.2.1] SECURE"),
                arguments(DnsFault.NOT_AUTHENTIC, "found [192.0.2.1] INSECURE"),
                arguments(DnsFault.FOREIGN_RECORDS, "found [192.0.2.1] INSECURE"),
                arguments(DnsFault.UNREADABLE_BESIDE, "found [192.0.2.1] INSECURE"));
    }

    @Test
    void dns_everyFaultIsInTheTable() {
        List<Object> tested = faults().map(row -> row.get()[0]).toList();
        assertThat(Stream.of(DnsFault.values()).filter(fault -> !tested.contains(fault)))
                .as("held answers have tests of their own")
                .containsExactly(DnsFault.HELD);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void LOOKUP_02_everyServerBehaviourIsOneOutcomeColdAndCached(DnsFault fault, String outcome) throws Exception {
        server.fault("mx1.example.test", RecordType.A, fault);
        assertOutcomeColdAndCached("mx1.example.test", outcome);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void LOOKUP_02_everyServerBehaviourAtTheEndOfAnAliasIsOneOutcome(DnsFault fault, String outcome) throws Exception {
        server.zone("alias.test. CNAME mx1.example.test.\nmx1.example.test. A 192.0.2.1\n");
        server.fault("mx1.example.test", RecordType.A, fault);
        server.fault("alias.test", RecordType.A, DnsFault.AUTHENTIC);
        assertOutcomeColdAndCached("alias.test", outcome);
    }

    private void assertOutcomeColdAndCached(String name, String outcome) throws Exception {
        GrowingTimeout.of(SILENCE, oneTry -> {
            try (CachingMailDns cached =
                    new CachingMailDns(new DnsjavaMailDns(trusting(hasty(oneTry, server))), new VirtualClock())) {
                assertThat(kind(ask(cached, name, RecordType.A))).isEqualTo(outcome);
                assertThat(kind(ask(cached, name, RecordType.A))).isEqualTo(outcome);
            }
        });
    }

    @Test
    void LOOKUP_01_aliasesAreFollowedWithTheLowestTtl() throws InterruptedException {
        assertThat(ask(dns, "alias.test", RecordType.MX))
                .isEqualTo(new DnsAnswer.Found<>(
                                List.of(mx(20, "mx2.example.test"), mx(10, "mx1.example.test")),
                                new DnsName("example.test"),
                                Duration.ofSeconds(50),
                                Security.INSECURE)
                        .withAliases(List.of(alias("alias.test", "example.test", Security.UNKNOWN))));
        assertThat(records(dns, "mx1.tree.test", RecordType.A)).containsExactly(ip("192.0.2.1"));
        assertThat(ask(dns, "none.tree.test", RecordType.A)).isInstanceOf(DnsAnswer.NoSuchName.class);
        assertThat(ask(dns, "alias.test", RecordType.TXT)).isInstanceOf(DnsAnswer.NoData.class);
    }

    @Test
    void LOOKUP_01_namesAreAbsolute() throws InterruptedException {
        assertThat(ask(dns, "localhost", RecordType.A)).isInstanceOf(DnsAnswer.NoSuchName.class);
        assertThat(ask(dns, "mx1", RecordType.A)).isInstanceOf(DnsAnswer.NoSuchName.class);
        assertThat(server.transcript().linesOf("dns: A"))
                .containsExactly("dns: A localhost -> no such name", "dns: A mx1 -> no such name");
    }

    @Test
    void LOOKUP_01_theNameIsQueriedInALabels() throws InterruptedException {
        server.zone("xn--bcher-kva.test. MX 10 mx.test.");
        HostName name = Idna.toHostName("Bücher.test");
        assertThat(dns.query(name, RecordType.MX, Deadline.after(DnsTesting.PATIENCE))
                        .recordsOrNone())
                .containsExactly(mx(10, "mx.test"));
    }

    @Test
    void LOOKUP_01_tenAliasesAreFollowedElevenAreNot() throws InterruptedException {
        for (boolean oneMessage : new boolean[] {true, false}) {
            server.zone(aliases(12));
            if (!oneMessage) {
                // The server does not follow aliases to names with faults: each message contains one alias.
                IntStream.range(0, 12).forEach(i -> server.fault("n" + i + ".test", RecordType.A, DnsFault.AUTHENTIC));
            }
            assertThat(kind(ask(dns, "n3.test", RecordType.A))).startsWith("found");
            assertThat(kind(ask(dns, "n2.test", RecordType.A))).startsWith("found");
            assertThat(kind(ask(dns, "n1.test", RecordType.A))).isEqualTo("failed ALIAS_CHAIN");
        }
    }

    @Test
    void LOOKUP_01_aLoopOfAliasesFails() throws InterruptedException {
        assertThat(kind(ask(dns, "loop1.test", RecordType.A))).isEqualTo("failed ALIAS_CHAIN");
        assertThat(server.questions()).isEqualTo(1);
    }

    @Test
    void LOOKUP_01_ofTwoAliasesAtOneNameTheFirstIsFollowed() throws InterruptedException {
        server.zone("two.test. CNAME a.test.\ntwo.test. CNAME b.test.\na.test. A 192.0.2.1\nb.test. A 192.0.2.2\n");
        assertThat(records(dns, "two.test", RecordType.A)).containsExactly(ip("192.0.2.1"));
    }

    /** TLS-06: the security of an alias is not that of its target. */
    @Test
    void TLS_06_anAliasIsAnAnswerByItself() throws InterruptedException {
        server.zone("""
                alias.signed.test. 70 CNAME end.test.
                tree.signed.test. DNAME end.test.
                end.test. 40 A 192.0.2.1
                """);
        server.signed("signed.test");
        assertThat(ask(dns, "alias.signed.test", RecordType.A))
                .isEqualTo(new DnsAnswer.Found<>(
                                List.of(ip("192.0.2.1")),
                                new DnsName("end.test"),
                                Duration.ofSeconds(40),
                                Security.INSECURE)
                        .withAliases(List.of(alias("alias.signed.test", "end.test", Security.UNKNOWN))));
        assertThat(ask(dns, "alias.signed.test", RecordType.CNAME))
                .isEqualTo(new DnsAnswer.Found<>(
                        List.of(new DnsName("end.test")),
                        new DnsName("alias.signed.test"),
                        Duration.ofSeconds(70),
                        Security.SECURE));
        assertThat(kind(ask(dns, "mx.tree.signed.test", RecordType.CNAME))).isEqualTo("found [mx.end.test] SECURE");
        assertThat(kind(ask(dns, "end.test", RecordType.CNAME))).isEqualTo("no data");
    }

    /** TLS-06: the AD bit of a message is about all of its record sets. */
    @Test
    void TLS_06_eachAliasHasTheSecurityThatItsMessageProves() throws InterruptedException {
        server.zone("""
                one.signed.test. CNAME two.signed.test.
                two.signed.test. CNAME three.test.
                three.test. CNAME end.signed.test.
                end.signed.test. A 192.0.2.1
                tree.signed.test. DNAME signed.test.
                lost.signed.test. CNAME none.signed.test.
                """);
        server.signed("signed.test");
        assertAliases(
                "one.signed.test",
                Security.INSECURE,
                alias("one.signed.test", "two.signed.test", Security.UNKNOWN),
                alias("two.signed.test", "three.test", Security.UNKNOWN),
                alias("three.test", "end.signed.test", Security.UNKNOWN));
        assertAliases(
                "end.tree.signed.test",
                Security.SECURE,
                alias("end.tree.signed.test", "end.signed.test", Security.SECURE));
        assertAliases(
                "lost.signed.test", Security.SECURE, alias("lost.signed.test", "none.signed.test", Security.SECURE));
        // The server does not follow aliases to names that have a fault.
        server.fault("two.signed.test", RecordType.A, DnsFault.AUTHENTIC);
        server.fault("three.test", RecordType.A, DnsFault.NOT_AUTHENTIC);
        server.fault("end.signed.test", RecordType.A, DnsFault.AUTHENTIC);
        server.fault("one.signed.test", RecordType.A, DnsFault.AUTHENTIC);
        assertAliases(
                "one.signed.test",
                Security.INSECURE,
                alias("one.signed.test", "two.signed.test", Security.SECURE),
                alias("two.signed.test", "three.test", Security.SECURE),
                alias("three.test", "end.signed.test", Security.UNKNOWN));
        // A message is not judged by the one before it.
        server.fault("one.signed.test", RecordType.A, DnsFault.NOT_AUTHENTIC);
        assertAliases(
                "one.signed.test",
                Security.INSECURE,
                alias("one.signed.test", "two.signed.test", Security.UNKNOWN),
                alias("two.signed.test", "three.test", Security.SECURE),
                alias("three.test", "end.signed.test", Security.UNKNOWN));
    }

    @Test
    void dns_theAliasesThatLeadToNothingAreListed() throws InterruptedException {
        server.zone("""
                one.test. CNAME two.test.
                two.test. CNAME end.test.
                end.test. A 192.0.2.1
                lost.test. CNAME none.test.
                """);
        assertThat(ask(dns, "one.test", RecordType.MX))
                .isEqualTo(new DnsAnswer.NoData<MxRecord>(Duration.ofSeconds(300), Security.INSECURE)
                        .withAliases(List.of(
                                alias("one.test", "two.test", Security.UNKNOWN),
                                alias("two.test", "end.test", Security.UNKNOWN))));
        assertThat(ask(dns, "lost.test", RecordType.MX))
                .isEqualTo(new DnsAnswer.NoSuchName<MxRecord>(Duration.ofSeconds(300), Security.INSECURE)
                        .withAliases(List.of(alias("lost.test", "none.test", Security.UNKNOWN))));
        assertThat(ask(dns, "one.test", RecordType.CNAME).aliases()).isEmpty();
        assertThat(ask(dns, "end.test", RecordType.A).aliases()).isEmpty();
    }

    private void assertAliases(String name, Security whole, DnsAnswer.Alias... expected) throws InterruptedException {
        DnsAnswer<IpAddress> answer = ask(dns, name, RecordType.A);
        assertThat(answer.aliases()).containsExactly(expected);
        assertThat(answer.<Security>fold(
                        DnsAnswer.Found::security,
                        DnsAnswer.NoData::security,
                        DnsAnswer.NoSuchName::security,
                        failed -> Security.UNKNOWN))
                .isEqualTo(whole);
    }

    /** In a zone with delegated parts, the names of addresses are aliases (RFC 2317). */
    @Test
    void dns_theNamesOfAnAddressAreFound() throws InterruptedException {
        IpAddress v4 = ip("192.0.2.1");
        IpAddress v6 = ip("2001:db8::1");
        server.zone("1.2.0.192.in-addr.arpa. 70 CNAME 1.0-63.2.0.192.in-addr.arpa.\n"
                + "1.0-63.2.0.192.in-addr.arpa. PTR mx1.example.test.\n"
                + v6.reverseName() + ". PTR mx1.example.test.\n"
                + v6.reverseName() + ". PTR odd\\.name.test.\n");
        server.signed("2.0.192.in-addr.arpa");
        assertThat(dns.query(v4.reverseName(), RecordType.PTR, Deadline.after(DnsTesting.PATIENCE)))
                .isEqualTo(new DnsAnswer.Found<>(
                                List.of(new DnsName("mx1.example.test")),
                                new DnsName("1.0-63.2.0.192.in-addr.arpa"),
                                Duration.ofSeconds(70),
                                Security.SECURE)
                        .withAliases(List.of(
                                alias("1.2.0.192.in-addr.arpa", "1.0-63.2.0.192.in-addr.arpa", Security.SECURE))));
        assertThat(dns.query(v6.reverseName(), RecordType.PTR, Deadline.after(DnsTesting.PATIENCE))
                        .recordsOrNone())
                .containsExactly(new DnsName("mx1.example.test"), new DnsName("odd\\.name.test"));
        assertThat(dns.query(ip("192.0.2.2").reverseName(), RecordType.PTR, Deadline.after(DnsTesting.PATIENCE)))
                .isInstanceOf(DnsAnswer.NoSuchName.class);
    }

    @Test
    void LOOKUP_03_aNameThatDoesNotExistIsDistinguishedFromOneWithoutTheType() throws InterruptedException {
        assertThat(ask(dns, "none.test", RecordType.MX))
                .isEqualTo(new DnsAnswer.NoSuchName<>(Duration.ofSeconds(300), Security.INSECURE));
        assertThat(ask(dns, "mx1.example.test", RecordType.MX))
                .isEqualTo(new DnsAnswer.NoData<>(Duration.ofSeconds(300), Security.INSECURE));
        server.fault("none.test", RecordType.MX, DnsFault.NXDOMAIN_WITHOUT_SOA);
        assertThat(ask(dns, "none.test", RecordType.MX))
                .isEqualTo(new DnsAnswer.NoSuchName<>(Duration.ZERO, Security.INSECURE));
        assertThat(server.questions()).as("no second question").isEqualTo(3);
    }

    @Test
    void LOOKUP_05_onlyA6RecordsThatAreWholeAddressesAreFound() throws InterruptedException {
        assertThat(records(dns, "a6.test", RecordType.A6)).containsExactly(ip("2001:db8::6"));
        assertThat(ask(dns, "partial.test", RecordType.A6)).isInstanceOf(DnsAnswer.NoData.class);
    }

    @Test
    void LOOKUP_07_aNullMxIsTheRoot() throws InterruptedException {
        List<MxRecord> found = records(dns, "null.test", RecordType.MX);
        assertThat(found).containsExactly(new MxRecord(0, DnsName.ROOT));
        assertThat(found.get(0).isNull()).isTrue();
    }

    @Test
    void LOOKUP_07_aTruncatedMxIsNotANullMx() throws InterruptedException {
        server.fault("null.test", RecordType.MX, DnsFault.CUT_RDATA);
        assertThat(kind(ask(dns, "null.test", RecordType.MX))).isEqualTo("failed MALFORMED");
    }

    @Test
    void LOOKUP_09_theParentIsNeverQueried() throws InterruptedException {
        assertThat(ask(dns, "child.parent.test", RecordType.MX)).isInstanceOf(DnsAnswer.NoSuchName.class);
        assertThat(server.questions("parent.test", RecordType.MX)).isZero();
    }

    @Test
    void dns_nonAsciiOctetsStayEscaped() throws InterruptedException {
        DnsName exchange = records(dns, "odd.test", RecordType.MX).get(0).exchange();
        assertThat(exchange.text()).isEqualTo("a\\.b\\032c.test");
        assertThat(exchange.hostName()).isEmpty();
    }

    @Test
    void dns_anIpv4MappedAaaaStaysIpv6() throws InterruptedException {
        assertThat(records(dns, "mapped.test", RecordType.AAAA))
                .extracting(IpAddress::family)
                .containsExactly(Family.IPV6);
    }

    @Test
    void dns_theStringsOfATextAreJoined() throws InterruptedException {
        assertThat(records(dns, "text.test", RecordType.TXT)).containsExactly("v=STSv1; id=ü");
        assertThat(records(dns, "text.test", RecordType.TXT).get(0).getBytes(StandardCharsets.ISO_8859_1))
                .hasSize(13);
    }

    @Test
    void dns_tlsaIsRead() throws InterruptedException {
        assertThat(records(dns, "_25._tcp.mx1.example.test", RecordType.TLSA))
                .containsExactly(new TlsaRecord(3, 1, 1, "00ff"));
    }

    @Test
    void dns_largeAnswersComeOverTcp() throws InterruptedException {
        server.zone(IntStream.range(0, 100)
                .mapToObj(i -> "big.test. MX " + i + " mx" + i + ".big.test.")
                .collect(Collectors.joining("\n")));
        assertThat(records(dns, "big.test", RecordType.MX)).hasSize(100);
        assertThat(server.transcript().lines()).contains("dns: MX big.test (tcp) -> 100 records");
    }

    @Test
    void dns_anAnswerIsSecureOnlyIfEveryMessageOfTheChainIs() throws InterruptedException {
        server.zone("alias.test. CNAME mx1.example.test.\nmx1.example.test. A 192.0.2.1\n");
        server.fault("alias.test", RecordType.A, DnsFault.AUTHENTIC);
        server.fault("mx1.example.test", RecordType.A, DnsFault.AUTHENTIC);
        assertThat(kind(ask(dns, "alias.test", RecordType.A))).endsWith(" SECURE");
        server.fault("alias.test", RecordType.A, DnsFault.FOREIGN_RECORDS);
        assertThat(kind(ask(dns, "alias.test", RecordType.A))).endsWith(" INSECURE");
        server.fault("alias.test", RecordType.A, DnsFault.AUTHENTIC);
        server.fault("mx1.example.test", RecordType.A, DnsFault.FOREIGN_RECORDS);
        assertThat(kind(ask(dns, "alias.test", RecordType.A))).endsWith(" INSECURE");
    }

    @Test
    void dns_anInterruptEndsTheWaitAndTheThreadIsFree() throws Exception {
        server.faultForAll(DnsFault.HELD);
        Interrupted asker = new Interrupted();
        asker.start();
        server.transcript().await(line -> line.endsWith("held"), DnsTesting.PATIENCE);
        asker.interrupt();
        asker.join();
        assertThat(asker.wasInterrupted).isTrue();
        assertThat(server.questions()).isEqualTo(1);
        server.release();
        assertThat(kind(ask(dns, "mx1.example.test", RecordType.A))).startsWith("found");
    }

    @Test
    void dns_closeEndsRunningAndLaterQueries() throws Exception {
        server.faultForAll(DnsFault.HELD);
        Interrupted asker = new Interrupted();
        asker.start();
        server.transcript().await(line -> line.endsWith("held"), DnsTesting.PATIENCE);
        dns.close();
        asker.join();
        assertThat(asker.outcome).isEqualTo("failed CLOSED");
        assertThat(kind(ask(dns, "mx1.example.test", RecordType.A))).isEqualTo("failed CLOSED");
        assertThat(server.questions()).as("none after closing").isEqualTo(1);
    }

    @Test
    void dns_noServerIsQueriedAfterTheDeadline() throws InterruptedException {
        VirtualClock clock = new VirtualClock();
        Deadline deadline = Deadline.after(Duration.ofSeconds(1), clock);
        clock.advance(Duration.ofSeconds(1));
        assertThat(kind(dns.query(HostName.parse("mx1.example.test"), RecordType.A, deadline)))
                .isEqualTo("failed TIMEOUT");
        assertThat(server.questions()).isZero();
    }

    @Test
    void dns_theDeadlineEndsTheTries() throws Exception {
        server.faultForAll(DnsFault.DROP);
        GrowingTimeout.of(SILENCE, silence -> {
            int before = server.questions();
            Deadline deadline = Deadline.after(silence);
            assertThat(kind(dns.query(HostName.parse("mx1.example.test"), RecordType.A, deadline)))
                    .isEqualTo("failed TIMEOUT");
            assertThat(server.questions() - before)
                    .as("the tries share what is left")
                    .isEqualTo(2);
        });
    }

    @Test
    void dns_unknownTypesAreRefused() throws InterruptedException {
        assertThat(kind(ask(dns, "example.test", new RecordType<>("LOC", 29, String.class))))
                .isEqualTo("failed CONTRACT");
        assertThat(Stream.of(Cause.values())).contains(Cause.CONTRACT);
    }

    @Test
    void dns_noSharedThreadIsStarted() throws InterruptedException {
        assertThat(records(dns, "mx1.example.test", RecordType.A)).hasSize(1);
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.toLowerCase(Locale.ROOT).contains("dnsjava"));
    }

    /** A thread that queries, and records the result. */
    private final class Interrupted extends Thread {
        private volatile boolean wasInterrupted;
        private volatile String outcome = "";

        @Override
        public void run() {
            try {
                outcome = kind(ask(dns, "mx1.example.test", RecordType.A));
            } catch (InterruptedException e) {
                wasInterrupted = true;
            }
        }
    }

    /** n0 -> n1 -> ... -> the last one, which has the address. */
    private static String aliases(int count) {
        return IntStream.range(0, count)
                        .mapToObj(i -> "n" + i + ".test. CNAME n" + (i + 1) + ".test.\n")
                        .collect(Collectors.joining())
                + "n" + count + ".test. A 192.0.2.1\n";
    }

    private static DnsAnswer.Alias alias(String owner, String target, Security security) {
        return new DnsAnswer.Alias(new DnsName(owner), new DnsName(target), security);
    }

    private static MxRecord mx(int preference, String exchange) {
        return new MxRecord(preference, new DnsName(exchange));
    }

    private static IpAddress ip(String text) {
        return IpAddress.parse(text);
    }
}
