// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.postroad.provider.internal.dns.DnsTesting.SILENCE;
import static org.postroad.provider.internal.dns.DnsTesting.ask;
import static org.postroad.provider.internal.dns.SignedTree.verdict;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsAnswer.Cause;
import org.postroad.api.HostName;
import org.postroad.api.RecordType;
import org.postroad.provider.GrowingTimeout;
import org.postroad.provider.internal.dns.SigningServer.Trick;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What is secure, what is provably insecure, and that everything else is a failure. */
@Timeout(300)
class ValidationTest {

    /** The rest of a signature allegedly made by a zone without keys. */
    private static final String BY_PLAIN = " 20990101000000 20200101000000 1 plain.test. AAAA";

    private final SignedTree tree = new SignedTree();
    private final SigningServer server = tree.server;
    private final DnsjavaMailDns dns = new DnsjavaMailDns(tree.settings());

    @AfterEach
    void close() {
        dns.close();
        tree.close();
    }

    static Stream<Arguments> answers() {
        return Stream.of(
                arguments("secure.test", RecordType.MX, "found [10 mx.secure.test] SECURE"),
                arguments("secure.test", RecordType.TXT, "found [v=STSv1; id=1] SECURE"),
                arguments("mx.secure.test", RecordType.A, "found [192.0.2.1] SECURE"),
                arguments("mx.secure.test", RecordType.AAAA, "found [2001:db8::1] SECURE"),
                arguments("_25._tcp.mx.secure.test", RecordType.TLSA, "found [3 1 1 00ff] SECURE"),
                arguments("a.b.test", RecordType.A, "found [192.0.2.9] SECURE"),
                arguments("mx.secure.test", RecordType.TLSA, "no data SECURE"),
                arguments("_tcp.mx.secure.test", RecordType.TLSA, "no data SECURE"),
                arguments("test", RecordType.MX, "no data SECURE"),
                arguments("none.secure.test", RecordType.A, "no such name SECURE"),
                arguments("none.test", RecordType.MX, "no such name SECURE"),
                arguments("none", RecordType.MX, "no such name SECURE"),
                arguments("alias.secure.test", RecordType.A, "found [192.0.2.1] SECURE"),
                arguments("alias.secure.test", RecordType.TXT, "no data SECURE"),
                arguments("over.secure.test", RecordType.A, "found [192.0.2.7] SECURE"),
                arguments("mx.tree.secure.test", RecordType.A, "found [192.0.2.7] SECURE"),
                arguments("back.tree.secure.test", RecordType.A, "found [192.0.2.1] SECURE"),
                arguments("lost.secure.test", RecordType.A, "no such name SECURE"),
                arguments("plain.test", RecordType.MX, "found [10 mx.plain.test] INSECURE"),
                arguments("mx.plain.test", RecordType.A, "found [192.0.2.8] INSECURE"),
                arguments("mx.plain.test", RecordType.MX, "no data INSECURE"),
                arguments("none.plain.test", RecordType.MX, "no such name INSECURE"),
                arguments("_25._tcp.mx.plain.test", RecordType.TLSA, "no such name INSECURE"),
                arguments("away.secure.test", RecordType.A, "found [192.0.2.8] INSECURE"),
                arguments("away.secure.test", RecordType.TXT, "no data INSECURE"),
                arguments("away.secure.test", RecordType.CNAME, "found [mx.plain.test] SECURE"),
                arguments("alias.secure.test", RecordType.CNAME, "found [mx.secure.test] SECURE"),
                arguments("mx.tree.secure.test", RecordType.CNAME, "found [mx.second.test] SECURE"),
                arguments("mx.secure.test", RecordType.CNAME, "no data SECURE"),
                arguments("none.secure.test", RecordType.CNAME, "no such name SECURE"),
                arguments("back.plain.test", RecordType.CNAME, "found [mx.secure.test] INSECURE"),
                arguments("astray.secure.test", RecordType.A, "no such name INSECURE"),
                arguments("back.plain.test", RecordType.A, "found [192.0.2.1] INSECURE"),
                arguments("mx.old.test", RecordType.A, "failed BOGUS"),
                arguments("mx.old.test", RecordType.MX, "failed BOGUS"),
                arguments("none.old.test", RecordType.MX, "failed BOGUS"));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void dnssec_everyAnswerIsSecureInsecureOrBogus(String name, RecordType<?> type, String verdict) throws Exception {
        assertThat(verdict(ask(dns, name, type))).isEqualTo(verdict);
        assertThat(verdict(ask(dns, name, type)))
                .as("with the keys that are kept")
                .isEqualTo(verdict);
    }

    /** TLS-06: a proof of the whole message is a proof of each alias; without it, the aliases of the message are not known. */
    @ParameterizedTest
    @CsvSource({
        "back.tree.secure.test, SECURE SECURE",
        "lost.secure.test, SECURE",
        "away.secure.test, UNKNOWN",
        "astray.secure.test, UNKNOWN",
        "back.plain.test, UNKNOWN"
    })
    void TLS_06_theAliasesOfAProvedMessageAreSecure(String name, String securities) throws Exception {
        assertThat(ask(dns, name, RecordType.A).aliases().stream()
                        .map(alias -> alias.security().toString())
                        .collect(Collectors.joining(" ")))
                .isEqualTo(securities);
    }

    /**
     * RFC 4035 §3.2.1, §3.2.2: queries for local validation request signatures, and also data that the servers themselves consider bogus.
     */
    @Test
    void dnssec_everyQueryHasTheBitsDoAndCd() throws InterruptedException {
        ask(dns, "mx.secure.test", RecordType.A);
        assertThat(server.questions())
                .isNotEmpty()
                .allSatisfy(question -> assertThat(question).endsWith(" DO CD"));
    }

    @Test
    void dnssec_theChainOfTrustIsCached() throws InterruptedException {
        ask(dns, "mx.secure.test", RecordType.A);
        assertThat(server.questions())
                .containsExactly(
                        "SOA . DO CD",
                        "DNSKEY . DO CD",
                        "A mx.secure.test DO CD",
                        "DNSKEY . DO CD",
                        "DS test DO CD",
                        "DNSKEY test DO CD",
                        "DS secure.test DO CD",
                        "DNSKEY secure.test DO CD");
        server.forgetQuestions();
        assertThat(verdict(ask(dns, "mx2.secure.test", RecordType.A))).isEqualTo("found [192.0.2.2] SECURE");
        assertThat(verdict(ask(dns, "mx2.secure.test", RecordType.AAAA))).isEqualTo("no data SECURE");
        assertThat(verdict(ask(dns, "mx3.secure.test", RecordType.A))).isEqualTo("no such name SECURE");
        assertThat(server.questions())
                .containsExactly("A mx2.secure.test DO CD", "AAAA mx2.secure.test DO CD", "A mx3.secure.test DO CD");
    }

    @Test
    void dnssec_theInsecurityOfAZoneIsCached() throws InterruptedException {
        ask(dns, "mx.plain.test", RecordType.A);
        server.forgetQuestions();
        assertThat(verdict(ask(dns, "plain.test", RecordType.MX))).endsWith("INSECURE");
        assertThat(server.questions()).containsExactly("MX plain.test DO CD");
    }

    static Stream<Arguments> lies() {
        return Stream.of(
                arguments(Tricks.FORGERY, Cause.BOGUS),
                arguments(Tricks.WITHOUT_SIGNATURES, Cause.BOGUS),
                arguments(Tricks.STRIPPING, Cause.BOGUS),
                arguments(Tricks.NO_DATA, Cause.BOGUS),
                arguments(Tricks.NO_SUCH_NAME, Cause.BOGUS),
                arguments(Tricks.SERVER_FAILURE, Cause.SERVER_FAILURE),
                arguments(Tricks.REFUSAL, Cause.REFUSED),
                arguments(Tricks.TRUNCATION, Cause.MALFORMED),
                arguments(Tricks.GARBAGE, Cause.BOGUS),
                arguments(Tricks.SILENCE, Cause.TIMEOUT));
    }

    @ParameterizedTest
    @MethodSource("lies")
    void dnssec_aForgedAnswerForASecureNameIsAFailure(Trick trick, Cause cause) throws Exception {
        GrowingTimeout.of(SILENCE, silence -> {
            server.trick("mx.secure.test.", Type.A, trick);
            assertThat(verdict(askFor(trick, "mx.secure.test", RecordType.A, silence)))
                    .isEqualTo("failed " + cause);
            server.heal();
            assertThat(verdict(ask(dns, "mx.secure.test", RecordType.A))).isEqualTo("found [192.0.2.1] SECURE");
        });
    }

    /** After silence or garbage, the correct answer could still arrive, so the wait is shortened. */
    private <R> DnsAnswer<R> askFor(Trick trick, String name, RecordType<R> type, Duration silence)
            throws InterruptedException {
        boolean inVain = trick == Tricks.SILENCE || trick == Tricks.GARBAGE;
        return dns.query(HostName.parse(name), type, Deadline.after(inVain ? silence : DnsTesting.PATIENCE));
    }

    static Stream<Arguments> liesAboutTheChain() {
        return Stream.of("DS secure.test.", "DNSKEY secure.test.", "DS test.", "DNSKEY test.", "DNSKEY .")
                .flatMap(question -> lies().map(lie -> lie.get()[0])
                        .filter(lie -> lie != Tricks.FORGERY)
                        .map(lie -> arguments(question, lie)));
    }

    @ParameterizedTest
    @MethodSource("liesAboutTheChain")
    void dnssec_aForgedAnswerInTheChainMakesNothingInsecure(String question, Trick trick) throws InterruptedException {
        assertThat(verdict(ask(dns, "none", RecordType.A)))
                .as("the root is known")
                .endsWith("SECURE");
        String[] words = question.split(" ");
        server.trick(words[1], Type.value(words[0]), trick);
        assertThat(verdict(askFor(trick, "mx.secure.test", RecordType.A, SILENCE)))
                .startsWith("failed ");
        assertThat(verdict(askFor(trick, "mx.secure.test", RecordType.MX, SILENCE)))
                .startsWith("failed ");
        assertThat(verdict(askFor(trick, "none.secure.test", RecordType.TLSA, SILENCE)))
                .startsWith("failed ");
        server.heal();
        assertThat(verdict(ask(dns, "mx.secure.test", RecordType.A))).isEqualTo("found [192.0.2.1] SECURE");
    }

    @Test
    void dnssec_aFailureInTheChainIsNamedWithItsServer() throws InterruptedException {
        server.trick("secure.test.", Type.DS, Tricks.SERVER_FAILURE);
        assertThat(ask(dns, "mx.secure.test", RecordType.A))
                .isEqualTo(new DnsAnswer.Failed<>(
                        Cause.SERVER_FAILURE, "DS of secure.test.: " + shown() + " replied SERVFAIL"));
    }

    @Test
    void dnssec_aBogusAnswerIsNamedWithTheReasonAndTheServer() throws InterruptedException {
        ask(dns, "none", RecordType.A);
        server.trick("mx.secure.test.", Type.A, Tricks.WITHOUT_SIGNATURES);
        assertThat(ask(dns, "mx.secure.test", RecordType.A))
                .isEqualTo(new DnsAnswer.Failed<>(
                        Cause.BOGUS,
                        "A of mx.secure.test. from " + shown()
                                + " is bogus: Could not validate RRset due to missing signature."));
    }

    /** An attacker cannot make a signed zone insecure by adding records of an unsigned one. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain.test. 300 IN SOA a. b. 1 1 1 1 1",
                "mx.plain.test. 300 IN NSEC z.plain.test. A",
                "plain.test. 300 IN NS ns.plain.test.",
                "secure.test. 300 CH SOA a. b. 1 1 1 1 1",
                "secure.test. 300 IN SOA a. b. 1 1 1 1 1",
                "mx.secure.test. 300 IN SOA a. b. 1 1 1 1 1",
                ". 300 IN SOA a. b. 1 1 1 1 1",
                "mx.plain.test. 300 IN NSEC z.plain.test. A RRSIG NSEC\nmx.plain.test. 300 IN RRSIG NSEC 13 3 300"
                        + BY_PLAIN,
                "secure.test. 300 IN SOA a. b. 1 1 1 1 1\nsecure.test. 300 IN RRSIG SOA 13 2 300" + BY_PLAIN,
                "secure.test. 300 IN NSEC z.secure.test. NS SOA\nsecure.test. 300 IN RRSIG NSEC 13 2 300" + BY_PLAIN
            })
    void dnssec_noRecordOfAnUnsignedZoneMakesADenialInsecure(String records) throws InterruptedException {
        ask(dns, "mx.plain.test", RecordType.A);
        server.trick("_25._tcp.mx.secure.test.", Type.TLSA, Tricks.authority(records));
        assertThat(verdict(ask(dns, "_25._tcp.mx.secure.test", RecordType.TLSA)))
                .startsWith("failed ");
    }

    @Test
    void dnssec_aReasonInTheAnswerOfAServerIsIgnored() throws InterruptedException {
        server.trick("mx.secure.test.", Type.TLSA, Tricks.changing(truth -> {
            Tricks.without(truth, Type.NSEC, Type.RRSIG, Type.SOA);
            Tricks.parse(". 0 CLASS65280 TXT \"all is well\"")
                    .forEach(record -> truth.addRecord(record, Section.ADDITIONAL));
            return truth;
        }));
        assertThat(verdict(ask(dns, "mx.secure.test", RecordType.TLSA))).isEqualTo("failed BOGUS");
    }

    /** RFC 4035 §5.3.1: the signer is the zone that contains the record. */
    @Test
    void dnssec_aSignatureByAnUnsignedZoneElsewhereMakesNothingInsecure() throws InterruptedException {
        ask(dns, "mx.plain.test", RecordType.A);
        server.trick(
                "mx.secure.test.",
                Type.A,
                Tricks.answer("mx.secure.test. 300 IN A 203.0.113.66\n" + "mx.secure.test. 300 IN RRSIG A 13 3 300"
                        + BY_PLAIN));
        assertThat(verdict(ask(dns, "mx.secure.test", RecordType.A))).isEqualTo("failed BOGUS");
    }

    /** The zone of an alias's target has no authority over the alias. */
    @Test
    void dnssec_aSignatureByTheUnsignedTargetMakesNoAliasInsecure() throws InterruptedException {
        ask(dns, "mx.plain.test", RecordType.A);
        server.trick(
                "alias.secure.test.",
                Type.A,
                Tricks.answer("alias.secure.test. 300 IN CNAME mx.plain.test.\n"
                        + "alias.secure.test. 300 IN RRSIG CNAME 13 3 300" + BY_PLAIN
                        + "\nmx.plain.test. 300 IN A 192.0.2.8"));
        assertThat(verdict(ask(dns, "alias.secure.test", RecordType.A))).isEqualTo("failed BOGUS");
    }

    /** Records about the target that an attacker adds to an alias are not part of the queried data. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "mx.plain.test. 300 IN A 192.0.2.8",
                "mx.plain.test. 300 IN CNAME other.plain.test.",
                "away.secure.test. 300 IN A 192.0.2.8",
                "plain.test. 300 IN SOA a. b. 1 1 1 1 1"
            })
    void TLS_06_recordsAddedToAnAliasDoNotMakeItInsecure(String record) throws InterruptedException {
        ask(dns, "mx.plain.test", RecordType.A);
        for (int section : new int[] {Section.ANSWER, Section.AUTHORITY}) {
            server.trick("away.secure.test.", Type.CNAME, Tricks.changing(truth -> {
                Tricks.parse(record).forEach(added -> truth.addRecord(added, section));
                return truth;
            }));
            assertThat(verdict(ask(dns, "away.secure.test", RecordType.CNAME)))
                    .isIn("found [mx.plain.test] SECURE", "failed BOGUS", "failed MALFORMED");
        }
    }

    @Test
    void TLS_06_anAliasWithoutItsSignatureIsBogus() throws InterruptedException {
        server.trick("away.secure.test.", Type.CNAME, Tricks.WITHOUT_SIGNATURES);
        assertThat(verdict(ask(dns, "away.secure.test", RecordType.CNAME))).isEqualTo("failed BOGUS");
    }

    @ParameterizedTest
    @CsvSource({ValidatorInput.MAX_SETS + ", BOGUS", ValidatorInput.MAX_SETS + 1 + ", MALFORMED"})
    void dnssec_aMessageWithTooManyRecordSetsIsRefused(int sets, Cause cause) throws InterruptedException {
        server.trick(
                "mx.secure.test.",
                Type.TXT,
                Tricks.authority(IntStream.range(0, sets)
                        .mapToObj(i -> "a" + i + ".secure.test. 300 IN NSEC z. A")
                        .collect(Collectors.joining("\n"))));
        assertThat(verdict(ask(dns, "mx.secure.test", RecordType.TXT))).isEqualTo("failed " + cause);
    }

    @Test
    void dnssec_unrequestedRecordsMakeNothingInsecure() throws InterruptedException {
        ask(dns, "mx.plain.test", RecordType.A);
        server.trick(
                "mx.secure.test.",
                Type.A,
                Tricks.answer("mx.plain.test. 300 IN A 203.0.113.66\nmx.secure.test. 300 IN A 203.0.113.66"));
        assertThat(verdict(ask(dns, "mx.secure.test", RecordType.A))).isEqualTo("failed BOGUS");
    }

    @Test
    void dnssec_aTruncatedMessageIsQueriedOverTcp() throws InterruptedException {
        server.trick("mx.secure.test.", Type.A, truth -> {
            int size = server.questions().get(server.questions().size() - 1).endsWith("TCP") ? 0xffff : 60;
            return Optional.of(truth.toWire(size));
        });
        assertThat(verdict(ask(dns, "mx.secure.test", RecordType.A))).isEqualTo("found [192.0.2.1] SECURE");
        assertThat(server.questions()).contains("A mx.secure.test DO CD TCP");
    }

    /** RFC 4035 §5.3.3: the current TTL of a record is not signed, but its original TTL is. */
    @Test
    void dnssec_aTtlAboveTheOriginalOneIsReduced() throws InterruptedException {
        server.trick("secure.test.", Type.MX, Tricks.changing(truth -> {
            for (Record record : List.copyOf(truth.getSection(Section.ANSWER))) {
                truth.removeRecord(record, Section.ANSWER);
                Tricks.parse(record.toString().replaceFirst("\t120\t", "\t86400\t"))
                        .forEach(grown -> truth.addRecord(grown, Section.ANSWER));
            }
            return truth;
        }));
        assertThat(ask(dns, "secure.test", RecordType.MX)).isInstanceOfSatisfying(DnsAnswer.Found.class, found -> {
            assertThat(found.ttl()).isEqualTo(Duration.ofSeconds(120));
            assertThat(verdict(found)).endsWith("SECURE");
        });
    }

    @Test
    void dnssec_noAnswerIsCachedLongerThanItsSignatureIsValid() throws InterruptedException {
        Instant now = Instant.now();
        SignedZone root = SignedZone.signed(".", now.minusSeconds(60), now.plusSeconds(100), "mx A 192.0.2.1");
        try (SigningServer other = SigningServer.start(root);
                DnsjavaMailDns brief = new DnsjavaMailDns(settings(other, root))) {
            assertThat(ask(brief, "mx", RecordType.A))
                    .isInstanceOfSatisfying(
                            DnsAnswer.Found.class,
                            found ->
                                    assertThat(found.ttl()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(100)));
        }
    }

    /** One message for the answer, one for the key of the root, and one for each label at which a zone could begin. */
    @ParameterizedTest
    @CsvSource({
        ProofSearch.MAX_MESSAGES - 2 + ", due to missing signature",
        ProofSearch.MAX_MESSAGES - 1 + ", more than " + ProofSearch.MAX_MESSAGES + " messages"
    })
    void dnssec_aProofOfTooManyMessagesFails(int labels, String detail) throws InterruptedException {
        String deep = "a.".repeat(labels);
        SignedZone root = SignedZone.signed(".", deep + " A 192.0.2.1");
        try (SigningServer other = SigningServer.start(root);
                DnsjavaMailDns asking = new DnsjavaMailDns(settings(other, root))) {
            other.trick(deep, Type.A, Tricks.authority(deep + " 300 IN SOA a. b. 1 1 1 1 1"));
            assertThat(ask(asking, deep.substring(0, deep.length() - 1), RecordType.A)
                            .failure()
                            .orElseThrow()
                            .detail())
                    .contains(detail);
        }
    }

    @Test
    void dnssec_manyThreadsCanQueryConcurrently() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Callable<String>> questions = Stream.generate(() -> answers().toList())
                    .limit(4)
                    .flatMap(List::stream)
                    .<Callable<String>>map(row -> () -> {
                        String name = (String) row.get()[0];
                        String verdict = verdict(ask(dns, name, (RecordType<?>) row.get()[1]));
                        return verdict.equals(row.get()[2]) ? "" : name + " " + verdict;
                    })
                    .toList();
            for (Future<String> difference : threads.invokeAll(questions)) {
                assertThat(difference.get()).isEmpty();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void dnssec_anInterruptEndsAQuery() {
        server.trickForAll(Tricks.SILENCE);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> ask(dns, "mx.secure.test", RecordType.A)).isInstanceOf(InterruptedException.class);
    }

    @Test
    void dnssec_closingEndsAQuery() throws InterruptedException {
        dns.close();
        assertThat(verdict(ask(dns, "mx.secure.test", RecordType.A))).isEqualTo("failed CLOSED");
    }

    private static DnsSettings settings(SigningServer server, SignedZone root) {
        return DnsSettings.DEFAULTS
                .withServers(List.of(server.address()))
                .withTimeouts(DnsTesting.PATIENCE, DnsTesting.PATIENCE)
                .withAnchors(Optional.of(new TrustAnchors(List.of(root.digest().orElseThrow()))));
    }

    private String shown() {
        return "127.0.0.1:" + server.address().getPort();
    }
}
