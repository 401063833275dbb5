// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsName;
import org.postroad.api.IpAddress;
import org.postroad.api.MxRecord;
import org.postroad.api.RecordType;
import org.postroad.api.TlsaRecord;
import org.postroad.fixtures.DnsFault;
import org.postroad.fixtures.FakeDnsServer;
import org.postroad.spi.MailDns;

/** Tests with servers that work correctly: records, no data, no such name, and aliases to all three. */
abstract class MailDnsOutcomes extends MailDnsAsking {

    static final String ZONE = """
            example.test. MX 10 mx1.example.test.
            mx1.example.test. A 192.0.2.1
            mx1.example.test. AAAA 2001:db8::1
            several.test. MX 20 mx2.example.test.
            several.test. MX 10 mx1.example.test.
            several.test. MX 10 mx3.example.test.
            several.test. A 192.0.2.11
            several.test. A 192.0.2.12
            several.test. A 192.0.2.13
            """;

    private static final String ALIASES = """
            one.test. CNAME two.test.
            two.test. CNAME three.test.
            three.test. CNAME end.test.
            end.test. A 192.0.2.1
            toNothing.test. CNAME nosuch.test.
            old.test. DNAME new.test.
            www.new.test. A 192.0.2.7
            loop1.test. CNAME loop2.test.
            loop2.test. CNAME loop1.test.
            self.test. CNAME self.test.
            """;

    private static final int ALIASES_TOO_MANY = 100;
    private static final int QUESTIONS_AT_MOST = 100;
    private static final Expect QUESTIONS = Expect.lookAt("the queries in the transcript, and what limits them");

    @Nested
    class Records {

        @Requirement
        void DNS_01_oneRecordIsFound() throws Exception {
            MailDns dns = subject(bench().dns(ZONE));
            expectFound(ask(dns, "example.test", RecordType.MX), List.of(mx(10, "mx1.example.test")));
            expectFound(ask(dns, "mx1.example.test", RecordType.A), addresses("192.0.2.1"));
            expectFound(ask(dns, "mx1.example.test", RecordType.AAAA), addresses("2001:db8::1"));
        }

        @Requirement
        void DNS_01_severalRecordsAreFound() throws Exception {
            MailDns dns = subject(bench().dns(ZONE));
            expectFound(
                    ask(dns, "several.test", RecordType.MX),
                    List.of(mx(20, "mx2.example.test"), mx(10, "mx1.example.test"), mx(10, "mx3.example.test")));
            expectFound(ask(dns, "several.test", RecordType.A), addresses("192.0.2.11", "192.0.2.12", "192.0.2.13"));
        }

        @Requirement
        void DNS_26_aNullMxIsTheRoot() throws Exception {
            MailDns dns = subject(bench().dns("null.test. MX 0 ."));
            DnsAnswer.Found<MxRecord> found =
                    expectFound(ask(dns, "null.test", RecordType.MX), List.of(new MxRecord(0, DnsName.ROOT)));
            ANSWER.that("a null MX", found.records().get(0), MxRecord::isNull);
        }

        @Requirement
        void DNS_26_aDotAmongOthersIsKept() throws Exception {
            MailDns dns = subject(bench().dns("dot.test. MX 0 .\ndot.test. MX 10 mx1.example.test."));
            expectFound(
                    ask(dns, "dot.test", RecordType.MX),
                    List.of(new MxRecord(0, DnsName.ROOT), mx(10, "mx1.example.test")));
        }

        @Requirement
        void DNS_27_anIpv4MappedAddressStaysIpv6() throws Exception {
            MailDns dns = subject(bench().dns("mapped.test. AAAA ::ffff:192.0.2.9"));
            expectFound(ask(dns, "mapped.test", RecordType.AAAA), List.of(IpAddress.parse("::ffff:192.0.2.9")));
        }

        @Requirement
        void DNS_28_aWholeAddressIsFound() throws Exception {
            MailDns dns = subject(bench().dns("six.test. A6 0 2001:db8::6\nsix.test. A6 64 ::7 prefix.test."));
            expectFound(ask(dns, "six.test", RecordType.A6), addresses("2001:db8::6"));
        }

        @Requirement
        void DNS_28_aPartOfAnAddressIsNotFound() throws Exception {
            MailDns dns = subject(bench().dns("six.test. A6 64 ::7 prefix.test."));
            expectNoData(ask(dns, "six.test", RecordType.A6));
        }

