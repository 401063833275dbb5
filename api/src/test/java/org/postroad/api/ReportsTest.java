// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.postroad.api.DnsAnswer.Cause;
import org.postroad.api.RecipientReport.DecidedBy;
import org.postroad.api.RecipientReport.Decision;

/** Answers, outcomes, and the reports built from them. */
class ReportsTest {

    private static final HostName MX = HostName.parse("mx.example.org");
    private static final IpAddress ADDRESS = IpAddress.parse("2001:db8::1");
    private static final RemoteMta REMOTE = new RemoteMta(RemoteMta.Role.MAIL_EXCHANGER, MX, ADDRESS, 25);
    private static final Reply OK = new Reply(250, List.of("2.0.0 ok"));
    private static final Reply UNKNOWN = new Reply(550, List.of("5.1.1 no such", "user"));
    private static final Mailbox GOOD = Mailbox.parse("good@example.org");
    private static final Mailbox BAD = Mailbox.parse("b\u00e4d@example.org");

    static Stream<Arguments> answers() {
        Duration ttl = Duration.ofSeconds(5);
        DnsAnswer<IpAddress> found =
                new DnsAnswer.Found<>(List.of(ADDRESS), new DnsName("mx.example.org"), ttl, Security.SECURE);
        return Stream.of(
                Arguments.of(found, "found", "[2001:db8::1]"),
                Arguments.of(new DnsAnswer.NoData<IpAddress>(ttl, Security.UNKNOWN), "no data", "no data"),
                Arguments.of(new DnsAnswer.NoSuchName<IpAddress>(ttl, Security.UNKNOWN), "none", "no such name"),
                Arguments.of(
                        new DnsAnswer.Failed<IpAddress>(Cause.TIMEOUT, "silence\r\n"),
                        "failed",
                        "temporary failure: TIMEOUT (silence\\u000d\\u000a)"));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void LOOKUP_02_eachAnswerIsOneOfFour(DnsAnswer<IpAddress> answer, String kind, String description) {
        assertThat(answer.<String>fold(f -> "found", n -> "no data", n -> "none", f -> "failed"))
                .isEqualTo(kind);
        assertThat(answer.describe()).isEqualTo(description);
        assertThat(answer.recordsOrNone()).hasSize(kind.equals("found") ? 1 : 0);
        assertThat(answer.failure().isPresent()).isEqualTo(kind.equals("failed"));
        assertThat(new Lookup<>(MX, RecordType.AAAA, answer)).hasToString("mx.example.org AAAA: " + description);
    }

    @Test
    void LOOKUP_02_foundHasARecordAndCopiesTheList() {
        List<IpAddress> records = new ArrayList<>(List.of(ADDRESS));
        DnsAnswer.Found<IpAddress> found =
                new DnsAnswer.Found<>(records, DnsName.ROOT, Duration.ZERO, Security.UNKNOWN);
        records.clear();
        assertThat(found.records()).containsExactly(ADDRESS);
        assertThatThrownBy(() -> new DnsAnswer.Found<>(records, DnsName.ROOT, Duration.ZERO, Security.UNKNOWN))
                .hasMessageContaining("NoData");
    }

    @Test
    void dns_textOfServersIsShownClean() {
        DnsAnswer<String> text =
                new DnsAnswer.Found<>(List.of("a\u001b[31m\r\n", "b"), DnsName.ROOT, Duration.ZERO, Security.UNKNOWN);
        assertThat(text.describe()).isEqualTo("[a\\u001b[31m\\u000d\\u000a, b]");
    }

    static Stream<Arguments> outcomes() {
        return Stream.of(
                Arguments.of(new Outcome.Accepted(OK, false), "250 2.0.0 ok", true),
                Arguments.of(new Outcome.Refused(UNKNOWN), "550 5.1.1 no such / user", true),
                Arguments.of(new Outcome.NoAnswer("a\nb"), "no answer: a\\u000ab", false),
                Arguments.of(new Outcome.BadConnection("a\nb"), "bad connection: a\\u000ab", false),
                Arguments.of(new Outcome.InDoubt("a\nb"), "outcome unknown: a\\u000ab", false),
                Arguments.of(
                        new Outcome.HostUnsuitable(EnhancedStatus.NON_ASCII_NOT_PERMITTED_5_6_7, "a\nb"),
                        "5.6.7 a\\u000ab",
                        false));
    }

    @ParameterizedTest
    @MethodSource("outcomes")
    void outcome_isShownInOneCleanLine(Outcome outcome, String description, boolean replied) {
        assertThat(outcome.describe()).isEqualTo(description);
        // Also as a part of text that a listener may log.
        assertThat(outcome.toString()).doesNotContain("\n");
        assertThat(outcome.serverReply().isPresent()).isEqualTo(replied);
        Function<Object, Class<?>> kind = Object::getClass;
        assertThat(outcome.<Class<?>>fold(kind::apply, kind::apply, kind::apply, kind::apply, kind::apply, kind::apply))
                .isEqualTo(outcome.getClass());
    }

    @ParameterizedTest
    @CsvSource({
        "DELIVERED, 2.0.0, true", "DELIVERED, 4.0.0, false", "DELIVERED, 5.0.0, false",
        "FAILED, 2.0.0, false", "FAILED, 4.0.0, false", "FAILED, 5.0.0, true",
        "DEFERRED, 2.0.0, false", "DEFERRED, 4.0.0, true", "DEFERRED, 5.0.0, false",
        "IN_DOUBT, 2.0.0, false", "IN_DOUBT, 4.4.2, true", "IN_DOUBT, 5.0.0, false"
    })
    void report_theStatusMustMatchTheVerdict(Verdict verdict, String code, boolean fits) {
        EnhancedStatus status = EnhancedStatus.tryParse(code).orElseThrow();
        Decision decision = new Decision("END-05", "because");
        if (fits) {
            assertThat(new RecipientReport(GOOD, verdict, status, decision, Optional.empty()).reply())
                    .isEmpty();
        } else {
            assertThatThrownBy(() -> new RecipientReport(GOOD, verdict, status, decision, Optional.empty()))
                    .hasMessageContaining(code);
        }
    }

    @Test
    void report_aRecipientIsFoundInIt() {
        DeliveryReport report = report();
        assertThat(report.recipients()).extracting(RecipientReport::recipient).containsExactly(GOOD, BAD);
        assertThat(report.recipient(BAD).flatMap(RecipientReport::reply)).contains(UNKNOWN);
        assertThat(report.recipient(Mailbox.parse("Good@example.org"))).isEmpty();
        assertThat(report.isComplete()).isFalse();
        assertThat(new DeliveryReport(List.of()).isComplete()).isTrue();
    }

    @Test
    void report_isTextInTheOrderOfEvents() {
        assertThat(report()).hasToString("""
                example.org
                  dns      example.org MX: [10 mx.example.org]
                  refused  mx.example.org 2001:db8::1: refused, private
                  contact  mx.example.org[2001:db8::1]:25, mta-sts TLSv1.3 TLS_AES_128_GCM_SHA256
                           <good@example.org> end of data: 250 2.0.0 ok
                           <b\u00e4d@example.org> RCPT TO: 550 5.1.1 no such / user
                  result   <good@example.org> DELIVERED 2.0.0 (TRY-01): accepted
                  result   <b\u00e4d@example.org> FAILED 5.1.1 (TRY-02): refused""");
    }

    @Test
    void report_invalidRecipientsAndWarningsComeAfterTheDomains() {
        InvalidRecipient invalid = new InvalidRecipient(
                "a@\nb", EnhancedStatus.BAD_MAILBOX_SYNTAX_5_1_3, new Decision("RFC 5321 §4.1.2", "no such domain"));
        DeliveryReport report = report().withInvalidRecipients(List.of(invalid))
                .withWarnings(List.of(new MessageWarning("Message-ID", "one\n")))
                .withWarnings(List.of(new MessageWarning("References", "two")));
        assertThat(report.toString()).startsWith(report().toString() + "\n").endsWith("""
                <a@\\u000ab> FAILED 5.1.3 (RFC 5321 §4.1.2): no such domain
                warning: Message-ID: one\\u000a
                warning: References: two""");
        assertThat(report.invalidRecipients()).containsExactly(invalid);
        assertThat(report.warnings()).extracting(MessageWarning::about).containsExactly("Message-ID", "References");
        assertThat(report.recipients()).isEqualTo(report().recipients());
    }

    @Test
    void report_anInvalidRecipientLeavesItIncomplete_aWarningDoesNot() {
        Decision decision = new Decision("RFC 5321 §4.1.2", "no domain");
        DeliveryReport none = new DeliveryReport(List.of());
        assertThat(none.withWarnings(List.of(new MessageWarning("Message-ID", "x")))
                        .isComplete())
                .isTrue();
        assertThat(none.withInvalidRecipients(
                                List.of(new InvalidRecipient("a", EnhancedStatus.BAD_MAILBOX_SYNTAX_5_1_3, decision)))
                        .isComplete())
                .isFalse();
        assertThatThrownBy(() -> new InvalidRecipient("a", EnhancedStatus.UNDEFINED_4_0_0, decision))
                .hasMessageContaining("4.0.0");
    }

    @Test
    void report_ofRecipientsWithoutContactIsByDomain() {
        Decision decision = new Decision("END-01", "held back");
        List<RecipientReport> reports = Stream.of("a@one.test", "b@two.test", "c@one.test")
                .map(text -> new RecipientReport(
                        Mailbox.parse(text),
                        Verdict.DEFERRED,
                        EnhancedStatus.UNDEFINED_4_0_0,
                        decision,
                        Optional.empty()))
                .toList();
        assertThat(DeliveryReport.withoutContact(reports)).hasToString("""
                one.test
                  result   <a@one.test> DEFERRED 4.0.0 (END-01): held back
                  result   <c@one.test> DEFERRED 4.0.0 (END-01): held back
                two.test
                  result   <b@two.test> DEFERRED 4.0.0 (END-01): held back""");
    }

    static Stream<Arguments> dials() {
        return Stream.of(
                Arguments.of(REMOTE + ": Connection refused", "no answer: Connection refused"),
                Arguments.of(REMOTE + " from 2001:db8::2: no route", "no answer: from 2001:db8::2: no route"),
                Arguments.of(REMOTE + ": no answer in time", "no answer in time"),
                Arguments.of("no route", "no answer: no route"));
    }

    @ParameterizedTest
    @MethodSource("dials")
    void outcome_theAddressIsNotRepeated(String detail, String shown) {
        assertThat(new Outcome.NoAnswer(detail).describeAt(REMOTE)).isEqualTo(shown);
        assertThat(new Outcome.Refused(UNKNOWN).describeAt(REMOTE)).isEqualTo("550 5.1.1 no such / user");
    }

    static Stream<Arguments> exceptions() {
        return Stream.of(
                Arguments.of(new IOException("the server closed"), "the server closed"),
                Arguments.of(new SocketTimeoutException(), "socket timeout"),
                Arguments.of(new NoSuchFileException("/nope"), "no such file: /nope"),
                Arguments.of(new UnknownHostException("mx.test"), "unknown host: mx.test"),
                Arguments.of(new EOFException(), "EOF"),
                Arguments.of(new IOException(), "I/O error"),
                Arguments.of(new RuntimeException("  "), "error"),
                Arguments.of(new IOException() {}, "I/O error"),
                Arguments.of(new IOException(new IOException("cannot read it")), "cannot read it"),
                Arguments.of(
                        new IOException("path building failed: sun.security.x.SomeBuilderException: no path found"),
                        "path building failed: no path found"),
                Arguments.of(new IOException("a\nline"), "a\\u000aline"));
    }

    @ParameterizedTest
    @MethodSource("exceptions")
    void exception_isShownWithoutNamesOfClasses(Exception exception, String shown) {
        assertThat(Printable.describe(exception)).isEqualTo(shown);
    }

    @Test
    void report_aContactMustConcernARecipient() {
        assertThatThrownBy(() -> new Attempt(REMOTE, Instant.EPOCH, Duration.ZERO, TlsSummary.NONE, List.of()))
                .hasMessageContaining("no recipient");
    }

    private static DeliveryReport report() {
        TlsSummary tls = new TlsSummary(
                TlsSummary.Level.MTA_STS,
                Optional.of(new TlsSummary.Handshake(
                        "TLSv1.3",
                        "TLS_AES_128_GCM_SHA256",
                        Optional.empty(),
                        List.of("mx.example.org"),
                        "ab".repeat(32))),
                "");
        Lookup<MxRecord> lookup = new Lookup<>(
                HostName.parse("example.org"),
                RecordType.MX,
                new DnsAnswer.Found<>(
                        List.of(new MxRecord(10, new DnsName("mx.example.org"))),
                        new DnsName("example.org"),
                        Duration.ZERO,
                        Security.UNKNOWN));
        Outcome accepted = new Outcome.Accepted(OK, false);
        Outcome refused = new Outcome.Refused(UNKNOWN);
        Attempt attempt = new Attempt(
                REMOTE,
                Instant.EPOCH,
                Duration.ZERO,
                tls,
                List.of(
                        new RecipientOutcome(GOOD, Stage.END_OF_DATA, accepted),
                        new RecipientOutcome(BAD, Stage.RCPT, refused)));
        RecipientReport good = new RecipientReport(
                GOOD,
                Verdict.DELIVERED,
                OK.status(),
                new Decision("TRY-01", "accepted"),
                Optional.of(new DecidedBy(REMOTE, Stage.END_OF_DATA, accepted, tls)));
        RecipientReport bad = new RecipientReport(
                BAD,
                Verdict.FAILED,
                UNKNOWN.status(),
                new Decision("TRY-02", "refused"),
                Optional.of(new DecidedBy(REMOTE, Stage.RCPT, refused, tls)));
        return new DeliveryReport(List.of(new DomainReport(
                Domain.parse("example.org"),
                List.of(lookup),
                List.of(new RefusedAddress(MX, ADDRESS, "private")),
                List.of(attempt),
                List.of(good, bad))));
    }
}
