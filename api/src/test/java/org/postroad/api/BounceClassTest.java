// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.RecipientReport.DecidedBy;
import org.postroad.api.RecipientReport.Decision;

/** The rules of bounce classes and their order. {@code WhyPageTest} of the provider has the replies of large mailbox providers. */
class BounceClassTest {

    private static final Mailbox RECIPIENT = Mailbox.parse("user@example.org");
    private static final RemoteMta REMOTE = new RemoteMta(
            RemoteMta.Role.MAIL_EXCHANGER, HostName.parse("mx.example.org"), IpAddress.parse("192.0.2.1"), 25);

    private static Optional<BounceClass> classOf(Stage stage, int code, String text) {
        return new Outcome.Refused(new Reply(code, List.of(text))).bounceClass(stage);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # a reply that fits no command, whatever it says
            RCPT        | 250 | 2.1.1 mailbox full                            | PROTOCOL
            GREETING    | 354 | go on                                         | PROTOCOL
            # the word greylisting comes before stage and status, but only in temporary failures
            STARTTLS    | 450 | 4.7.1 Greylisted                              | GREYLISTING
            RCPT        | 452 | 4.2.2 gray-listed for 300 s                   | GREYLISTING
            RCPT        | 550 | 5.2.2 greylisted                              | MAILBOX_FULL
            # then the stage
            STARTTLS    | 550 | 5.1.1 no                                      | TLS
            AUTH        | 454 | 4.7.0 temporary authentication failure        | CREDENTIALS
            # a clear status comes before the text
            RCPT        | 552 | 5.2.2 blocked by spamhaus                     | MAILBOX_FULL
            RCPT        | 452 | 4.5.3 mailbox full                            | RATE
            END_OF_DATA | 550 | 5.7.26 spam                                   | AUTHENTICATION
            # the text comes before the usual meaning of an ambiguous status
            RCPT        | 550 | 5.1.1 mailbox is full                         | MAILBOX_FULL
            RCPT        | 550 | 5.1.1 account disabled                        | INACTIVE_MAILBOX
            RCPT        | 550 | 5.7.1 user unknown                            | BAD_MAILBOX
            MAIL        | 550 | 5.7.1 your IP is listed at zen.spamhaus.org   | REPUTATION
            # the usual meaning of the status comes before that of the reply code
            RCPT        | 552 | 5.1.1 no                                      | BAD_MAILBOX
            RCPT        | 550 | 5.7.1 no                                      | POLICY
            END_OF_DATA | 554 | 5.6.0 no                                      | CONTENT
            EHLO        | 550 | 5.5.4 no                                      | PROTOCOL
            RCPT        | 450 | 4.7.1 later                                   | GREYLISTING
            RCPT        | 451 | 4.7.1 later                                   | GREYLISTING
            RCPT        | 452 | 4.7.1 later                                   | POLICY
            RCPT        | 550 | 5.1.99 no                                     | BAD_MAILBOX
            # a subject without a usual meaning, and the status x.0.0: the reply code
            RCPT        | 550 | 5.2.0 no                                      | BAD_MAILBOX
            RCPT        | 550 | 5.0.0 no                                      | BAD_MAILBOX
            # a status whose class is not that of the reply is none
            RCPT        | 550 | 4.2.2 no                                      | BAD_MAILBOX
            # the reply code at its stage
            GREETING    | 554 | no                                            | REPUTATION
            EHLO        | 550 | no                                            | REPUTATION
            MAIL        | 550 | no                                            | POLICY
            RCPT        | 550 | no                                            | BAD_MAILBOX
            END_OF_DATA | 550 | no                                            | POLICY
            RCPT        | 551 | no                                            | BAD_MAILBOX
            RCPT        | 552 | no                                            | MAILBOX_FULL
            END_OF_DATA | 552 | no                                            | TOO_LARGE
            MAIL        | 553 | no                                            | BAD_SENDER
            RCPT        | 553 | no                                            | BAD_MAILBOX
            MAIL        | 554 | no                                            | POLICY
            EHLO        | 502 | no                                            | PROTOCOL
            MAIL        | 555 | no                                            | PROTOCOL
            GREETING    | 521 | no                                            | BAD_DOMAIN
            RCPT        | 556 | no                                            | BAD_DOMAIN
            MAIL        | 523 | no                                            | TOO_LARGE
            MAIL        | 530 | no                                            | CREDENTIALS
            GREETING    | 421 | no                                            | SYSTEM
            RCPT        | 499 | no                                            | SYSTEM
            RCPT        | 599 | no                                            | UNDETERMINED
            """)
    void refusal_theFirstRuleThatGivesAClassDecides(Stage stage, int code, String text, BounceClass expected) {
        assertThat(classOf(stage, code, text)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<spam@example.org> sorry",
                "spamhaus.quota-exceeded@example.org sorry",
                "virus@blacklist.example\tsorry"
            })
    void refusal_wordsInAddressesSayNothing(String text) {
        assertThat(classOf(Stage.RCPT, 550, text)).contains(BounceClass.BAD_MAILBOX);
    }

    @Test
    void refusal_textIsReadAcrossLinesAndWhateverItsCase() {
        Reply reply = new Reply(550, List.of("5.7.1 the MAILBOX", "5.7.1 is FULL"));
        assertThat(new Outcome.Refused(reply).bounceClass(Stage.RCPT)).contains(BounceClass.MAILBOX_FULL);
    }

    @ParameterizedTest
    @CsvSource({"-1, SPAM", "0, SPAM", "1, POLICY"})
    void refusal_textIsReadUpToItsLimit(int more, BounceClass expected) {
        String start = "5.7.1 ";
        String end = " spam";
        String filler = "x".repeat(BounceRules.MAX_TEXT + more - start.length() - end.length());
        assertThat(classOf(Stage.END_OF_DATA, 550, start + filler + end)).contains(expected);
        // Lines count, too.
        assertThat(new Outcome.Refused(new Reply(550, List.of("5.7.1", filler, "spam"))).bounceClass(Stage.END_OF_DATA))
                .contains(expected);
    }

    /** The queue retries from the same address after greylisting, so it must not be missed. */
    @Test
    void refusal_greylistingIsFoundAnywhere() {
        assertThat(classOf(Stage.RCPT, 450, "4.2.0 " + "x".repeat(2 * BounceRules.MAX_TEXT) + " greylisted"))
                .contains(BounceClass.GREYLISTING);
    }

    @Test
    void outcome_withoutAReplyItsKindDecides() {
        assertThat(new Outcome.NoAnswer("spam").bounceClass(Stage.CONNECT)).contains(BounceClass.NETWORK);
        assertThat(new Outcome.BadConnection("spam").bounceClass(Stage.RCPT)).contains(BounceClass.NETWORK);
        assertThat(new Outcome.InDoubt("spam").bounceClass(Stage.END_OF_DATA)).contains(BounceClass.NETWORK);
        assertThat(new Outcome.HostUnsuitable(EnhancedStatus.REQUIRETLS_SUPPORT_5_7_30, "spam").bounceClass(Stage.EHLO))
                .contains(BounceClass.TLS);
        assertThat(new Outcome.Accepted(new Reply(250, List.of("ok")), false).bounceClass(Stage.END_OF_DATA))
                .isEmpty();
    }

    /** A server that replies 4.3.5 is misconfigured; if we determined 4.3.5, we are. */
    @Test
    void report_theSameStatusDiffersByWhoDeterminedIt() {
        EnhancedStatus status = EnhancedStatus.SYSTEM_MISCONFIGURED_4_3_5;
        Outcome refused = new Outcome.Refused(new Reply(451, List.of("4.3.5 server configuration error")));
        assertThat(report(Verdict.DEFERRED, status, Optional.empty()).bounceClass())
                .contains(BounceClass.LOCAL);
        assertThat(report(
                                Verdict.DEFERRED,
                                status,
                                Optional.of(new DecidedBy(REMOTE, Stage.RCPT, refused, TlsSummary.NONE)))
                        .bounceClass())
                .contains(BounceClass.SYSTEM);
    }

    @Test
    void report_deliveredAndQueuedMailHasNoClass() {
        assertThat(report(Verdict.DELIVERED, EnhancedStatus.SUCCESS_2_0_0, Optional.empty())
                        .bounceClass())
                .isEmpty();
        assertThat(report(Verdict.QUEUED, EnhancedStatus.SUCCESS_2_0_0, Optional.empty())
                        .bounceClass())
                .isEmpty();
        assertThat(report(Verdict.IN_DOUBT, EnhancedStatus.BAD_CONNECTION_4_4_2, Optional.empty())
                        .bounceClass())
                .contains(BounceClass.NETWORK);
    }

    @Test
    void report_invalidRecipientsAndOutcomesHaveAClass() {
        assertThat(new InvalidRecipient("a", EnhancedStatus.BAD_MAILBOX_SYNTAX_5_1_3, new Decision("x", "y"))
                        .bounceClass())
                .isEqualTo(BounceClass.BAD_MAILBOX);
        assertThat(new RecipientOutcome(RECIPIENT, Stage.CONNECT, new Outcome.NoAnswer("x")).bounceClass())
                .contains(BounceClass.NETWORK);
    }

    @Test
    void classes_areDescribedInSentences() {
        assertThat(Arrays.stream(BounceClass.values())).allSatisfy(each -> {
            assertThat(each.meaning()).matches("[A-Z][ -~]*\\.");
            assertThat(each.remedy()).matches("[A-Z][ -~]*\\.");
        });
        assertThat(BounceClass.BAD_MAILBOX).hasToString("bad mailbox");
    }

    private static RecipientReport report(Verdict verdict, EnhancedStatus status, Optional<DecidedBy> decidedBy) {
        return new RecipientReport(RECIPIENT, verdict, status, new Decision("END-01", "because"), decidedBy);
    }
}
