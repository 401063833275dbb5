// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsName;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.RecordType;
import org.postroad.api.Security;
import org.postroad.fixtures.DnsFault;
import org.postroad.fixtures.FakeDnsServer;
import org.postroad.spi.MailDns;

/**
 * The conformance tests of {@link MailDns}: DNS. The tests of answers are in {@link MailDnsOutcomes} and {@link MailDnsFaults},
 * those of threads and sockets in {@link MailDnsLife}.
 */
public abstract class MailDnsTck extends MailDnsLife {

    private static final String ADDRESS = "mx1.example.test";
    private static final List<IpAddress> TRUTH = addresses("192.0.2.1");

    /** For the subclass of the implementer. */
    protected MailDnsTck() {}

    @Nested
    class Servers {

        @Requirement
        void DNS_22_theNextServerIsQueriedIfTheFirstIsSilent() throws Exception {
            MailDns dns = subject(faulty(DnsFault.DROP), bench().dns(ZONE));
            expectFound(
                    once(dns, ADDRESS, RecordType.A),
                    TRUTH); // Once, because this takes as long as the implementation waits.
        }

        @Requirement
        void DNS_22_theNextServerIsQueriedIfTheFirstIsUnreachable() throws Exception {
            InetSocketAddress second = bench().addressOf(bench().dns(ZONE), Family.IPV4);
            MailDns dns = subject(List.of(unreachable(), second));
            expectFound(ask(dns, ADDRESS, RecordType.A), TRUTH);
        }

        @Requirement
        void DNS_23_theNextServerIsQueriedAfterServfail() throws Exception {
            expectSecond(faulty(DnsFault.SERVFAIL));
        }

        @Requirement
        void DNS_23_theNextServerIsQueriedAfterRefused() throws Exception {
            expectSecond(faulty(DnsFault.REFUSED));
        }

        @Requirement
        void DNS_23_theNextServerIsQueriedAfterAReferral() throws Exception {
            expectSecond(faulty(DnsFault.LAME));
        }

        private void expectSecond(FakeDnsServer first) throws Exception {
            expectFound(ask(subject(first, bench().dns(ZONE)), ADDRESS, RecordType.A), TRUTH);
        }

        @Requirement
        void DNS_24_noSuchNameIsAnAnswer() throws Exception {
            FakeDnsServer second = bench().dns(ZONE);
            expectNoSuchName(ask(subject(faulty(DnsFault.NXDOMAIN), second), ADDRESS, RecordType.A));
            expectNotAsked(second);
        }

        @Requirement
        void DNS_24_noDataIsAnAnswer() throws Exception {
            FakeDnsServer second = bench().dns(ZONE);
            expectNoData(ask(subject(faulty(DnsFault.NO_DATA), second), ADDRESS, RecordType.A));
            expectNotAsked(second);
        }

        private void expectNotAsked(FakeDnsServer second) {
            Expect.lookAt("when the next server is queried")
                    .equal("queries to the second server:", 0, second.questions());
        }

        @Requirement
        void DNS_25_aServerIsQueriedOverIpv4() throws Exception {
            expectAnswerOver(Family.IPV4);
        }

        @Requirement
        void DNS_25_aServerIsQueriedOverIpv6() throws Exception {
            expectAnswerOver(Family.IPV6);
        }

        private void expectAnswerOver(Family family) throws Exception {
            MailDns dns = subject(List.of(bench().addressOf(bench().dns(ZONE), family)));
            expectFound(ask(dns, ADDRESS, RecordType.A), TRUTH);
        }
    }

    @Nested
    class TimeToLive {

        private static final long PASSED_MILLIS = 1_100;

        @Requirement
        void DNS_31_theTtlIsTheLowestOfTheChain() throws Exception {
            FakeDnsServer server = bench().dns("""
                    slow.test. 500 CNAME quick.test.
                    quick.test. 50 CNAME end.test.
                    end.test. 400 A 192.0.2.1
                    direct.test. 400 CNAME short.test.
                    short.test. 40 A 192.0.2.1
                    """);
            MailDns dns = subject(server);
            expectAtMost(50, dns, "slow.test");
            expectAtMost(40, dns, "direct.test");
            expectAtMost(40, dns, "short.test");
        }

        private void expectAtMost(long seconds, MailDns dns, String name) throws Exception {
            for (DnsAnswer<IpAddress> answer : List.of(once(dns, name, RecordType.A), once(dns, name, RecordType.A))) {
                Duration ttl = expectFound(answer, TRUTH).ttl();
                ANSWER.that("a TTL of at most " + seconds + " s", ttl, it -> it.toSeconds() <= seconds);
            }
        }

