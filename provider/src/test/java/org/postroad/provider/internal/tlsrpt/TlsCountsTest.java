// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tlsrpt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.Domain;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.MailContext;
import org.postroad.api.Mailbox;
import org.postroad.api.RemoteMta;
import org.postroad.api.TlsFailure;
import org.postroad.api.TlsReport;
import org.postroad.api.TlsResult;

/** Counting, and the content of reports (RFC 8460 §4). */
class TlsCountsTest {

    private static final HostName MX = HostName.parse("mx.example.net");
    private static final TlsResult.Policy STS = new TlsResult.Policy(
            TlsResult.Type.STS,
            HostName.parse("example.org"),
            List.of("version: STSv1", "mode: testing", "mx: *.example.net", "max_age: 86400"),
            List.of("*.example.net"));
    private static final TlsResult.Policy TLSA =
            new TlsResult.Policy(TlsResult.Type.TLSA, MX, List.of("3 1 1 " + "ab".repeat(32)), List.of());
    private static final Optional<TlsFailure> EXPIRED =
            Optional.of(new TlsFailure(TlsFailure.Type.CERTIFICATE_EXPIRED, "NotAfter: \"yesterday\""));

    private Instant now = Instant.parse("2026-11-28T23:59:59.999Z");
    private final TlsCounts counts = new TlsCounts(
            new ReportWriter(new ReportingOrganization("Sender, Inc.", Mailbox.parse("tls@sender.example")), "4711"),
            () -> now);

    private void count(String domain, TlsResult.Policy policy, Optional<TlsFailure> failure) {
        count(domain, policy, failure, "192.0.2.25");
    }

    private void count(String domain, TlsResult.Policy policy, Optional<TlsFailure> failure, String address) {
        RemoteMta remote = new RemoteMta(RemoteMta.Role.MAIL_EXCHANGER, MX, IpAddress.parse(address), 25);
        counts.on(new DeliveryEvent.TlsConcluded(
                Domain.parse(domain),
                MailContext.direct(Optional.empty(), Optional.empty(), Optional.empty()),
                Instant.EPOCH,
                new TlsResult(policy, remote, Optional.of(IpAddress.parse("198.51.100.1")), failure)));
    }

    private List<String> domains(String day) {
        return counts.reports(LocalDate.parse(day)).stream()
                .map(report -> report.domain().text())
                .toList();
    }

    private String json() {
        List<TlsReport> reports = counts.reports(counts.today());
        assertThat(reports).hasSize(1);
        return reports.get(0).json();
    }

    @Test
    void tlsrpt_theReportHasTheFormOfRfc8460() {
        count("example.org", STS, Optional.empty());
        count("example.org", STS, EXPIRED);
        count("example.org", STS, EXPIRED);
        count("example.org", TLSA, Optional.empty());
        assertThat(json()).isEqualTo("""
                {"organization-name":"Sender, Inc.",
                "date-range":{"start-datetime":"2026-11-28T00:00:00Z","end-datetime":"2026-11-28T23:59:59Z"},
                "contact-info":"tls@sender.example",
                "report-id":"2026-11-28.example.org.4711@sender.example",
                "policies":[
                {"policy":{"policy-type":"sts",
                "policy-string":["version: STSv1","mode: testing","mx: *.example.net","max_age: 86400"],
                "policy-domain":"example.org",
                "mx-host":["*.example.net"]},
                "summary":{"total-successful-session-count":1,"total-failure-session-count":2},
                "failure-details":[
                {"result-type":"certificate-expired",
                "sending-mta-ip":"198.51.100.1",
                "receiving-mx-hostname":"mx.example.net",
                "receiving-ip":"192.0.2.25",
                "failed-session-count":2,
                "failure-reason-code":"NotAfter: \\"yesterday\\""}]},
                {"policy":{"policy-type":"tlsa",
                "policy-string":["3 1 1 abababababababababababababababababababababababababababababababab"],
                "policy-domain":"mx.example.net"},
                "summary":{"total-successful-session-count":1,"total-failure-session-count":0}}]}
                """.replace("\n", ""));
    }

