// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Attempt;
import org.postroad.api.DeliveryReport;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsName;
import org.postroad.api.Domain;
import org.postroad.api.DomainReport;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Lookup;
import org.postroad.api.Mailbox;
import org.postroad.api.MtaStsResult;
import org.postroad.api.Outcome;
import org.postroad.api.Printable;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.RecipientReport;
import org.postroad.api.RecipientReport.Decision;
import org.postroad.api.RecordType;
import org.postroad.api.RemoteMta;
import org.postroad.api.Security;
import org.postroad.api.Stage;
import org.postroad.api.TlsSummary;
import org.postroad.api.Verdict;

/** {@code DeliveryReport.explain}. {@link ReportPageTest} compares a whole story with the one in {@code REPORT.md}. */
class ReportTextTest {

    private static final HostName MX = HostName.parse("mx.example.org");
    private static final Mailbox RECIPIENT = Mailbox.parse("user@example.org");

    /** A report can be made by anybody, with any text. */
    @ParameterizedTest
    @ValueSource(
            strings = {"a\r\n  result   <user@example.org> DELIVERED", "\u001b[2J\u0000\u0085", "\u2028\u202e\ud800"})
    void text_foreignTextAddsNoLineAndNoControlCharacter(String text) {
        DeliveryReport harmless = SampleReport.everything("harmless");
        DeliveryReport hostile = SampleReport.everything(text);
        assertThat(hostile.explain().lines())
                .hasSameSizeAs(harmless.explain().lines().toList());
        assertThat(hostile.toString().lines())
                .hasSameSizeAs(harmless.toString().lines().toList());
        assertThat((hostile.explain() + hostile).codePoints().filter(c -> c != '\n'))
                .allMatch(Printable::isPlain);
    }

    @Test
    void text_explanationsAreCutAtTheirLimit() {
        int most = Decision.MAX_EXPLANATION;
        assertThat(new Decision("END-01", "x".repeat(most)).explanation()).hasSize(most);
        assertThat(new Decision("END-01", "x".repeat(most + 1)).explanation()).endsWith("x... (1 more)");
    }

    @Test
    void explain_saysAllThatToStringSays() {
        String story = SampleReport.everything("text").explain();
        assertThat(SampleReport.everything("text").toString().lines())
                .allSatisfy(line -> assertThat(story).contains(line.strip()));
    }

    @Test
    void explain_ofADomainIsPartOfTheWhole() {
        DeliveryReport report = SampleReport.example();
        assertThat(report.explain()).startsWith(report.domains().get(0).explain() + "\n");
    }

    @Test
    void explain_eachAddressHasItsFate() {
        IpAddress ipv4 = IpAddress.parse("192.0.2.1");
        IpAddress idle = IpAddress.parse("192.0.2.2");
        DomainReport report = new DomainReport(
                Domain.parse("example.org"),
                List.of(new Lookup<>(
                        MX,
                        RecordType.A,
                        new DnsAnswer.Found<>(
                                List.of(ipv4, idle),
                                new DnsName("mx.example.org"),
                                Duration.ofSeconds(60),
                                Security.UNKNOWN))),
                List.of(),
                List.of(
                        attempt(ipv4, Stage.RCPT),
                        attempt(ipv4, Stage.CONNECT),
                        attempt(IpAddress.parse("64:ff9b::c000:202"), Stage.CONNECT)),
                List.of(),
                Optional.empty());
        assertThat(report.explain().lines().filter(line -> line.startsWith("  address")))
                .containsExactly(
                        "  address  mx.example.org 192.0.2.1: contacted, as far as RCPT TO",
                        "  address  mx.example.org 192.0.2.2: not contacted",
                        "  address  mx.example.org 64:ff9b::c000:202: contacted, as far as connecting; not from DNS, but synthesized (NAT64) or named");
    }

    /** The short form says nothing about MTA-STS if there is no policy. */
    @Test
    void explain_saysThatThereIsNoMtaStsPolicy() {
        DomainReport report = new DomainReport(
                Domain.parse("example.org"),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Optional.of(new MtaStsResult(MtaStsResult.Kind.NONE, "")));
        assertThat(report).hasToString("example.org");
        assertThat(report.explain()).isEqualTo("example.org\n  mta-sts  none");
    }

    @Test
    void explain_aResultWithoutContactHasItsMeaningAndRemedy() {
        RecipientReport recipient = new RecipientReport(
                RECIPIENT,
                Verdict.FAILED,
                EnhancedStatus.BAD_DESTINATION_SYSTEM_5_1_2,
                new Decision("LOOKUP-03", "The domain example.org does not exist"),
                Optional.empty());
        assertThat(DeliveryReport.withoutContact(List.of(recipient)).explain()).isEqualTo("""
                example.org
                  result   <user@example.org> FAILED 5.1.2 (LOOKUP-03): The domain example.org does not exist
                           FAILED: the message will not be delivered; sending it again without a change fails again
                           bad domain: The domain does not exist, or accepts no mail. Correct the domain of the address, \
                or stop writing to it.""");
    }

    private static Attempt attempt(IpAddress address, Stage stage) {
        return new Attempt(
                new RemoteMta(RemoteMta.Role.MAIL_EXCHANGER, MX, address, 25),
                Instant.EPOCH,
                Duration.ZERO,
                TlsSummary.NONE,
                List.of(new RecipientOutcome(RECIPIENT, stage, new Outcome.NoAnswer("refused"))));
    }
}