        @Requirement
        void DNS_31_theTtlOfANegativeAnswerIsThatOfTheSoa() throws Exception {
            FakeDnsServer server = bench().dns("example.test. 100 SOA ns.test. admin.test. 1 3600 600 86400 30");
            MailDns dns = subject(server);
            DnsAnswer<IpAddress> noData = once(dns, "example.test", RecordType.A);
            expectNoData(noData);
            DnsAnswer<IpAddress> noSuchName = once(dns, "nosuch.example.test", RecordType.A);
            expectNoSuchName(noSuchName);
            for (DnsAnswer<IpAddress> answer : List.of(noData, noSuchName)) {
                Duration ttl = answer.fold(
                        found -> found.ttl(),
                        nothing -> nothing.ttl(),
                        nobody -> nobody.ttl(),
                        failed -> Duration.ZERO);
                ANSWER.that("a TTL of at most 30 s, the SOA's MINIMUM", ttl, it -> it.toSeconds() <= 30);
            }
        }

        /** An unanswered query lets time pass. */
        @Requirement
        void DNS_32_aCachedAnswerHasTheRemainingTtl() throws Exception {
            FakeDnsServer server = bench().dns("one.test. 1 A 192.0.2.1\ntwo.test. 2 A 192.0.2.1");
            server.fault("silent.test", RecordType.A, DnsFault.DROP);
            MailDns dns = subject(server);
            ask(dns, "one.test", RecordType.A);
            ask(dns, "two.test", RecordType.A);
            if (server.questions() >= 4) {
                return; // The implementation does not cache.
            }
            Deadline old = Deadline.after(Duration.ofMillis(PASSED_MILLIS));
            while (!old.hasPassed()) {
                once(dns, "silent.test", RecordType.A, old.remaining());
            }
            Expect cache = Expect.lookAt("the age of cached records");
            int before = server.questions("one.test", RecordType.A);
            expectFound(once(dns, "one.test", RecordType.A), TRUTH);
            cache.isTrue(
                    "a TTL of 1 s is over after " + PASSED_MILLIS + " ms, and the server is queried again",
                    server.questions("one.test", RecordType.A) > before,
                    "it was not queried");
            before = server.questions("two.test", RecordType.A);
            Duration left =
                    expectFound(once(dns, "two.test", RecordType.A), TRUTH).ttl();
            boolean asked = server.questions("two.test", RecordType.A) > before;
            cache.isTrue(
                    "of a TTL of 2 s at most 1 s is left after " + PASSED_MILLIS + " ms",
                    asked || left.compareTo(Duration.ofSeconds(1)) <= 0,
                    left.toString());
        }
    }

    @Nested
    class Authenticity {

        @Requirement
        void DNS_33_aValidatedAnswerIsSecure() throws Exception {
            FakeDnsServer server = bench().dns(ZONE);
            server.faultForAll(DnsFault.AUTHENTIC);
            ANSWER.equal("security", Security.SECURE, securityOf(server, ADDRESS));
        }

        @Requirement
        void DNS_33_aValidatedChainIsSecure() throws Exception {
            FakeDnsServer server = chain();
            server.fault(ADDRESS, RecordType.A, DnsFault.AUTHENTIC);
            ANSWER.equal("security", Security.SECURE, securityOf(server, "alias.test"));
        }

        @Requirement
        void DNS_34_anUnvalidatedAnswerIsNotSecure() throws Exception {
            expectNotSecure(bench().dns(ZONE), ADDRESS);
        }

        /**
         * The target needs a fault of its own; otherwise the server would follow the alias and put everything in one message.
         */
        @Requirement
        void DNS_34_anUnvalidatedAliasTargetIsNotSecure() throws Exception {
            FakeDnsServer server = chain();
            server.fault(ADDRESS, RecordType.A, DnsFault.WRONG_ID_THEN_RIGHT);
            expectNotSecure(server, "alias.test");
        }

        /**
         * The message with alias and address has no AD bit, because the target is not signed. The answer to a query for the
         * alias itself has it.
         */
        @Requirement
        void DNS_49_anAliasIsSecureIfOnlyItsTargetIsNot() throws Exception {
            FakeDnsServer server = bench().dns("mx.signed.test. CNAME mx.plain.test.\nmx.plain.test. A 192.0.2.1");
            server.signed("signed.test");
            MailDns dns = subject(server);
            for (int i = 0; i < 2; i++) { // in both orders
                ANSWER.equal("security of the alias", Security.SECURE, ofAlias(dns, "mx.signed.test"));
                ANSWER.that(
                        "a security of its address other than SECURE",
                        expectFound(ask(dns, "mx.signed.test", RecordType.A), TRUTH)
                                .security(),
                        security -> security != Security.SECURE);
            }
        }

        @Requirement
        void DNS_49_anAliasIsNotSecureIfOnlyItsTargetIs() throws Exception {
            FakeDnsServer server = bench().dns("mx.plain.test. CNAME mx.signed.test.\nmx.signed.test. A 192.0.2.1");
            server.signed("signed.test");
            ANSWER.that(
                    "a security of the alias other than SECURE",
                    ofAlias(subject(server), "mx.plain.test"),
                    security -> security != Security.SECURE);
        }