    @Test
    void tlsrpt_eachDomainAndEachDayHasItsOwnReport() {
        count("example.org", STS, Optional.empty());
        count("other.example", TLSA, Optional.empty());
        now = now.plusMillis(1);
        count("third.example", TLSA, Optional.empty());
        assertThat(domains("2026-11-28")).containsExactly("example.org", "other.example");
        assertThat(domains("2026-11-29")).containsExactly("third.example");
        assertThat(domains("2026-11-27")).isEmpty();
    }

    @Test
    void tlsrpt_aDayIsDroppedAfterThreeDays() {
        count("example.org", STS, Optional.empty());
        now = Instant.parse("2026-11-30T12:00:00Z");
        assertThat(domains("2026-11-28")).containsExactly("example.org");
        now = Instant.parse("2026-12-01T00:00:00Z");
        count("other.example", STS, Optional.empty());
        for (String day : new String[] {"2026-11-28", "2026-12-02"}) {
            assertThatThrownBy(() -> counts.reports(LocalDate.parse(day)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("There are no reports of " + day
                            + "; those of 2026-11-29 to 2026-12-01 are kept (days are in UTC)");
        }
        now = Instant.parse("2026-11-30T12:00:00Z"); // the clock went back: discarded days stay discarded
        assertThat(domains("2026-11-28")).isEmpty();
    }

    @Test
    void tlsrpt_countsBeyondTheLimitsTakeNoMemory() {
        for (int i = 0; i < 2 * SessionCounts.MAX_KINDS; i++) {
            count("example.org", STS, EXPIRED, "2001:db8::" + Integer.toHexString(i));
        }
        assertThat(json()).contains("\"total-failure-session-count\":" + 2 * SessionCounts.MAX_KINDS);
        assertThat(json().split("certificate-expired", -1)).hasSize(SessionCounts.MAX_KINDS + 1);
        for (int i = 0; i < 2 * TlsCounts.MAX_POLICIES; i++) {
            count(
                    "example.org",
                    new TlsResult.Policy(TlsResult.Type.TLSA, HostName.parse("mx" + i + ".test")),
                    EXPIRED);
        }
        assertThat(json().split("policy-type", -1)).hasSize(TlsCounts.MAX_POLICIES + 1);
        for (int i = 0; i < 2 * TlsCounts.MAX_DOMAINS; i++) {
            count("d" + i + ".test", TLSA, Optional.empty());
        }
        count("example.org", STS, Optional.empty());
        List<TlsReport> reports = counts.reports(counts.today());
        assertThat(reports).hasSize(TlsCounts.MAX_DOMAINS);
        assertThat(reports.get(0).json()).contains("\"total-successful-session-count\":1");
    }

    /** Policies of 20 kB each, which would take hundreds of megabytes in three days. */
    @ParameterizedTest
    @CsvSource({"x, 20000", "\u00fc, 10000"})
    void limit_octetsOfTheCountedPolicies(String character, int times) {
        List<String> lines = List.of("mx: " + character.repeat(times));
        int most = TlsCounts.MAX_OCTETS / (20_000 + 4 + 512);
        for (int i = 0; i < 2 * most; i++) {
            HostName domain = HostName.parse("d" + i + ".test");
            count(domain.text(), new TlsResult.Policy(TlsResult.Type.STS, domain, lines, List.of()), Optional.empty());
            count(domain.text(), new TlsResult.Policy(TlsResult.Type.STS, domain, lines, List.of()), Optional.empty());
        }
        assertThat(counts.reports(counts.today())).hasSize(most);
        now = now.plus(Duration.ofDays(TlsCounts.MAX_DAYS));
        count(
                "d.test",
                new TlsResult.Policy(TlsResult.Type.STS, HostName.parse("d.test"), lines, List.of()),
                Optional.empty());
        assertThat(counts.reports(counts.today())).as("the old ones are gone").hasSize(1);
    }
}
