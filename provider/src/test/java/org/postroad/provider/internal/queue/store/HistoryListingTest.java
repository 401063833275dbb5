// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.postroad.api.Domain;
import org.postroad.api.HistoryFilter;
import org.postroad.api.MailHistory;
import org.postroad.api.MailHistory.Fate;
import org.postroad.api.MailHistory.RecipientHistory;
import org.postroad.api.Mailbox;

/** The history is searched by any combination of criteria, page by page and by an index. */
@Timeout(300)
class HistoryListingTest {

    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
    private static final Mailbox SENDER = Mailbox.parse("me@sender.test");
    private static final Mailbox RECIPIENT = Mailbox.parse("a@one.test");
    private static final Domain DOMAIN = Domain.parse("one.test");
    private static final List<String> SENDERS = List.of("me@sender.test", "you@sender.test");
    private static final List<String> RECIPIENTS = List.of("a@one.test", "b@one.test", "a@two.test", "c@two.test");
    private static final List<String> REASONS = List.of("User Unknown", "50% full_of !", "5000 fullXof");

    @TempDir
    Path directory;

    private Database opened(TestDatabase kind) throws Exception {
        Database database = kind.open(directory);
        Schema.ensure(database, true);
        return database;
    }

    /** A message and its recipients as stored. */
    private record Stored(String id, Instant at, Optional<Mailbox> sender, String header, List<Recipient> recipients) {}

    private record Recipient(Mailbox mailbox, Fate fate, String reason) {}

    private static void insert(Database database, List<Stored> messages) throws Exception {
        database.write(connection -> {
            for (Stored message : messages) {
                Sql.update(
                        connection,
                        "INSERT INTO postroad_history (id, queued_at, sender, header_id, size, unique_key) VALUES (?, ?, ?, ?, 1, ?)",
                        message.id(),
                        message.at().toEpochMilli(),
                        message.sender(),
                        message.header(),
                        "key of " + message.header());
                int position = 0;
                for (Recipient recipient : message.recipients()) {
                    Sql.update(
                            connection,
                            "INSERT INTO postroad_outcome (message_id, position, domain, mailbox, fate, changed_at, attempts, status,"
                                    + " rule, reason) VALUES (?, ?, ?, ?, ?, 0, 1, '5.0.0', 'RETRY-01', ?)",
                            message.id(),
                            position++,
                            recipient.mailbox().domain(),
                            recipient.mailbox(),
                            recipient.fate(),
                            recipient.reason());
                }
            }
            return true;
        });
    }

    private static <T> T any(List<T> values, Random random) {
        return values.get(random.nextInt(values.size()));
    }