        @Requirement
        void DNS_29_theFieldsAreKept() throws Exception {
            MailDns dns = subject(bench().dns("""
                    _25._tcp.mx.test. TLSA 3 1 1 00ff
                    _25._tcp.mx.test. TLSA 2 0 2 8001
                    """));
            expectFound(
                    ask(dns, "_25._tcp.mx.test", RecordType.TLSA),
                    List.of(new TlsaRecord(3, 1, 1, "00ff"), new TlsaRecord(2, 0, 2, "8001")));
        }

        @Requirement
        void DNS_30_theStringsOfARecordAreJoined() throws Exception {
            MailDns dns = subject(bench().dns("text.test. TXT \"v=STSv1; \" \"id=1\"\ntext.test. TXT other"));
            expectFound(ask(dns, "text.test", RecordType.TXT), List.of("v=STSv1; id=1", "other"));
        }

        @Requirement
        void DNS_30_octetsAreKept() throws Exception {
            MailDns dns = subject(bench().dns("text.test. TXT \u00fc\u0080\u00ff"));
            expectFound(ask(dns, "text.test", RecordType.TXT), List.of("\u00fc\u0080\u00ff"));
        }
    }

    @Nested
    class NegativeAnswers {

        @Requirement
        void DNS_02_nxdomainIsNoSuchName() throws Exception {
            MailDns dns = subject(bench().dns(ZONE));
            expectNoSuchName(ask(dns, "nosuch.test", RecordType.MX));
            expectNoSuchName(ask(dns, "nosuch.test", RecordType.AAAA));
        }

        @Requirement
        void DNS_02_nxdomainWithoutSoaIsNoSuchName() throws Exception {
            FakeDnsServer server = bench().dns(ZONE);
            server.fault("nosuch.test", RecordType.MX, DnsFault.NXDOMAIN_WITHOUT_SOA);
            expectNoSuchName(ask(subject(server), "nosuch.test", RecordType.MX));
        }

        @Requirement
        void DNS_03_noRecordIsNoData() throws Exception {
            MailDns dns = subject(bench().dns(ZONE));
            expectNoData(ask(dns, "example.test", RecordType.A));
            expectNoData(ask(dns, "mx1.example.test", RecordType.MX));
        }

        @Requirement
        void DNS_03_noRecordWithoutSoaIsNoData() throws Exception {
            FakeDnsServer server = bench().dns(ZONE);
            server.fault("example.test", RecordType.AAAA, DnsFault.NO_DATA_WITHOUT_SOA);
            expectNoData(ask(subject(server), "example.test", RecordType.AAAA));
        }
    }

    @Nested
    class Aliases {

        @Requirement
        void DNS_04_aChainInOneMessageIsFollowed() throws Exception {
            MailDns dns = subject(bench().dns(ALIASES));
            expectFound(ask(dns, "one.test", RecordType.A), addresses("192.0.2.1"));
        }

        @Requirement
        void DNS_04_aChainInSeveralMessagesIsFollowed() throws Exception {
            expectFound(ask(subject(aliasByAlias()), "one.test", RecordType.A), addresses("192.0.2.1"));
        }

        @Requirement
        void DNS_05_aDnameIsFollowed() throws Exception {
            MailDns dns = subject(bench().dns(ALIASES));
            expectFound(ask(dns, "www.old.test", RecordType.A), addresses("192.0.2.7"));
        }

        @Requirement
        void DNS_06_anAliasToANameWithoutDataIsNoData() throws Exception {
            expectNoData(ask(subject(bench().dns(ALIASES)), "one.test", RecordType.AAAA));
            expectNoData(ask(subject(aliasByAlias()), "one.test", RecordType.MX));
        }

        @Requirement
        void DNS_06_anAliasToNoNameIsNoSuchName() throws Exception {
            FakeDnsServer server = bench().dns(ALIASES);
            MailDns dns = subject(server);
            expectNoSuchName(ask(dns, "toNothing.test", RecordType.A));
            server.fault("nosuch.test", RecordType.MX, DnsFault.NXDOMAIN);
            expectNoSuchName(ask(dns, "toNothing.test", RecordType.MX));
        }

        @Requirement
        void DNS_07_aLoopIsFailed() throws Exception {
            FakeDnsServer server = bench().dns(ALIASES);
            expectLoop(server, "loop1.test");
            expectLoop(server, "self.test");
        }

