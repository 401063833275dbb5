// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsName;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Lookup;
import org.postroad.api.RecordType;
import org.postroad.api.Security;
import org.postroad.provider.internal.deliver.DaneInquiry.TlsaTarget;

/** Which questions about an alias the answers with the address save (TLS-06). */
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
