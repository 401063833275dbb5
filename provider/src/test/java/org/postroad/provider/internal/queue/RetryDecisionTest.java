// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsName;
import org.postroad.api.Domain;
import org.postroad.api.DomainReport;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Lookup;
import org.postroad.api.Mailbox;
import org.postroad.api.Outcome;
import org.postroad.api.Priority;
import org.postroad.api.QueuedMail.State;
import org.postroad.api.RecipientReport;
import org.postroad.api.RecipientReport.DecidedBy;
import org.postroad.api.RecordType;
import org.postroad.api.RemoteMta;
import org.postroad.api.Reply;
import org.postroad.api.Security;
import org.postroad.api.Stage;
import org.postroad.api.TlsDemand;
import org.postroad.api.TlsSummary;
import org.postroad.api.Verdict;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.message.MessageFacts;
import org.postroad.provider.internal.queue.QueueSettings.InDoubt;
import org.postroad.provider.internal.queue.store.AttemptRows;
import org.postroad.provider.internal.queue.store.QueuedDelivery;
import org.postroad.provider.internal.queue.store.QueuedMessage;

/** Decisions after attempts, case by case. */
class RetryDecisionTest {

    private static final Instant QUEUED = Instant.parse("2030-01-01T00:00:00Z");
    private static final Duration LIFETIME = Duration.ofDays(5);
    private static final Mailbox A = Mailbox.parse("a@one.test");
    private static final Mailbox B = Mailbox.parse("b@one.test");
    private static final HostName HOST = HostName.parse("mx.one.test");
    private static final IpAddress V4 = IpAddress.parse("192.0.2.1");
    private static final IpAddress V6 = IpAddress.parse("2001:db8::1");

    private final List<Lookup<?>> lookups = new ArrayList<>();
    private InDoubt inDoubt = InDoubt.RETRY;
    private Optional<Duration> delayWarning = Optional.empty();
    private boolean warned;
    private boolean doubted;
    private int attempts = 1;
    private Instant now = QUEUED;

    private RetryDecision judge(RecipientReport... recipients) {
        QueuedMessage message = new QueuedMessage(
                "m1",
                QUEUED,
                QUEUED.plus(LIFETIME),
                Optional.of(Mailbox.parse("me@sender.test")),
                Optional.empty(),
                Optional.empty(),
                TlsDemand.NONE,
                new QueuedMessage.Labels(Optional.empty(), Optional.empty()),
                new MessageFacts(1, false, false, 1, false, false));
        Domain domain = Domain.parse("one.test");
        QueuedDelivery delivery = new QueuedDelivery(
                message,
                domain,
                State.TRYING,
                QUEUED,
                attempts,
                doubted,
                warned,
                Optional.empty(),
                Priority.NORMAL,
                QUEUED,
                Arrays.stream(recipients)
                        .map(report -> Envelope.Recipient.of(report.recipient()))
                        .toList());
        DomainReport report = new DomainReport(domain, lookups, List.of(), List.of(), List.of(recipients));
        return RetryDecision.of(
                delivery,
                report,
                new QueueSettings.Retrying(RetrySchedule.STANDARD, inDoubt, delayWarning),
                now,
                noChance());
    }

    private static RandomGenerator noChance() {
        return new Random() {
            @Override
            public long nextLong(long bound) {
                return 0;
            }
        };
    }

    private static RecipientReport answered(
            Mailbox mailbox, Verdict verdict, int code, String text, IpAddress address) {
        Reply reply = new Reply(code, List.of(text));
        RemoteMta remote = new RemoteMta(RemoteMta.Role.MAIL_EXCHANGER, HOST, address, 25);
        Outcome outcome = code < 300 ? new Outcome.Accepted(reply, false) : new Outcome.Refused(reply);
        return new RecipientReport(
                mailbox,
                verdict,
                reply.status(),
                new RecipientReport.Decision("TRY-02", text),
                Optional.of(new DecidedBy(remote, Stage.RCPT, outcome, TlsSummary.NONE)));
    }

    private static RecipientReport delivered(Mailbox mailbox) {
        return answered(mailbox, Verdict.DELIVERED, 250, "2.0.0 ok", V4);
    }

    private static RecipientReport failed(Mailbox mailbox) {
        return answered(mailbox, Verdict.FAILED, 550, "5.1.1 no such user", V4);
    }

    private static RecipientReport deferred(Mailbox mailbox) {
        return answered(mailbox, Verdict.DEFERRED, 450, "4.2.1 busy", V4);
    }

    private static RecipientReport doubted(Mailbox mailbox) {
        return new RecipientReport(
                mailbox,
                Verdict.IN_DOUBT,
                EnhancedStatus.BAD_CONNECTION_4_4_2,
                new RecipientReport.Decision("TRY-05", "lost"),
                Optional.empty());
    }

