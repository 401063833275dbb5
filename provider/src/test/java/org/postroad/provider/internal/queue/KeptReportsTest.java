// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postroad.api.AttemptReport;
import org.postroad.api.Domain;
import org.postroad.api.DomainReport;
import org.postroad.api.Mailbox;
import org.postroad.api.QueueOptions;
import org.postroad.api.TlsDemand;
import org.postroad.provider.internal.deliver.ConnectionWaits;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.queue.QueueSettings.History;
import org.postroad.provider.internal.queue.QueueSettings.KeptReports;
import org.postroad.provider.internal.queue.QueueSettings.Timing;
import org.postroad.provider.internal.queue.store.QueuedMessage;
import org.postroad.provider.internal.queue.store.TestDatabase;

/** The reports of attempts that the history has, on every database. */
@Timeout(300)
class KeptReportsTest extends QueueTesting {

    private static final Mailbox A = Mailbox.parse("a@one.test");
    private static final Mailbox B = Mailbox.parse("b@one.test");

    private static final QueuedMessage.Labels NO_LABELS = new QueuedMessage.Labels(Optional.empty(), Optional.empty());

    private static final Timing OFTEN =
            new Timing(Duration.ofMillis(50), Duration.ofMinutes(1), 20, Duration.ofSeconds(10));

    private static Envelope envelope(Mailbox... recipients) {
        return new Envelope(
                Optional.of(Mailbox.parse("me@sender.test")),
                Arrays.stream(recipients).map(Envelope.Recipient::of).toList(),
                Optional.empty(),
                Optional.empty(),
                TlsDemand.NONE);
    }

    private static String submit(QueueManager queue, Mailbox... recipients) throws Exception {
        try (SpooledMessage content = content("Subject: x\r\n\r\nx\r\n")) {
            return queue.submit(envelope(recipients), content, NO_LABELS, QueueOptions.NONE)
                    .id();
        }
    }

    private static List<AttemptReport> reports(QueueManager queue, String id) {
        return new QueueControl(queue).reports(id);
    }

    private static List<AttemptReport> awaitReports(QueueManager queue, String id, int number) {
        while (reports(queue, id).size() < number) {
            spin();
        }
        return reports(queue, id);
    }

    private static DomainReport onlyA(FakeDeliveryAgent.Handed mail) {
        DomainReport refused = FakeDeliveryAgent.says(550, "5.1.1 unknown").apply(mail);
        DomainReport accepted = FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail);
        return refused.with(IntStream.range(0, mail.recipients().size())
                .mapToObj(i -> (mail.recipients().get(i).equals(A) ? accepted : refused)
                        .recipients()
                        .get(i))
                .toList());
    }

    @ParameterizedTest
    @EnumSource
    void queue_theReportOfAFailureIsKeptAfterTheEndOfTheMessage(TestDatabase kind) throws Exception {
        agent.answers(KeptReportsTest::onlyA);
        try (QueueManager queue = open(kind.open(directory), OFTEN)) {
            Instant before = Instant.now();
            String id = submit(queue, A, B);
            awaitEmpty(queue);
            assertThat(reports(queue, id)).singleElement().satisfies(report -> {
                assertThat(report.domain()).isEqualTo(Domain.parse("one.test"));
                assertThat(report.attempt()).isEqualTo(1);
                assertThat(report.endedAt()).isBetween(before.minusMillis(1), Instant.now());
                assertThat(report.json())
                        .startsWith("{\"version\":1,\"complete\":false,\"domains\":[{\"domain\":\"one.test\",")
                        .contains(
                                "\"lines\":[\"5.1.1 unknown\"]",
                                "\"recipient\":\"a@one.test\",\"verdict\":\"DELIVERED\"");
            });
        }
    }

    @ParameterizedTest
    @EnumSource(names = "SQLITE")
    void queue_theReportOfADeliveryIsKeptIfAllAreWanted(TestDatabase kind) throws Exception {
        history = new History(Duration.ofDays(1), 1000, KeptReports.ALL);
        try (QueueManager queue = open(kind.open(directory), OFTEN)) {
            String id = submit(queue, A);
            awaitEmpty(queue);
            assertThat(reports(queue, id)).extracting(AttemptReport::attempt).containsExactly(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "SQLITE")
    void queue_theReportOfADeliveryIsNotKeptIfFailuresAreWanted(TestDatabase kind) throws Exception {
        try (QueueManager queue = open(kind.open(directory), OFTEN)) {
            String id = submit(queue, A);
            awaitEmpty(queue);
            assertThat(reports(queue, id)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = "SQLITE")
    void queue_noReportIsKeptIfNoneIsWanted(TestDatabase kind) throws Exception {
        history = new History(Duration.ofDays(1), 1000, KeptReports.NONE);
        agent.answers(KeptReportsTest::onlyA);
        try (QueueManager queue = open(kind.open(directory), OFTEN)) {
            String id = submit(queue, B);
            awaitEmpty(queue);
            assertThat(reports(queue, id)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = "SQLITE")
    void queue_noReportIsKeptWithoutAHistory(TestDatabase kind) throws Exception {
        history = new History(Duration.ZERO, 1000, KeptReports.ALL);
        try (QueueManager queue = open(kind.open(directory), OFTEN)) {
            String id = submit(queue, A);
            awaitEmpty(queue);
            assertThat(reports(queue, id)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_theFirstAndTheLatestReportsAreKept(TestDatabase kind) throws Exception {
        agent.answers(FakeDeliveryAgent.says(450, "4.2.1 later")::apply);
        try (QueueManager queue = open(kind.open(directory), OFTEN)) {
            String id = submit(queue, A);
            awaitReports(queue, id, 1);
            for (int attempt = 2; attempt <= 13; attempt++) {
                awaitRetry(queue, id, attempt);
            }
            assertThat(reports(queue, id))
                    .extracting(AttemptReport::attempt)
                    .containsExactly(1, 5, 6, 7, 8, 9, 10, 11, 12, 13);
        }
    }

    private static void awaitRetry(QueueManager queue, String id, int attempt) throws Exception {
        while (reports(queue, id).stream().noneMatch(report -> report.attempt() == attempt)) {
            new QueueControl(queue).retry(id);
            spin();
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_theReportsAreDeletedWithTheHistory(TestDatabase kind) throws Exception {
        agent.answers(KeptReportsTest::onlyA);
        try (QueueManager queue = open(kind.open(directory), OFTEN)) {
            String id = submit(queue, B);
            awaitEmpty(queue);
            queue.writeForCaller(connection -> {
                try (var statement = connection.prepareStatement("DELETE FROM postroad_history WHERE id = ?")) {
                    statement.setString(1, id);
                    return statement.executeUpdate();
                }
            });
            assertThat(reports(queue, id)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = "SQLITE")
    void queue_theReportOfAFirstAttemptBeforeTheQueueIsKept(TestDatabase kind) throws Exception {
        agent.answers(FakeDeliveryAgent.says(450, "4.2.1 later")::apply);
        try (QueueManager queue = open(kind.open(directory), OFTEN);
                SpooledMessage content = content("Subject: x\r\n\r\nx\r\n")) {
            DomainReport tried = FakeDeliveryAgent.says(421, "4.3.2 closing")
                    .apply(new FakeDeliveryAgent.Handed(
                            Optional.empty(),
                            List.of(A),
                            "",
                            new DeliveryAgent.RetryHints(false, Optional.empty()),
                            ConnectionWaits.NONE));
            String id = queue.submitAttempted(envelope(A), content, NO_LABELS, List.of(tried));
            assertThat(reports(queue, id).get(0).json()).contains("4.3.2 closing");
        }
    }
}
