// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tlsrpt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.provider.internal.https.HttpsRequest;

/** RFC 8460 §3. */
class TlsRptRecordTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v=TLSRPTv1;rua=mailto:a@example.org                             | mailto:a@example.org | ''",
                "v=TLSRPTv1; rua=mailto:a@example.org;                           | mailto:a@example.org | ''",
                "v=TLSRPTv1; new=1; rua=MAILTO:a@example.org                     | mailto:a@example.org | ''",
                "v=TLSRPTv1; rua=mailto:a@example.org , mailto:b@example.org     | mailto:a@example.org mailto:b@example.org | ''",
                "v=TLSRPTv1; rua=mailto:a@example.org,mailto:a@Example.org       | mailto:a@example.org | ''",
                "v=TLSRPTv1; rua=https://a.test/v1,https://a.test:443/v1#again   | https://a.test/v1 | ''",
                "v=TLSRPTv1; rua=mailto:a%2Bb@example.org?subject=x              | mailto:a+b@example.org | ''",
                "v=TLSRPTv1; rua=mailto:a@example.org; rua=mailto:b@example.org  | mailto:a@example.org | ''",
                "v=TLSRPTv1; rua=mailto:a@example.org,https://example.org/v1     | mailto:a@example.org https://example.org/v1 | ''",
                "v=TLSRPTv1; rua=HTTPS://Example.ORG                             | https://example.org/ | ''",
                "v=TLSRPTv1; rua=https://example.org:443/v1?x=%2C&y#z            | https://example.org/v1?x=%2C&y | ''",
                "v=TLSRPTv1; rua=https://example.org:8443/v1                     | '' | https://example.org:8443/v1",
                "v=TLSRPTv1; rua=https://user@example.org/v1                     | '' | https://user@example.org/v1",
                "v=TLSRPTv1; rua=https://[::1]/v1                                | '' | https://[::1]/v1",
                "v=TLSRPTv1; rua=https:///v1                                     | '' | https:///v1",
                "v=TLSRPTv1; rua=https:example.org                               | '' | https:example.org",
                "v=TLSRPTv1; rua=https://example.org/\u00e9                      | '' | https://example.org/\u00e9",
                "v=TLSRPTv1; rua=https://example.org/a b                         | '' | https://example.org/a b",
                "v=TLSRPTv1; rua=http://example.org/v1                           | '' | http://example.org/v1",
                "v=TLSRPTv1; rua=mailto:nobody                                   | '' | mailto:nobody",
                "v=TLSRPTv1; rua=mailto:a@example.org%0d%0aBcc:b@example.org     | '' | mailto:a@example.org%0d%0aBcc:b@example.org",
                "v=TLSRPTv1; rua=                                                | '' | ''",
                "v=TLSRPTv1; rua=,mailto:a@example.org, ,                        | mailto:a@example.org | ''",
                "v=TLSRPTv1;                                                     | '' | ''",
                "v=TLSRPTv2; rua=mailto:a@example.org                            | '' | ''",
                "V=TLSRPTv1; rua=mailto:a@example.org                            | '' | ''",
                "rua=mailto:a@example.org                                        | '' | ''",
            })
    void tlsrpt_theRecordNamesTheReceivers(String text, String wanted, String others) {
        TlsRptRecord record = TlsRptRecord.parse(List.of("v=spf1 -all", text));
        assertThat(Stream.concat(
                                record.mailboxes().stream().map(mailbox -> "mailto:" + mailbox),
                                record.uploads().stream().map(HttpsRequest.HttpsTarget::toString))
                        .collect(Collectors.joining(" ")))
                .isEqualTo(wanted);
        assertThat(String.join(" ", record.others())).isEqualTo(others);
    }

    @Test
    void tlsrpt_twoRecordsCountAsNone() {
        assertThat(TlsRptRecord.parse(List.of("v=TLSRPTv1; rua=mailto:a@a.test", "v=TLSRPTv1; rua=mailto:b@b.test")))
                .isEqualTo(TlsRptRecord.NONE);
    }

    @Test
    void tlsrpt_theNumberOfReceiversHasALimit() {
        String many = IntStream.range(0, 1000)
                .mapToObj(i -> "mailto:victim" + i + "@example.org")
                .collect(Collectors.joining(","));
        assertThat(TlsRptRecord.parse(List.of("v=TLSRPTv1; rua=" + many)).mailboxes())
                .hasSize(TlsRptRecord.MAX_ADDRESSES);
    }
}
