// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postroad.api.Attempt;
import org.postroad.api.ConnectionUse;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Mailbox;
import org.postroad.api.Outcome;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.RemoteMta;
import org.postroad.api.Stage;
import org.postroad.api.TlsFailure;
import org.postroad.api.TlsSummary;
import org.postroad.fixtures.VirtualClock;
import org.postroad.provider.internal.connect.DialResult;
import org.postroad.provider.internal.smtp.ConnectionName;
import org.postroad.provider.internal.smtp.StageTimes;

/** Which attempts a contact with a host reports. */
class AttemptRecorderTest {

    private static final Mailbox A = Mailbox.parse("a@example.test");
    private static final Mailbox B = Mailbox.parse("b@example.test");
    private static final Mailbox C = Mailbox.parse("c@example.test");
    private static final RemoteMta REMOTE =
            new RemoteMta(RemoteMta.Role.MAIL_EXCHANGER, HostName.parse("mx.test"), IpAddress.parse("192.0.2.1"), 25);

    private final VirtualClock clock = new VirtualClock();
    private final List<Attempt> attempts = new ArrayList<>();
    private final AttemptRecorder recorder = new AttemptRecorder(
            new ContactEvents() {
                @Override
                public void connecting(RemoteMta remote) {
                    throw new AssertionError("not an attempt");
                }

                @Override
                public void attempted(Attempt attempt) {
                    attempts.add(attempt);
                }

                @Override
                public void tlsConcluded(RemoteMta remote, IpAddress source, Optional<TlsFailure> failure) {
                    throw new AssertionError("not an attempt");
                }
            },
            clock,
            List.of(A, B, C));

    private static RecipientOutcome lost(Mailbox mailbox) {
        return new RecipientOutcome(mailbox, Stage.RCPT, new Outcome.BadConnection("gone"));
    }

    private UsedConnection connection() {
        return new UsedConnection(new ConnectionName(7, REMOTE), clock.instant(), 2, StageTimes.beginning(clock));
    }

    @Test
    void attempts_resultsAreInTheOrderOfTheRecipients() {
        UsedConnection connection = connection();
        clock.advance(Duration.ofSeconds(3));
        recorder.conclusive(connection, TlsSummary.NONE, List.of(lost(C), lost(A), lost(B)));
        assertThat(attempts).singleElement().satisfies(attempt -> {
            assertThat(attempt.outcomes()).containsExactly(lost(A), lost(B), lost(C));
            assertThat(attempt.duration()).isEqualTo(Duration.ofSeconds(3));
            assertThat(attempt.superseded()).isFalse();
        });
        assertThat(recorder.hasConnected()).isTrue();
    }

    @Test
    void attempts_theConnectionIsReportedWithTheTimesOfItsStages() {
        UsedConnection connection = connection();
        clock.advance(Duration.ofMillis(5));
        connection.times().ended(Stage.MAIL);
        clock.advance(Duration.ofMillis(7));
        connection.times().ended(Stage.RCPT);
        clock.advance(Duration.ofMillis(1));
        connection.times().ended(Stage.MAIL);
        recorder.conclusive(connection, TlsSummary.NONE, List.of(lost(A)));
        assertThat(attempts.get(0).connection())
                .contains(new ConnectionUse(
                        7, 2, Map.of(Stage.MAIL, Duration.ofMillis(6), Stage.RCPT, Duration.ofMillis(7))));
    }

    @Test
    void attempts_anAttemptThatIsRepeatedIsMarked() {
        recorder.superseded(connection(), TlsSummary.NONE, List.of(lost(A)));
        assertThat(attempts)
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.superseded()).isTrue());
    }

    @Test
    void attempts_aSessionWithoutResultsIsNone() {
        recorder.conclusive(connection(), TlsSummary.NONE, List.of());
        assertThat(attempts).isEmpty();
        assertThat(recorder.hasConnected()).isFalse();
    }

    @Test
    void attempts_anAddressThatDidNotAnswerIsOneForTheRecipientsConcerned() {
        DialResult.Failure failure =
                new DialResult.Failure(REMOTE, clock.instant(), Duration.ofSeconds(5), "connection refused");
        recorder.noAnswer(List.of(failure), List.of(B));
        recorder.lostRace(List.of(failure));
        assertThat(attempts)
                .extracting(attempt -> attempt.outcomes().stream()
                        .map(RecipientOutcome::recipient)
                        .toList())
                .containsExactly(List.of(B), List.of(A, B, C));
        assertThat(attempts).allSatisfy(attempt -> {
            assertThat(attempt.duration()).isEqualTo(Duration.ofSeconds(5));
            assertThat(attempt.outcomes()).allSatisfy(outcome -> {
                assertThat(outcome.stage()).isEqualTo(Stage.CONNECT);
                assertThat(outcome.outcome()).isEqualTo(new Outcome.NoAnswer("connection refused"));
            });
        });
        assertThat(recorder.hasConnected()).isFalse();
    }

    @Test
    void attempts_timeThatRanOutIsOneOfTheRecipientsThatAreDue() {
        recorder.timeRanOut(REMOTE, List.of(B, C));
        assertThat(attempts)
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.outcomes())
                        .extracting(RecipientOutcome::recipient, RecipientOutcome::outcome)
                        .containsExactly(
                                tuple(B, new Outcome.BadConnection("no time was left for another connection")),
                                tuple(C, new Outcome.BadConnection("no time was left for another connection"))));
    }
}