    private static List<Stored> randomMessages(Random random, int count) {
        List<Stored> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Instant at = START.plusSeconds(i / 2); // two at the same time
            List<Recipient> recipients = new ArrayList<>();
            Set<String> names = new LinkedHashSet<>();
            for (int j = random.nextInt(3); j >= 0; j--) {
                names.add(any(RECIPIENTS, random));
            }
            for (String name : names) {
                recipients.add(
                        new Recipient(Mailbox.parse(name), any(List.of(Fate.values()), random), any(REASONS, random)));
            }
            Optional<Mailbox> sender =
                    random.nextInt(5) == 0 ? Optional.empty() : Optional.of(Mailbox.parse(any(SENDERS, random)));
            messages.add(new Stored(QueueIds.next(at, random), at, sender, "<" + i + "@sender.test>", recipients));
        }
        messages.sort(Comparator.comparing(Stored::id).reversed());
        return messages;
    }

    private static HistoryFilter randomFilter(Random random, int count) {
        HistoryFilter filter = HistoryFilter.ALL;
        if (random.nextInt(6) == 0) {
            filter = filter.withMessageId(random.nextInt(count) + "@sender.test");
        }
        if (random.nextInt(3) == 0) {
            filter = filter.withSender(Mailbox.parse(any(SENDERS, random)));
        }
        if (random.nextInt(3) == 0) {
            filter = filter.withRecipient(Mailbox.parse(any(RECIPIENTS, random)));
        }
        if (random.nextInt(3) == 0) {
            filter = filter.withDomain(Domain.parse(any(List.of("one.test", "two.test"), random)));
        }
        if (random.nextInt(3) == 0) {
            filter = filter.withFate(any(List.of(Fate.values()), random));
        }
        if (random.nextInt(3) == 0) {
            filter = filter.withReason(any(List.of("unknown", "50%", "L_O", "!"), random));
        }
        if (random.nextInt(3) == 0) {
            filter = filter.withQueuedSince(START.plusSeconds(random.nextInt(count / 2)));
        }
        if (random.nextInt(3) == 0) {
            filter = filter.withQueuedBefore(START.plusSeconds(random.nextInt(count / 2)));
        }
        return filter;
    }

    private static Predicate<Recipient> recipients(HistoryFilter filter) {
        return one -> filter.recipient()
                        .filter(wanted -> !wanted.equals(one.mailbox()))
                        .isEmpty()
                && filter.domain()
                        .filter(wanted -> !wanted.equals(one.mailbox().domain()))
                        .isEmpty()
                && filter.fate().filter(wanted -> wanted != one.fate()).isEmpty()
                && filter.reason()
                        .filter(text -> !one.reason().toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT)))
                        .isEmpty();
    }

    private static boolean matches(HistoryFilter filter, Stored message) {
        return filter.messageId().filter(id -> !id.equals(message.header())).isEmpty()
                && filter.sender()
                        .filter(wanted -> !message.sender().equals(Optional.of(wanted)))
                        .isEmpty()
                && filter.queuedSince().filter(message.at()::isBefore).isEmpty()
                && filter.queuedBefore()
                        .filter(time -> !message.at().isBefore(time))
                        .isEmpty()
                && message.recipients().stream().anyMatch(recipients(filter));
    }

    private static List<MailHistory> all(Database database, HistoryFilter filter, int limit) throws SQLException {
        List<MailHistory> all = new ArrayList<>();
        List<MailHistory> page = page(database, filter, "", limit);
        while (!page.isEmpty()) {
            assertThat(page).hasSizeLessThanOrEqualTo(limit);
            all.addAll(page);
            page = page(database, filter, page.get(page.size() - 1).id(), limit);
        }
        return all;
    }

    private static List<MailHistory> page(Database database, HistoryFilter filter, String after, int limit)
            throws SQLException {
        return database.read(connection -> HistoryListing.list(connection, filter, after, limit));
    }

    /** All combinations of criteria, compared with a search in memory. */
    @ParameterizedTest
    @EnumSource
    void queue_everyFilterFindsExactlyWhatMatches(TestDatabase kind) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Stored> messages = randomMessages(random, 40);
        try (Database database = opened(kind)) {
            insert(database, messages);
            for (int i = 0; i < 300; i++) {
                HistoryFilter filter = randomFilter(random, messages.size());
                List<Stored> expected =
                        messages.stream().filter(one -> matches(filter, one)).toList();
                List<MailHistory> found = all(database, filter, 1 + random.nextInt(20));
                assertThat(found)
                        .as("seed %s, %s", seed, filter)
                        .extracting(MailHistory::id)
                        .isEqualTo(expected.stream().map(Stored::id).toList());
                for (int j = 0; j < found.size(); j++) {
                    assertThat(found.get(j).recipients())
                            .as("seed %s, %s", seed, filter)
                            .extracting(RecipientHistory::recipient)
                            .isEqualTo(expected.get(j).recipients().stream()
                                    .filter(recipients(filter))
                                    .map(Recipient::mailbox)
                                    .toList());
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_aKeyFindsItsMessage(TestDatabase kind) throws Exception {
        List<Stored> messages = randomMessages(new Random(1), 5);
        try (Database database = opened(kind)) {
            insert(database, messages);
            HistoryFilter filter =
                    HistoryFilter.ALL.withKey("key of " + messages.get(2).header());
            assertThat(all(database, filter, 10))
                    .extracting(MailHistory::id)
                    .containsExactly(messages.get(2).id());
            assertThat(all(database, filter.withRecipient(Mailbox.parse("z@z.test")), 10))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_aListHasALimitedNumberOfRecipients(TestDatabase kind) throws Exception {
        List<Recipient> recipients = Stream.iterate(0, i -> i + 1)
                .limit(HistoryListing.MAX_LISTED + 1)
                .map(i -> new Recipient(Mailbox.parse("u" + i + "@one.test"), Fate.DELIVERED, "x"))
                .toList();
        try (Database database = opened(kind)) {
            insert(database, List.of(new Stored("A1", START, Optional.empty(), "<1@x.test>", recipients)));
            assertThat(all(database, HistoryFilter.ALL, 10).get(0).recipients()).hasSize(HistoryListing.MAX_LISTED);
            assertThat(all(
                                    database,
                                    HistoryFilter.ALL.withRecipient(
                                            recipients.get(100).mailbox()),
                                    10)
                            .get(0)
                            .recipients())
                    .hasSize(1);
            assertThat(database.read(connection -> HistoryListing.show(connection, "A1"))
                            .orElseThrow()
                            .recipients())
                    .hasSize(HistoryListing.MAX_LISTED + 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_whatCannotBeReadIsLeftOut(TestDatabase kind) throws Exception {
        Recipient recipient = new Recipient(RECIPIENT, Fate.DELIVERED, "x");
        try (Database database = opened(kind)) {
            insert(database, List.of(new Stored("A1", START, Optional.of(SENDER), "<1@x.test>", List.of(recipient))));
            database.write(connection -> Sql.update(connection, "UPDATE postroad_history SET sender = 'nobody'")
                    + Sql.update(connection, "UPDATE postroad_outcome SET fate = 'EATEN'"));
            MailHistory mail = all(database, HistoryFilter.ALL, 10).get(0);
            assertThat(mail.sender()).isEmpty();
            assertThat(mail.recipients()).isEmpty();
        }
    }

    @Test
    void queue_aSearchedTextHasALimit() {
        assertThat(HistoryFilter.ALL.withReason("x".repeat(250)).reason()).isPresent();
        assertThatThrownBy(() -> HistoryFilter.ALL.withReason("x".repeat(251)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 to 250 characters, not 251");
        assertThatThrownBy(() -> HistoryFilter.ALL.withMessageId(" "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("The Message-ID to search for has 1 to 250 characters, not 0");
    }

    /** Filters, and the index by which each is searched. */
    static List<Arguments> indexes() {
        HistoryFilter all = HistoryFilter.ALL;
        HistoryFilter message = all.withMessageId("<5@sender.test>");
        HistoryFilter recipient = all.withRecipient(RECIPIENT);
        HistoryFilter domain = all.withDomain(DOMAIN);
        HistoryFilter sender = all.withSender(SENDER);
        HistoryFilter time = all.withQueuedSince(START).withQueuedBefore(START.plusSeconds(60));
        String key = "the primary key";
        return List.of(
                Arguments.of(message, "postroad_history_header"),
                Arguments.of(message.withSender(SENDER).withRecipient(RECIPIENT), "postroad_history_header"),
                Arguments.of(all.withKey("5"), "postroad_history_key"),
                Arguments.of(recipient, "postroad_outcome_mailbox"),
                Arguments.of(
                        recipient.withDomain(DOMAIN).withSender(SENDER).withFate(Fate.FAILED),
                        "postroad_outcome_mailbox"),
                Arguments.of(recipient.withQueuedSince(START).withReason("x"), "postroad_outcome_mailbox"),
                Arguments.of(domain, "postroad_outcome_domain"),
                Arguments.of(domain.withSender(SENDER), "postroad_outcome_domain"),
                Arguments.of(domain.withFate(Fate.FAILED).withQueuedBefore(START), "postroad_outcome_domain"),
                Arguments.of(sender, "postroad_history_sender"),
                Arguments.of(sender.withFate(Fate.FAILED).withReason("x"), "postroad_history_sender"),
                Arguments.of(sender.withQueuedSince(START.plusSeconds(9000)), "postroad_history_sender"),
                Arguments.of(time, key),
                Arguments.of(time.withFate(Fate.FAILED), key));
    }

    @ParameterizedTest
    @MethodSource("indexes")
    void queue_aSearchInSqliteReadsAnIndexInOrder(HistoryFilter filter, String index) throws Exception {
        try (Database database = opened(TestDatabase.SQLITE)) {
            for (String after : List.of("", "Z")) {
                List<String> plan = plan(database, "EXPLAIN QUERY PLAN ", "detail", filter, after);
                assertThat(plan).noneMatch(step -> step.startsWith("SCAN") || step.contains("TEMP B-TREE"));
                assertThat(plan.get(0)).contains(index.equals("the primary key") ? "PRIMARY KEY (id>" : index);
            }
        }
    }

    private static List<String> plan(
            Database database, String explain, String column, HistoryFilter filter, String after) throws SQLException {
        HistoryQuery query = HistoryQuery.ids(filter, after, 10);
        return database.read(connection -> Sql.query(
                connection,
                explain + query.sql(),
                row -> row.getString(column),
                query.parameters().toArray()));
    }

    /** PostgreSQL plans by statistics, so there are many rows. One connection serves all filters. */
    @Test
    void queue_aSearchInPostgresqlReadsAnIndexInOrder() throws Exception {
        try (Database database = opened(TestDatabase.POSTGRESQL)) {
            database.write(connection -> {
                Sql.update(
                        connection,
                        "INSERT INTO postroad_history (id, queued_at, sender, header_id, size, unique_key)"
                                + " SELECT LPAD(CAST(i AS TEXT), 20, '0'), i, 's' || i % 500 || '@sender.test', '<' || i || '@sender.test>', 1,"
                                + " CAST(i AS TEXT) FROM generate_series(1, 20000) AS s (i)");
                Sql.update(
                        connection,
                        "INSERT INTO postroad_outcome (message_id, position, domain, mailbox, fate, changed_at, attempts, reason)"
                                + " SELECT LPAD(CAST(i AS TEXT), 20, '0'), 0, 'd' || i % 50 || '.test', 'u' || i || '@d' || i % 50 || '.test',"
                                + " CASE WHEN i % 100 = 0 THEN 'FAILED' ELSE 'DELIVERED' END, i, 1, 'said'"
                                + " FROM generate_series(1, 20000) AS s (i)");
                return Sql.update(connection, "ANALYZE postroad_history, postroad_outcome");
            });
            HistoryFilter all = HistoryFilter.ALL;
            HistoryFilter recipient = all.withRecipient(Mailbox.parse("u7@d7.test"));
            HistoryFilter domain = all.withDomain(Domain.parse("d7.test"));
            HistoryFilter sender = all.withSender(Mailbox.parse("s1@sender.test"));
            assertIndexed(database, all.withMessageId("7@sender.test"), "postroad_history_header");
            assertThat(plan(database, "EXPLAIN ", "QUERY PLAN", all.withKey("7"), "")) // sorts one row
                    .noneMatch(step -> step.contains("Seq Scan"))
                    .anyMatch(step -> step.contains("postroad_history_key"));
            assertIndexed(database, recipient, "postroad_outcome_mailbox");
            assertIndexed(database, recipient.withSender(SENDER).withFate(Fate.FAILED), "postroad_outcome_mailbox");
            assertIndexed(database, domain, "postroad_outcome_domain");
            assertIndexed(database, domain.withFate(Fate.DELIVERED), "postroad_outcome_domain");
            assertIndexed(database, sender, "postroad_history_sender");
            assertIndexed(database, all.withQueuedSince(START), "postroad_history_pkey");
            assertIndexed(database, all, "postroad_history_pkey");
        }
    }

    private static void assertIndexed(Database database, HistoryFilter filter, String index) throws SQLException {
        List<String> plan = plan(database, "EXPLAIN ", "QUERY PLAN", filter, "");
        assertThat(plan).as("%s", filter).noneMatch(step -> step.contains("Seq Scan") || step.contains("Sort"));
        assertThat(plan).as("%s", filter).anyMatch(step -> step.contains(index));
    }
}