        @Requirement
        void DNS_07_aLoopInSeveralMessagesIsFailed() throws Exception {
            FakeDnsServer server = bench().dns(ALIASES);
            server.fault("loop1.test", RecordType.A, DnsFault.AUTHENTIC);
            server.fault("loop2.test", RecordType.A, DnsFault.AUTHENTIC);
            expectLoop(server, "loop1.test");
        }

        private void expectLoop(FakeDnsServer server, String name) throws Exception {
            expectFailed(ask(subject(server), name, RecordType.A));
            expectFewQuestions(server);
        }

        @Requirement
        void DNS_08_aHundredAliasesAreFailed() throws Exception {
            FakeDnsServer server = bench().dns(IntStream.range(0, ALIASES_TOO_MANY)
                            .mapToObj(i -> "n" + i + ".test. CNAME n" + (i + 1) + ".test.\n")
                            .collect(Collectors.joining())
                    + "n" + ALIASES_TOO_MANY + ".test. A 192.0.2.1");
            expectFailed(ask(subject(server), "n0.test", RecordType.A));
            expectFewQuestions(server);
        }

        private void expectFewQuestions(FakeDnsServer server) {
            QUESTIONS.that(
                    "at most " + QUESTIONS_AT_MOST + " queries", server.questions(), n -> n <= QUESTIONS_AT_MOST);
        }

        @Requirement
        void DNS_36_theCanonicalNameIsTheEndOfTheChain() throws Exception {
            DnsName end = new DnsName("end.test");
            ANSWER.equal("the canonical name", end, canonicalName(bench().dns(ALIASES), "one.test"));
            ANSWER.equal("the canonical name", end, canonicalName(aliasByAlias(), "one.test"));
        }

        @Requirement
        void DNS_36_theCanonicalNameIsTheNameItselfWithoutAlias() throws Exception {
            ANSWER.equal(
                    "the canonical name", new DnsName("end.test"), canonicalName(bench().dns(ALIASES), "end.test"));
        }

        private DnsName canonicalName(FakeDnsServer server, String name) throws Exception {
            return expectFound(ask(subject(server), name, RecordType.A), addresses("192.0.2.1"))
                    .canonicalName();
        }

        @Requirement
        void DNS_48_anAliasIsFoundAndNotFollowed() throws Exception {
            expectAlias(bench().dns(ALIASES), "one.test", "two.test");
        }

        /** The target does not exist, is an alias back to the first name, or is the name itself. */
        @Requirement
        void DNS_48_anAliasToAnyTargetIsFound() throws Exception {
            FakeDnsServer server = bench().dns(ALIASES);
            expectAlias(server, "toNothing.test", "nosuch.test");
            expectAlias(server, "loop1.test", "loop2.test");
            expectAlias(server, "self.test", "self.test");
        }

        @Requirement
        void DNS_48_aNameThatIsNotAnAliasHasNone() throws Exception {
            MailDns dns = subject(bench().dns(ALIASES));
            expectNoData(ask(dns, "end.test", RecordType.CNAME));
            expectNoSuchName(ask(dns, "nosuch.test", RecordType.CNAME));
        }

        @Requirement
        void DNS_48_aFailureIsFailed() throws Exception {
            FakeDnsServer server = bench().dns(ALIASES);
            server.fault("one.test", RecordType.CNAME, DnsFault.SERVFAIL);
            expectFailed(ask(subject(server), "one.test", RecordType.CNAME));
        }

        private void expectAlias(FakeDnsServer server, String alias, String target) throws Exception {
            DnsAnswer.Found<DnsName> found =
                    expectFound(ask(subject(server), alias, RecordType.CNAME), List.of(new DnsName(target)));
            ANSWER.equal("the canonical name", new DnsName(alias), found.canonicalName());
        }

        @Requirement
        void DNS_54_anAliasMadeOfADnameIsFoundAndNotFollowed() throws Exception {
            expectAlias(bench().dns(ALIASES), "www.old.test", "www.new.test");
        }

        /** The target is an alias as well, or does not exist. */
        @Requirement
        void DNS_54_whateverItsTargetIs() throws Exception {
            FakeDnsServer server = bench().dns(ALIASES + "ftp.new.test. CNAME one.test.");
            expectAlias(server, "ftp.old.test", "ftp.new.test");
            expectAlias(server, "nosuch.old.test", "nosuch.new.test");
        }

