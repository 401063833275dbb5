// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.report;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.postroad.provider.report.ReportPageTest.parse;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postroad.api.Domain;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.MailHistory;
import org.postroad.api.Mailbox;
import org.postroad.api.Priority;
import org.postroad.api.QueueActivity;
import org.postroad.api.QueueDestination;
import org.postroad.api.QueueStatistics;
import org.postroad.api.QueuedMail;
import org.postroad.api.RecipientReport;
import org.postroad.api.RemoteMta;
import org.postroad.api.TlsSummary;

/** The JSON forms of what a queue contains have every accessor, and QUEUE.md names every field. */
class QueueJsonTest {

    private static final Instant TIME = Instant.parse("2026-03-01T08:30:00.000123Z");
    private static final Mailbox ANNA = Mailbox.parse("anna@example.org");

    private static final JsonObject MAIL = parse(mail().toJson());
    private static final JsonObject HISTORY = parse(history("a\u001b").toJson());
    private static final JsonObject DESTINATION = parse(
            new QueueDestination(ANNA.domain(), 3, Optional.of(TIME), true, Optional.of(TIME), Optional.of("no answer"))
                    .toJson());
    private static final JsonObject STATISTICS = parse(new QueueStatistics(1, Optional.of(TIME), 2, 3, 4, 5).toJson());

    private static final JsonObject ACTIVITY = parse(
            new QueueActivity(Duration.ofHours(1), List.of(new QueueActivity.Interval(TIME, 1, 2, 3, 4))).toJson());

    private static final Map<Class<?>, JsonObject> OBJECTS = Map.ofEntries(
            entry(QueuedMail.class, MAIL),
            entry(QueuedMail.Delivery.class, at(MAIL, "/deliveries/0")),
            entry(QueuedMail.PastAttempt.class, at(MAIL, "/deliveries/0/history/0")),
            entry(MailHistory.class, HISTORY),
            entry(MailHistory.RecipientHistory.class, at(HISTORY, "/recipients/0")),
            entry(MailHistory.AttemptResult.class, at(HISTORY, "/recipients/0/result")),
            entry(RemoteMta.class, at(HISTORY, "/recipients/0/result/remote")),
            entry(RecipientReport.Decision.class, at(HISTORY, "/recipients/0/result")),
            entry(QueueDestination.class, DESTINATION),
            entry(QueueStatistics.class, STATISTICS),
            entry(QueueActivity.class, ACTIVITY),
            entry(QueueActivity.Interval.class, at(ACTIVITY, "/intervals/0")));

    private static final Set<Class<?>> TEXTS =
            Set.of(Domain.class, EnhancedStatus.class, Mailbox.class, org.postroad.api.Host.class, IpAddress.class);

    /** {@code decision} is rule and explanation. */
    private static final Set<String> DERIVED = Set.of("toJson", "decision");

    private static QueuedMail mail() {
        return new QueuedMail(
                "17",
                TIME,
                TIME.plusSeconds(5),
                Optional.of(ANNA),
                Optional.of("<1@example.org>"),
                Optional.of("M\u00fcller"),
                1234,
                List.of(new QueuedMail.Delivery(
                        ANNA.domain(),
                        QueuedMail.State.HELD,
                        TIME,
                        2,
                        true,
                        List.of(ANNA),
                        List.of(new QueuedMail.PastAttempt(TIME, "one\ntwo")),
                        Priority.HIGH)),
                Optional.of("the envelope"));
    }

    private static MailHistory history(String explanation) {
        return new MailHistory(
                "17",
                TIME,
                Optional.of(ANNA),
                Optional.of("<1@example.org>"),
                Optional.of("Hello"),
                1234,
                Optional.of("ENV"),
                Optional.of("order-17"),
                List.of(new MailHistory.RecipientHistory(
                        ANNA,
                        MailHistory.Fate.FAILED,
                        TIME,
                        2,
                        Optional.of(new MailHistory.AttemptResult(
                                EnhancedStatus.tryParse("5.1.1").orElseThrow(),
                                new RecipientReport.Decision("TRY-02", explanation),
                                Optional.of(550),
                                Optional.of(new RemoteMta(
                                        RemoteMta.Role.MAIL_EXCHANGER,
                                        HostName.parse("mx.example.org"),
                                        IpAddress.parse("192.0.2.25"),
                                        25)),
                                Optional.of(TlsSummary.Level.OPPORTUNISTIC))))));
    }

    private static JsonObject at(JsonObject root, String place) {
        return Json.createPointer(place).getValue(root).asJsonObject();
    }

    private static Stream<Method> accessors(Class<?> type) {
        return JsonAccessors.of(type).filter(accessor -> !DERIVED.contains(accessor.getName()));
    }

    static Stream<Arguments> objects() {
        return OBJECTS.entrySet().stream().map(each -> Arguments.of(each.getKey(), each.getValue()));
    }

    @ParameterizedTest
    @MethodSource("objects")
    void json_hasEachAccessorOfEachTypeOfAQueue(Class<?> type, JsonObject object) {
        assertThat(accessors(type))
                .as("accessors of %s in its JSON form: add the new one to its JSON and to QUEUE.md", type)
                .isNotEmpty()
                .allSatisfy(accessor -> assertThat(object).containsKey(accessor.getName()));
    }

    @ParameterizedTest
    @MethodSource("objects")
    void json_eachTypeThatAnAccessorLeadsToIsKnown(Class<?> type, JsonObject object) {
        assertThat(JsonAccessors.typesOf(accessors(type), TEXTS)).isSubsetOf(OBJECTS.keySet());
    }

    @Test
    void json_valuesHaveTheirTypes() {
        assertThat(mail().toJson())
                .startsWith("{\"version\":1,\"id\":\"17\",\"queuedAt\":\"2026-03-01T08:30:00Z\",")
                .contains("\"subject\":\"M\\u00fcller\"", "\"size\":1234", "\"report\":\"one\\u000atwo\"")
                .matches("[ -~]+");
        assertThat(at(HISTORY, "/recipients/0").getString("fate")).isEqualTo("FAILED");
        assertThat(at(HISTORY, "/recipients/0/result").getInt("replyCode")).isEqualTo(550);
        assertThat(DESTINATION.getBoolean("paused")).isTrue();
    }

    @Test
    void json_whatDoesNotExistHasNoField() {
        QueueDestination quiet =
                new QueueDestination(ANNA.domain(), 0, Optional.empty(), true, Optional.empty(), Optional.empty());
        assertThat(quiet.toJson())
                .isEqualTo("{\"version\":1,\"domain\":\"example.org\",\"waiting\":0,\"paused\":true}");
    }

    /** A field is in the first column of a table below the heading, as code. */
    @Test
    void page_itsTablesHaveEveryFieldOfTheseTypes() throws IOException {
        Set<String> fields = new TreeSet<>(Set.of("version"));
        OBJECTS.forEach((type, object) -> accessors(type).map(Method::getName).forEach(fields::add));
        fields.addAll(Set.of("rule", "explanation"));
        accessors(RemoteMta.class).map(Method::getName).forEach(fields::remove); // REPORT.md has those
        String section = Files.readString(Path.of("QUEUE.md")).split("(?m)^## JSON$")[1];
        assertThat(Pattern.compile("(?m)^\\| `([A-Za-z]+)` \\|")
                        .matcher(section)
                        .results()
                        .map(row -> row.group(1))
                        .distinct())
                .containsAll(fields);
    }
}
