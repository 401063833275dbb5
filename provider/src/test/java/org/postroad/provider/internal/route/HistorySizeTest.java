// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postroad.api.Attempt;
import org.postroad.api.ConnectionUse;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsName;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Lookup;
import org.postroad.api.Mailbox;
import org.postroad.api.Outcome;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.RecordType;
import org.postroad.api.RemoteMta;
import org.postroad.api.Reply;
import org.postroad.api.Security;
import org.postroad.api.Stage;
import org.postroad.api.TlsSummary;
import org.postroad.api.TlsaRecord;

/** The weight of contacts, and how their texts are shortened. */
class HistorySizeTest {

    private static final String LONG = "x".repeat(300);

    private static Attempt attempt(Outcome... outcomes) {
        return new Attempt(
                new RemoteMta(
                        RemoteMta.Role.MAIL_EXCHANGER, HostName.parse("mx.test"), IpAddress.parse("192.0.2.1"), 25),
                Instant.EPOCH,
                Duration.ZERO,
                TlsSummary.NONE,
                Stream.of(outcomes)
                        .map(outcome -> new RecipientOutcome(Mailbox.parse("a@mx.test"), Stage.RCPT, outcome))
                        .toList());
    }

    static List<Outcome> outcomes() {
        return List.of(
                new Outcome.Accepted(new Reply(250, List.of(LONG)), true),
                new Outcome.Refused(new Reply(550, List.of(LONG))),
                new Outcome.NoAnswer(LONG),
                new Outcome.BadConnection(LONG),
                new Outcome.InDoubt(LONG),
                new Outcome.HostUnsuitable(EnhancedStatus.MAIL_SYSTEM_4_3_0, LONG));
    }

    @ParameterizedTest
    @MethodSource("outcomes")
    void limit_theTextOfEachOutcomeIsCountedAndShortened(Outcome outcome) {
        Attempt whole = attempt(outcome);
        int weight = HistorySize.of(whole);
        assertThat(weight).isBetween(LONG.length(), LONG.length() + 100);
        assertThat(HistorySize.shortened(whole, weight)).isSameAs(whole);
        Attempt less = HistorySize.shortened(whole, weight - 1 - LONG.length() / 2);
        assertThat(less.outcomes().get(0).outcome()).hasSameClassAs(outcome);
        assertThat(HistorySize.of(less)).isLessThan(weight).isGreaterThan(LONG.length() / 3);
    }

    @Test
    void limit_eachOutcomeGetsItsShare() {
        Attempt less = HistorySize.shortened(
                attempt(new Outcome.NoAnswer(LONG), new Outcome.BadConnection(LONG), new Outcome.InDoubt("short")),
                300);
        assertThat(less.outcomes())
                .extracting(RecipientOutcome::outcome)
                .containsExactly(
                        new Outcome.NoAnswer("x".repeat(100) + "..."),
                        new Outcome.BadConnection("x".repeat(100) + "..."),
                        new Outcome.InDoubt("short"));
    }

    @Test
    void limit_aTextOfExactlyTheShareIsKept() {
        Attempt less = HistorySize.shortened(
                attempt(new Outcome.NoAnswer("y".repeat(100)), new Outcome.BadConnection(LONG)), 200);
        assertThat(less.outcomes().get(0).outcome()).isEqualTo(new Outcome.NoAnswer("y".repeat(100)));
    }

    @Test
    void limit_aTextOfManyRecipientsCountsOnce() {
        Outcome shared = new Outcome.NoAnswer(LONG);
        assertThat(HistorySize.of(attempt(shared, shared, shared))).isEqualTo(LONG.length());
    }

    @Test
    void limit_theConnectionOfAShortenedContactIsKept() {
        ConnectionUse use = new ConnectionUse(7, 1, Map.of(Stage.RCPT, Duration.ofMillis(3)));
        Attempt whole = attempt(new Outcome.NoAnswer(LONG)).withConnection(use);
        assertThat(HistorySize.shortened(whole, 100).connection()).contains(use);
    }

    @Test
    void limit_aLongRecordCountsAsSeveralAndSoDoAliases() {
        HostName name = HostName.parse("mx.test");
        assertThat(HistorySize.of(new Lookup<>(name, RecordType.TXT, found("x".repeat(99)))))
                .isEqualTo(1);
        assertThat(HistorySize.of(new Lookup<>(name, RecordType.TXT, found("x".repeat(250)))))
                .isEqualTo(3);
        assertThat(HistorySize.of(
                        new Lookup<>(name, RecordType.TLSA, found(new TlsaRecord(3, 1, 0, "ab".repeat(100))))))
                .isEqualTo(3);
        assertThat(HistorySize.of(new Lookup<>(name, RecordType.A, found(IpAddress.parse("192.0.2.1")))))
                .isEqualTo(1);
    }

    private static <R> DnsAnswer<R> found(R record) {
        return new DnsAnswer.Found<>(List.of(record), new DnsName("mx.test"), Duration.ZERO, Security.UNKNOWN);
    }
}
