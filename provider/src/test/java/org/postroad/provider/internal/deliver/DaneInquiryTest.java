// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsName;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Lookup;
import org.postroad.api.RecordType;
import org.postroad.api.Security;
import org.postroad.api.TlsResult;
import org.postroad.api.TlsaRecord;
import org.postroad.provider.internal.deliver.DaneInquiry.TlsaTarget;
import org.postroad.provider.internal.tls.PublishedTlsPolicies.PublishedDane;

/** Which questions about TLSA records are asked, which ones the answers with the address save (TLS-06), and what a failure means (TLS-08). */
class DaneInquiryTest {

    private static final HostName HOST = HostName.parse("mx.test");

    private final List<String> asked = new ArrayList<>();

    /** Has no TLSA records; the alias is secure. */
    private final DaneInquiry.TlsQuestions dns = new DaneInquiry.TlsQuestions() {
        @Override
        public <R> Lookup<R> ask(HostName name, RecordType<R> type) {
            asked.add(type + " " + name);
            DnsAnswer<R> none = new DnsAnswer.NoData<>(Duration.ZERO, Security.SECURE);
            return new Lookup<>(name, type, type.equals(RecordType.CNAME) ? alias(type) : none);
        }
    };

    private static <R> DnsAnswer<R> alias(RecordType<R> type) {
        List<R> target = List.of(type.javaType().cast(new DnsName("end.test")));
        return new DnsAnswer.Found<>(target, new DnsName(HOST.text()), Duration.ZERO, Security.SECURE);
    }

    /**
     * The answers contain the same address, for example in AAAA and A6 records.
     *
     * @param answers the securities of the aliases of each answer, separated by dots; "none" if it lists none
     */
    @ParameterizedTest
    @CsvSource({
        "none, 'CNAME mx.test, TLSA _25._tcp.mx.test'",
        "UNKNOWN, 'CNAME mx.test, TLSA _25._tcp.mx.test'",
        "UNKNOWN.SECURE, 'CNAME mx.test, TLSA _25._tcp.mx.test'",
        "SECURE, TLSA _25._tcp.mx.test",
        "SECURE.UNKNOWN, TLSA _25._tcp.mx.test",
        "SECURE.INSECURE, TLSA _25._tcp.mx.test",
        "INSECURE, ''",
        "INSECURE.SECURE, ''",
        "none SECURE, TLSA _25._tcp.mx.test",
        "INSECURE SECURE, TLSA _25._tcp.mx.test",
        "INSECURE INSECURE, ''",
        "INSECURE none, 'CNAME mx.test, TLSA _25._tcp.mx.test'",
        "INSECURE UNKNOWN, 'CNAME mx.test, TLSA _25._tcp.mx.test'"
    })
    void TLS_06_anAliasIsQueriedUnlessTheAnswersContainItsSecurity(String answers, String questions) throws Exception {
        List<DnsAnswer.Found<IpAddress>> listed =
                Stream.of(answers.split(" ")).map(DaneInquiryTest::answer).toList();
        new DaneInquiry(dns).ask(new TlsaTarget(HOST, 25, listed, Set.of()));
        assertThat(String.join(", ", asked)).isEqualTo(questions);
    }

    /** A resolver with one answer for each type. */
    private DaneInquiry.TlsQuestions answering(DnsAnswer<DnsName> cname, DnsAnswer<TlsaRecord> tlsa) {
        return new DaneInquiry.TlsQuestions() {
            @Override
            @SuppressWarnings("unchecked") // each answer has the type of its question
            public <R> Lookup<R> ask(HostName name, RecordType<R> type) {
                asked.add(type + " " + name);
                return new Lookup<>(name, type, (DnsAnswer<R>) (type.equals(RecordType.CNAME) ? cname : tlsa));
            }
        };
    }

    private static DnsAnswer.Found<IpAddress> address(String end, Security security) {
        return new DnsAnswer.Found<>(List.of(IpAddress.parse("192.0.2.1")), new DnsName(end), Duration.ZERO, security);
    }

    private static TlsResult.Policy policy(String base) {
        return new TlsResult.Policy(TlsResult.Type.TLSA, HostName.parse(base));
    }