    @Test
    void RETRY_01_finalResultsAreSettledAndPendingOnesWait() {
        RetryDecision decision = judge(delivered(A), deferred(B));
        assertThat(decision.end().settled()).containsExactly(A);
        assertThat(decision.failed()).isEmpty();
        assertThat(decision.end().next())
                .isEqualTo(new AttemptRows.Rescheduling(
                        State.OPEN, QUEUED.plus(Duration.ofMinutes(5)), false, false, Optional.empty()));
    }

    @Test
    void RETRY_01_aPermanentRefusalIsFinalImmediately() {
        RecipientReport refusal = failed(B);
        RetryDecision decision = judge(deferred(A), refusal);
        assertThat(decision.end().settled()).containsExactly(B);
        assertThat(decision.failed()).containsExactly(refusal);
    }

    @ParameterizedTest
    @CsvSource({"1, 5", "2, 10", "7, 240", "30, 240"})
    void RETRY_01_theScheduleDeterminesTheNextAttempt(int attempts, int minutes) {
        this.attempts = attempts;
        assertThat(judge(deferred(A)).end().next().dueAt()).isEqualTo(QUEUED.plus(Duration.ofMinutes(minutes)));
    }

    @Test
    void RETRY_02_anExpiredDeliveryIsAbandonedWithItsLastStatus() {
        RecipientReport last = deferred(A);
        now = QUEUED.plus(LIFETIME).minusMillis(1);
        RetryDecision before = judge(last);
        assertThat(before.failed()).isEmpty();
        assertThat(before.end().next().dueAt()).isEqualTo(QUEUED.plus(LIFETIME)); // one last attempt at the expiry
        now = QUEUED.plus(LIFETIME);
        RetryDecision after = judge(last);
        assertThat(after.end().settled()).containsExactly(A);
        assertThat(after.failed()).containsExactly(last);
    }

    @Test
    void TRY_05_aDoubtIsRetriedOrHeldAsConfigured() {
        AttemptRows.Rescheduling retried = judge(doubted(A), deferred(B)).end().next();
        assertThat(retried.state()).isEqualTo(State.OPEN);
        assertThat(retried.inDoubt()).isTrue();
        inDoubt = InDoubt.HOLD;
        assertThat(judge(doubted(A)).end().next().state()).isEqualTo(State.HELD);
        assertThat(judge(deferred(A)).end().next().state()).isEqualTo(State.OPEN);
    }

    @Test
    void TRY_05_anEarlierDoubtRemains() {
        doubted = true;
        assertThat(judge(deferred(A)).end().next().inDoubt()).isTrue();
    }

    @Test
    void RETRY_01_greylistingIsRetriedFromTheSameAddress() {
        RecipientReport greylisted = answered(A, Verdict.DEFERRED, 451, "4.7.1 greylisted", V6);
        assertThat(judge(deferred(B), greylisted).end().next().hint()).contains(V6);
        assertThat(judge(deferred(B)).end().next().hint()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 5.7.1, mx.one.test, true",
        "2, 5.7.1, mx.one.test, false",
        "1, 5.1.1, mx.one.test, false",
        "1, 5.7.1, other.test, false"
    })
    void RETRY_01_aPolicyRefusalIsRetriedOnceOverTheOtherFamily(
            int attempts, String status, String name, boolean chance) {
        this.attempts = attempts;
        lookups.add(new Lookup<>(
                HostName.parse(name),
                RecordType.AAAA,
                new DnsAnswer.Found<>(List.of(V6), new DnsName(name), Duration.ofHours(1), Security.UNKNOWN)));
        RetryDecision decision = judge(answered(A, Verdict.FAILED, 550, status + " not you", V4));
        assertThat(decision.failed()).hasSize(chance ? 0 : 1);
        assertThat(decision.end().next().hint()).isEqualTo(chance ? Optional.of(V6) : Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void queue_aDelayIsReportedOnce(boolean warned) {
        this.warned = warned;
        delayWarning = Optional.of(Duration.ofHours(4));
        now = QUEUED.plus(Duration.ofHours(4)).minusMillis(1);
        assertThat(judge(deferred(A)).delayed()).isEmpty();
        now = QUEUED.plus(Duration.ofHours(4));
        RetryDecision late = judge(delivered(B), deferred(A));
        assertThat(late.delayed()).extracting(RecipientReport::recipient).hasSize(warned ? 0 : 1);
        assertThat(late.end().next().warned()).isTrue();
    }

    @Test
    void queue_noDelayIsReportedForSettledRecipients() {
        delayWarning = Optional.of(Duration.ofHours(4));
        now = QUEUED.plus(Duration.ofHours(5));
        assertThat(judge(delivered(A)).delayed()).isEmpty();
    }
}
