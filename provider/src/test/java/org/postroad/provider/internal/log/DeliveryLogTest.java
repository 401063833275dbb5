// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.api.Attempt;
import org.postroad.api.ConnectionUse;
import org.postroad.api.Domain;
import org.postroad.api.DomainReport;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.MailContext;
import org.postroad.api.Mailbox;
import org.postroad.api.Outcome;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.RecipientReport;
import org.postroad.api.RemoteMta;
import org.postroad.api.Reply;
import org.postroad.api.Stage;
import org.postroad.api.TlsSummary;
import org.postroad.api.Verdict;
import org.postroad.provider.LogTap;
import org.postroad.provider.internal.log.DeliveryLog.Kind;

/** The lines of the log of deliveries, as they are written. */
class DeliveryLogTest {

    private static final Domain DOMAIN = Domain.parse("example.test");
    private static final Mailbox USER = new Mailbox("user", DOMAIN);
    private static final RemoteMta REMOTE = new RemoteMta(
            RemoteMta.Role.MAIL_EXCHANGER, HostName.parse("mx.example.test"), IpAddress.parse("2001:db8::1"), 25);
    private static final TlsSummary TLS = new TlsSummary(TlsSummary.Level.DANE, "TLSv1.3");
    private static final MailContext DIRECT =
            MailContext.direct(Optional.of(USER), Optional.empty(), Optional.of("<1@sender.test>"));

    @RegisterExtension
    final LogTap tap = LogTap.of(DeliveryLog.LOGGER);

    private static DomainReport report(Verdict verdict, EnhancedStatus status, Outcome outcome, Stage stage) {
        Attempt first = new Attempt(
                REMOTE,
                Instant.EPOCH,
                Duration.ofSeconds(9),
                TLS,
                List.of(new RecipientOutcome(USER, Stage.MAIL, new Outcome.BadConnection("gone"))));
        Attempt last = new Attempt(
                        REMOTE,
                        Instant.EPOCH,
                        Duration.ofMillis(19),
                        TLS,
                        List.of(new RecipientOutcome(USER, stage, outcome)))
                .withConnection(new ConnectionUse(
                        7, 1, Map.of(Stage.RCPT, Duration.ofMillis(12), Stage.MAIL, Duration.ofNanos(7_999_999))));
        RecipientReport recipient = new RecipientReport(
                USER,
                verdict,
                status,
                new RecipientReport.Decision("TRY-02", "explained"),
                Optional.of(new RecipientReport.DecidedBy(REMOTE, stage, outcome, TLS)));
        return new DomainReport(DOMAIN, List.of(), List.of(), List.of(first, last), List.of(recipient));
    }

    private static DomainReport refused() {
        return report(
                Verdict.FAILED,
                EnhancedStatus.BAD_MAILBOX_5_1_1,
                new Outcome.Refused(new Reply(550, List.of("5.1.1 <user@example.test> unknown"))),
                Stage.RCPT);
    }

    @Test
    void log_aLineHasWhatAnOperatorSearchesFor() {
        new DeliveryLog(false).direct(refused(), DIRECT);
        assertThat(tap.messages())
                .containsExactly("WARNING PR-201 failed message-id=<1@sender.test> domain=example.test attempt=1"
                        + " host=mx.example.test address=2001:db8::1 port=25 connection=7 ms=19 stages=MAIL:7,RCPT:12"
                        + " tls=DANE status=5.1.1 reply=550 class=BAD_MAILBOX rule=TRY-02");
    }

    @Test
    void log_aLineOfTheQueueHasItsIdAndTheNextAttempt() {
        DomainReport deferred = report(
                Verdict.DEFERRED, EnhancedStatus.NO_ANSWER_4_4_1, new Outcome.NoAnswer("timed out"), Stage.CONNECT);
        new DeliveryLog(true)
                .log(
                        Kind.DEFERRED,
                        deferred,
                        DIRECT.inQueue("0MX4", 3),
                        deferred.recipients().get(0),
                        Optional.of(Instant.parse("2030-01-01T00:00:00.123456Z")));
        assertThat(tap.messages())
                .singleElement()
                .asString()
                .startsWith("INFO PR-102 deferred queue=0MX4 message-id=<1@sender.test> domain=example.test"
                        + " to=user@example.test attempt=3 ")
                .endsWith(" status=4.4.1 class=NETWORK rule=TRY-02 next=2030-01-01T00:00:00.123Z");
    }

    @Test
    void log_addressesAreLoggedOnlyIfConfigured() {
        new DeliveryLog(false).direct(refused(), DIRECT);
        assertThat(tap.messages()).singleElement().asString().doesNotContain("user");
    }

    @Test
    void log_aResultWithoutContactHasNoHost() {
        RecipientReport recipient = new RecipientReport(
                USER,
                Verdict.IN_DOUBT,
                EnhancedStatus.BAD_CONNECTION_4_4_2,
                new RecipientReport.Decision("END-01", "explained"),
                Optional.empty());
        new DeliveryLog(false)
                .direct(
                        DomainReport.withoutContact(DOMAIN, List.of(recipient)),
                        MailContext.direct(Optional.empty(), Optional.empty(), Optional.empty()));
        assertThat(tap.messages())
                .containsExactly(
                        "INFO PR-103 in-doubt domain=example.test attempt=1 status=4.4.2 class=NETWORK rule=END-01");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a b             | "a b"
            a"b             | "a\\"b"
            a\\b            | "a\\\\b"
            `a\nb`          | "a\\\\u000ab"
            \u202e          | "\\\\u202e"
            ``              | ""
            a=b<c>          | a=b<c>
            """)
    void log_aValueCannotEndItsLineOrAddAKey(String value, String logged) {
        assertThat(new LogLine("PR-1", "test").with("key", value)).hasToString("PR-1 test key=" + logged);
    }

    @Test
    void log_theIdsOfTheKindsNeverChange() {
        assertThat(Kind.values())
                .extracting(kind -> new LogLine(kind.id(), kind.word()).toString())
                .containsExactly(
                        "PR-101 delivered",
                        "PR-102 deferred",
                        "PR-103 in-doubt",
                        "PR-104 held",
                        "PR-201 failed",
                        "PR-202 expired",
                        "PR-203 double-bounce");
    }
}