    private static final DnsAnswer<TlsaRecord> NONE = new DnsAnswer.NoData<>(Duration.ZERO, Security.SECURE);

    static Stream<Arguments> answersWithoutRecords() {
        DnsAnswer<TlsaRecord> unsigned = new DnsAnswer.Found<>(
                List.of(new TlsaRecord(3, 1, 1, "ab".repeat(32))), new DnsName("x"), Duration.ZERO, Security.INSECURE);
        return Stream.of(
                Arguments.of(NONE, PublishedDane.ABSENT),
                Arguments.of(new DnsAnswer.NoSuchName<>(Duration.ZERO, Security.SECURE), PublishedDane.ABSENT),
                Arguments.of(unsigned, PublishedDane.ABSENT),
                Arguments.of(
                        new DnsAnswer.Failed<>(DnsAnswer.Cause.BOGUS, "expired"),
                        new PublishedDane.TlsaLookupFailed(policy("mx.test"), "BOGUS (expired)")));
    }

    @ParameterizedTest
    @MethodSource("answersWithoutRecords")
    void TLS_08_onlyAFailedLookupSkipsTheHost(DnsAnswer<TlsaRecord> answer, PublishedDane result) throws Exception {
        DaneInquiry inquiry =
                new DaneInquiry(answering(new DnsAnswer.NoData<>(Duration.ZERO, Security.SECURE), answer));
        TlsaTarget target = new TlsaTarget(HOST, 25, List.of(address("mx.test", Security.SECURE)), Set.of());
        assertThat(inquiry.ask(target)).isEqualTo(result);
        assertThat(asked).containsExactly("TLSA _25._tcp.mx.test");
    }

    /** RFC 7672 §2.2.2: the alias may be in a signed zone. */
    @Test
    void TLS_08_aFailedLookupOfTheAliasSkipsTheHost() throws Exception {
        DaneInquiry inquiry =
                new DaneInquiry(answering(new DnsAnswer.Failed<>(DnsAnswer.Cause.TIMEOUT, "silence"), NONE));
        TlsaTarget target = new TlsaTarget(HOST, 25, List.of(address("end.test", Security.INSECURE)), Set.of());
        assertThat(inquiry.ask(target))
                .isEqualTo(new PublishedDane.TlsaLookupFailed(
                        policy("mx.test"), "they may be at a secure alias, CNAME of mx.test: TIMEOUT (silence)"));
    }

    @ParameterizedTest
    @CsvSource({
        "mx.test, INSECURE, ''",
        "end.test, INSECURE, 'CNAME mx.test'",
        "end.test, SECURE, 'TLSA _25._tcp.end.test, TLSA _25._tcp.mx.test'",
    })
    void TLS_06_theEndOfTheAliasesIsAskedBeforeTheHost(String end, Security security, String questions)
            throws Exception {
        DaneInquiry inquiry =
                new DaneInquiry(answering(new DnsAnswer.NoData<>(Duration.ZERO, Security.INSECURE), NONE));
        TlsaTarget target = new TlsaTarget(HOST, 25, List.of(address(end, security)), Set.of());
        assertThat(inquiry.ask(target)).isEqualTo(PublishedDane.ABSENT);
        assertThat(String.join(", ", asked)).isEqualTo(questions);
    }

    private static DnsAnswer.Found<IpAddress> answer(String securities) {
        List<Security> each = securities.equals("none")
                ? List.of()
                : Arrays.stream(securities.split("\\.")).map(Security::valueOf).toList();
        List<DnsAnswer.Alias> aliases = new ArrayList<>();
        for (int i = 0; i < each.size(); i++) {
            String owner = i == 0 ? HOST.text() : "alias" + i + ".test";
            String target = i == each.size() - 1 ? "end.test" : "alias" + (i + 1) + ".test";
            aliases.add(new DnsAnswer.Alias(new DnsName(owner), new DnsName(target), each.get(i)));
        }
        return new DnsAnswer.Found<>(
                        List.of(IpAddress.parse("2001:db8::1")),
                        new DnsName("end.test"),
                        Duration.ZERO,
                        Security.INSECURE)
                .withAliases(aliases);
    }
}
