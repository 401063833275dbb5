// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Domain;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.MailHistory.Fate;
import org.postroad.api.MailHistory.RecipientHistory;
import org.postroad.api.Mailbox;
import org.postroad.api.QueueOptions;
import org.postroad.api.QueuedMail.State;
import org.postroad.api.RecipientReport;
import org.postroad.api.TlsDemand;
import org.postroad.api.Verdict;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.message.MessageFacts;
import org.postroad.provider.internal.queue.store.AttemptRows.AttemptEnd;
import org.postroad.provider.internal.queue.store.AttemptRows.Rescheduling;
import org.postroad.provider.internal.queue.store.HistoryRows.RecipientResult;

/** The number of statements that the history takes does not depend on the number of recipients with the same result. */
@Timeout(60)
class HistoryRowsTest {

    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final Domain DOMAIN = Domain.parse("one.test");
    private static final Rescheduling LATER =
            new Rescheduling(State.OPEN, NOW.plusSeconds(1), false, false, Optional.empty());

    @TempDir
    Path directory;

    private final List<String> statements = new ArrayList<>();

    private Database opened() throws Exception {
        Database database = TestDatabase.SQLITE.open(directory);
        Schema.ensure(database, true);
        return database;
    }

    /** Runs the work in a transaction, and records its statements. */
    private <T> T write(Database database, Database.Work<T> work) throws Exception {
        statements.clear();
        return database.write(connection -> work.run(recorded(connection)));
    }

    private Connection recorded(Connection connection) {
        return BrokenStatements.proxy(Connection.class, (method, arguments) -> {
            if (method.getName().equals("prepareStatement")) {
                statements.add((String) arguments[0]);
            }
            return BrokenStatements.call(connection, method, arguments);
        });
    }

    private static String add(Connection connection, NewMessages newMessages, int recipients) throws SQLException {
        QueuedMessage message = new QueuedMessage(
                "m" + newMessages.keepsHistory(),
                NOW,
                NOW.plusSeconds(9),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                TlsDemand.NONE,
                new QueuedMessage.Labels(Optional.empty(), Optional.empty()),
                new MessageFacts(1, false, false, 1, false, false));
        List<Envelope.Recipient> all = IntStream.range(0, recipients)
                .mapToObj(i -> Envelope.Recipient.of(Mailbox.parse("u" + i + "@one.test")))
                .toList();
        newMessages.add(connection, message, () -> new ByteArrayInputStream(new byte[] {'x'}), all, QueueOptions.NONE);
        return message.id();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 30})
    void queue_aNewMessageTakesTwoStatementsMoreWithAHistory(int recipients) throws Exception {
        try (Database database = opened()) {
            write(database, connection -> add(connection, new NewMessages(database.dialect(), false), recipients));
            int without = statements.size();
            write(database, connection -> add(connection, new NewMessages(database.dialect(), true), recipients));
            assertThat(statements).hasSize(without + 2);
        }
    }

    private static List<RecipientResult> results(QueuedDelivery delivery, int different, Fate fate) {
        Verdict verdict = fate == Fate.DELIVERED ? Verdict.DELIVERED : Verdict.DEFERRED;
        EnhancedStatus status = fate == Fate.DELIVERED ? EnhancedStatus.SUCCESS_2_0_0 : EnhancedStatus.NO_ANSWER_4_4_1;
        List<Mailbox> all = delivery.mailboxes();
        return IntStream.range(0, all.size())
                .mapToObj(i -> new RecipientReport(
                        all.get(i),
                        verdict,
                        status,
                        new RecipientReport.Decision("RETRY-01", "reason " + (i < different ? i : -1)),
                        Optional.empty()))
                .map(report -> new RecipientResult(fate, report))
                .toList();
    }

    /** Another process had this one for dead, and holds the delivery because of the doubt. */
    @Test
    void RETRY_04_theHistorySaysWhoGotTheMessageFromAProcessThatWasTakenOver() throws Exception {
        try (Database database = opened()) {
            String id = write(database, connection -> add(connection, new NewMessages(database.dialect(), true), 3));
            QueuedDelivery begun = write(database, connection -> AttemptRows.begin(connection, id, DOMAIN, NOW))
                    .orElseThrow();
            write(
                    database,
                    connection -> Sql.update(
                            connection, "UPDATE postroad_delivery SET attempts = attempts + 1, state = 'HELD'"));
            List<RecipientResult> results = List.of(
                    results(begun, 0, Fate.DELIVERED).get(0),
                    results(begun, 0, Fate.DEFERRED).get(1),
                    results(begun, 0, Fate.DEFERRED).get(2));
            write(
                    database,
                    connection ->
                            AttemptRows.end(connection, begun, new AttemptEnd(results, LATER, ""), List.of(), NOW));
            assertThat(database.read(connection -> HistoryListing.show(connection, id))
                            .orElseThrow()
                            .recipients())
                    .extracting(RecipientHistory::fate)
                    .containsExactly(Fate.DELIVERED, Fate.WAITING, Fate.WAITING);
        }
    }

    private long updatesOfTheHistory() {
        return statements.stream()
                .filter(sql -> sql.contains("postroad_outcome") || sql.contains("postroad_history"))
                .count();
    }

    private void assertUpdates(int different, Fate fate, int expected) throws Exception {
        int recipients = 30;
        try (Database database = opened()) {
            String id = write(
                    database, connection -> add(connection, new NewMessages(database.dialect(), true), recipients));
            QueuedDelivery begun = write(database, connection -> AttemptRows.begin(connection, id, DOMAIN, NOW))
                    .orElseThrow();
            assertThat(updatesOfTheHistory()).isZero();
            write(
                    database,
                    connection -> AttemptRows.end(
                            connection,
                            begun,
                            new AttemptEnd(results(begun, different, fate), LATER, ""),
                            List.of(),
                            NOW));
            assertThat(updatesOfTheHistory()).isEqualTo(expected);
            assertThat(database.read(connection -> HistoryListing.show(connection, id))
                            .orElseThrow()
                            .recipients())
                    .hasSize(recipients)
                    .allSatisfy(one -> assertThat(one.fate()).isEqualTo(fate));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"DELIVERED", "DEFERRED"})
    void queue_anAttemptWithOneResultForAllTakesOneStatementMore(Fate fate) throws Exception {
        assertUpdates(0, fate, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"DELIVERED", "DEFERRED"})
    void queue_anAttemptWithDifferentResultsTakesOneStatementForEachRecipient(Fate fate) throws Exception {
        assertUpdates(1, fate, 30);
    }
}
