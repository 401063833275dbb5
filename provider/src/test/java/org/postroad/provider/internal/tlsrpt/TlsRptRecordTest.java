// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tlsrpt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.api.Mailbox;

/** RFC 8460 §3. */
class TlsRptRecordTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v=TLSRPTv1;rua=mailto:a@example.org                            | a@example.org | ''",
                "v=TLSRPTv1; rua=mailto:a@example.org;                          | a@example.org | ''",
                "v=TLSRPTv1; new=1; rua=MAILTO:a@example.org                    | a@example.org | ''",
                "v=TLSRPTv1; rua=mailto:a@example.org , mailto:b@example.org    | a@example.org b@example.org | ''",
                "v=TLSRPTv1; rua=mailto:a@example.org,https://example.org/v1    | a@example.org | https://example.org/v1",
                "v=TLSRPTv1; rua=mailto:a%2Bb@example.org?subject=x             | a+b@example.org | ''",
                "v=TLSRPTv1; rua=mailto:a@example.org; rua=mailto:b@example.org | a@example.org | ''",
                "v=TLSRPTv1; rua=mailto:nobody                                  | '' | mailto:nobody",
                "v=TLSRPTv1; rua=mailto:a@example.org%0d%0aBcc:b@example.org    | '' | mailto:a@example.org%0d%0aBcc:b@example.org",
                "v=TLSRPTv1; rua=                                               | '' | ''",
                "v=TLSRPTv1;                                                    | '' | ''",
                "v=TLSRPTv2; rua=mailto:a@example.org                           | '' | ''",
                "V=TLSRPTv1; rua=mailto:a@example.org                           | '' | ''",
                "rua=mailto:a@example.org                                       | '' | ''",
            })
    void tlsrpt_whoWantsReports(String text, String mailboxes, String others) {
        TlsRptRecord record = TlsRptRecord.parse(List.of("v=spf1 -all", text));
        assertThat(record.mailboxes().stream().map(Mailbox::toString).collect(Collectors.joining(" ")))
                .isEqualTo(mailboxes);
        assertThat(record.others().stream().filter(other -> !other.isEmpty()).collect(Collectors.joining(" ")))
                .isEqualTo(others);
    }

    @Test
    void tlsrpt_ofTwoRecordsNoneCounts() {
        assertThat(TlsRptRecord.parse(List.of("v=TLSRPTv1; rua=mailto:a@a.test", "v=TLSRPTv1; rua=mailto:b@b.test")))
                .isEqualTo(TlsRptRecord.NOBODY);
    }

    @Test
    void tlsrpt_aRecordIsNoToolToFloodOthers() {
        String many = IntStream.range(0, 1000)
                .mapToObj(i -> "mailto:victim" + i + "@example.org")
                .collect(Collectors.joining(","));
        assertThat(TlsRptRecord.parse(List.of("v=TLSRPTv1; rua=" + many)).mailboxes())
                .hasSize(TlsRptRecord.MAX_ADDRESSES);
    }
}