        /** The message has no AD bit, because the target is not signed. */
        @Requirement
        void DNS_53_aSignedAliasIsNotInsecureBecauseItsTargetIs() throws Exception {
            FakeDnsServer server = bench().dns("mx.signed.test. CNAME mx.plain.test.\nmx.plain.test. A 192.0.2.1");
            server.signed("signed.test");
            expectListed(server, "mx.signed.test", security -> security != Security.INSECURE);
        }

        @Requirement
        void DNS_53_anAliasIsNotSecureBecauseItsTargetIs() throws Exception {
            FakeDnsServer server = bench().dns("mx.plain.test. CNAME mx.signed.test.\nmx.signed.test. A 192.0.2.1");
            server.signed("signed.test");
            expectListed(server, "mx.plain.test", security -> security != Security.SECURE);
            // The server does not follow an alias to a name that has a fault.
            server.fault("mx.signed.test", RecordType.A, DnsFault.AUTHENTIC);
            expectListed(server, "mx.plain.test", security -> security != Security.SECURE);
        }

        /** Expects an answer that lists no alias, or one with such a security. */
        private void expectListed(FakeDnsServer server, String name, Predicate<Security> allowed) throws Exception {
            ANSWER.that(
                    "an allowed security of the alias, if it is listed",
                    ask(subject(server), name, RecordType.A).aliases(),
                    aliases -> aliases.stream()
                            .findFirst()
                            .map(DnsAnswer.Alias::security)
                            .filter(allowed.negate())
                            .isEmpty());
        }

        private Security ofAlias(MailDns dns, String name) throws Exception {
            DnsAnswer<DnsName> answer = ask(dns, name, RecordType.CNAME);
            if (answer instanceof DnsAnswer.Found<DnsName> found) {
                return found.security();
            }
            throw ANSWER.mismatch("Found", answer.describe());
        }

        private FakeDnsServer chain() {
            FakeDnsServer server = bench().dns(ZONE + "alias.test. CNAME " + ADDRESS + ".");
            server.fault("alias.test", RecordType.A, DnsFault.AUTHENTIC);
            return server;
        }

        private void expectNotSecure(FakeDnsServer server, String name) throws Exception {
            ANSWER.that(
                    "a security other than SECURE", securityOf(server, name), security -> security != Security.SECURE);
        }

        private Security securityOf(FakeDnsServer server, String name) throws Exception {
            return expectFound(ask(subject(server), name, RecordType.A), TRUTH).security();
        }
    }

    @Nested
    class Concurrency {

        private static final int THREADS = 8;

        @Requirement
        void DNS_43_eachThreadGetsItsOwnAnswer() throws Exception {
            FakeDnsServer server = bench().dns(IntStream.range(0, THREADS)
                    .mapToObj(i -> "n" + i + ".test. A 192.0.2." + i)
                    .collect(Collectors.joining("\n")));
            server.faultForAll(DnsFault.HELD);
            MailDns dns = subject(server);
            Map<Integer, Question> questions = IntStream.range(0, THREADS)
                    .boxed()
                    .collect(Collectors.toMap(i -> i, i -> question(dns, "n" + i + ".test")));
            awaitHeld(THREADS);
            server.release();
            for (Map.Entry<Integer, Question> question : questions.entrySet()) {
                expectFound(question.getValue().answer(), addresses("192.0.2." + question.getKey()));
            }
        }
    }

    @Nested
    class Deadlines {

        private static final Duration SLACK = Duration.ofSeconds(5);

        @Requirement
        void DNS_41_silenceEndsAtTheDeadline() throws Exception {
            FakeDnsServer server = bench().dns(ZONE);
            server.faultForAll(DnsFault.DROP);
            expectBackInTime(subject(server));
        }

        @Requirement
        void DNS_41_silenceOverTcpEndsAtTheDeadline() throws Exception {
            FakeDnsServer server = bench().dns(ZONE);
            server.faultForAll(DnsFault.TRUNCATED_TCP_SILENT);
            expectBackInTime(subject(server));
        }

        private void expectBackInTime(MailDns dns) throws Exception {
            Duration time = silenceOfThisRun();
            Deadline late = Deadline.after(time.plus(timeOfThisRun(SLACK)));
            expectFailed(once(dns, ADDRESS, RecordType.A, time));
            Expect.lookAt("waits that do not end with the deadline of the query")
                    .isTrue("an end soon after the deadline, which was " + time, !late.hasPassed(), "it took longer");
        }

        @Requirement
        void DNS_42_aPassedDeadlineIsFailed() throws Exception {
            FakeDnsServer server = bench().dns(ZONE);
            MailDns dns = subject(server);
            Deadline passed = Deadline.after(Duration.ZERO);
            expectFailed(checked(RecordType.A, dns.query(HostName.parse(ADDRESS), RecordType.A, passed)));
            Expect.lookAt("whether the deadline is checked before the server is queried")
                    .equal("queries to the server:", 0, server.questions());
        }
    }
}