        @Requirement
        void DNS_52_theChainIsListedFromItsBeginningToItsEnd() throws Exception {
            List<String> whole = List.of("one.test", "two.test", "three.test", "end.test");
            for (FakeDnsServer server : List.of(bench().dns(ALIASES), aliasByAlias())) {
                MailDns dns = subject(server);
                expectListed(whole, ask(dns, "one.test", RecordType.A));
                expectListed(whole, ask(dns, "one.test", RecordType.MX));
            }
        }

        @Requirement
        void DNS_52_alsoWhereItLeadsToNoName() throws Exception {
            MailDns dns = subject(bench().dns(ALIASES + "lost.new.test. CNAME toNothing.test."));
            expectListed(
                    List.of("lost.old.test", "lost.new.test", "toNothing.test", "nosuch.test"),
                    ask(dns, "lost.old.test", RecordType.A));
        }

        @Requirement
        void DNS_52_withoutAliasNoneIsListed() throws Exception {
            MailDns dns = subject(bench().dns(ALIASES));
            expectNoneListed(ask(dns, "end.test", RecordType.A));
            expectNoneListed(ask(dns, "one.test", RecordType.CNAME));
            expectNoneListed(ask(dns, "www.old.test", RecordType.CNAME));
        }

        private void expectNoneListed(DnsAnswer<?> answer) {
            ANSWER.equal("the aliases", List.of(), answer.aliases());
        }

        /** @param chain the name asked for, and the targets of the aliases */
        private void expectListed(List<String> chain, DnsAnswer<?> answer) {
            List<DnsName> names = chain.stream().map(DnsName::new).toList();
            if (!answer.aliases().isEmpty()) {
                ANSWER.equal(
                        "the names that are aliases",
                        names.subList(0, names.size() - 1),
                        answer.aliases().stream().map(DnsAnswer.Alias::owner).toList());
                ANSWER.equal(
                        "the targets of the aliases",
                        names.subList(1, names.size()),
                        answer.aliases().stream().map(DnsAnswer.Alias::target).toList());
            }
        }

        @Requirement
        void DNS_50_theNameOfAnAddressIsFound() throws Exception {
            for (IpAddress address : addresses("192.0.2.1", "2001:db8::1")) {
                String reverse = address.reverseName().text();
                MailDns dns = subject(bench().dns(reverse + ". PTR mx1.example.test."));
                expectFound(ask(dns, reverse, RecordType.PTR), List.of(new DnsName("mx1.example.test")));
            }
        }

        /** Blocks smaller than an octet are delegated by aliases (RFC 2317). */
        @Requirement
        void DNS_50_theNameOfAnAddressIsFoundThroughAnAlias() throws Exception {
            MailDns dns = subject(bench().dns("""
                    1.2.0.192.in-addr.arpa. CNAME 1.0-63.2.0.192.in-addr.arpa.
                    1.0-63.2.0.192.in-addr.arpa. PTR mx1.example.test.
                    """));
            expectFound(ask(dns, "1.2.0.192.in-addr.arpa", RecordType.PTR), List.of(new DnsName("mx1.example.test")));
        }

        /** Each message contains one alias, because the server does not follow aliases to names that have a fault. */
        private FakeDnsServer aliasByAlias() {
            FakeDnsServer server = bench().dns(ALIASES);
            for (RecordType<?> type : List.of(RecordType.A, RecordType.MX)) {
                server.fault("two.test", type, DnsFault.AUTHENTIC);
                server.fault("three.test", type, DnsFault.AUTHENTIC);
                server.fault("end.test", type, DnsFault.AUTHENTIC);
            }
            return server;
        }
    }

    @Nested
    class Names {

        @Requirement
        void DNS_35_aSingleLabelIsQueriedUnchanged() throws Exception {
            FakeDnsServer server = bench().dns(ZONE);
            expectNoSuchName(once(subject(server), "mx1", RecordType.A));
            expectOnly("dns: A mx1 -> no such name");
        }

        @Requirement
        void DNS_35_aNameWithDotsIsQueriedUnchanged() throws Exception {
            FakeDnsServer server = bench().dns(ZONE);
            expectNoSuchName(once(subject(server), "nosuch.example.test", RecordType.MX));
            expectOnly("dns: MX nosuch.example.test -> no such name");
        }

        private void expectOnly(String question) {
            QUESTIONS.equal(
                    "one query:", List.of(question), bench().transcript().linesOf("dns: "));
        }
    }
}
