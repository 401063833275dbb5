// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.api.BounceClass;
import org.postroad.api.DestinationPace;
import org.postroad.api.DestinationPace.Limit;
import org.postroad.api.Domain;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.QueueActivity;
import org.postroad.api.QueueShape;
import org.postroad.api.QueueShape.Counts;
import org.postroad.api.QueueStatistics;

/** The command {@code queue page}, and the page of a busy queue. */
@Timeout(300)
class QueuePageTest extends QueueCliTesting {

    private static final Instant NOW = Instant.parse("2026-03-01T14:30:00Z");

    private static Counts counts(long... byAge) {
        List<Long> numbers = new ArrayList<>();
        for (long number : byAge) {
            numbers.add(number);
        }
        return new Counts(numbers, 12, 3, 25);
    }

    private static QueueShape shape() {
        Domain big = Domain.parse("example.org");
        return new QueueShape(
                NOW,
                List.of(
                        new QueueShape.Row(big, counts(120, 340, 610, 1203, 80, 0, 0, 0, 0, 4)),
                        new QueueShape.Row(
                                Domain.parse("a-rather-long-domain-name.mail.example.com"),
                                counts(3, 0, 12, 7, 90, 230, 15, 0, 0, 0)),
                        new QueueShape.Row(Domain.parse("example.net"), counts(9, 4, 0, 0, 0, 0, 0, 1, 2, 31))),
                counts(140, 350, 640, 1230, 180, 240, 16, 2, 3, 40),
                27,
                List.of(
                        new QueueShape.Reason(
                                BounceClass.GREYLISTING,
                                EnhancedStatus.tryParse("4.7.1").orElseThrow(),
                                "Deferred by *: 451 4.7.1 Greylisting in action, please come back later",
                                1811,
                                Optional.of(big)),
                        new QueueShape.Reason(
                                BounceClass.MAILBOX_FULL,
                                EnhancedStatus.tryParse("4.2.2").orElseThrow(),
                                "Deferred by *: 452 4.2.2 * is over quota",
                                37,
                                Optional.of(Domain.parse("example.net")))),
                14);
    }

    private static QueueActivity lastDay() {
        List<QueueActivity.Interval> hours = new ArrayList<>();
        Instant start = NOW.minus(Duration.ofDays(1));
        for (int hour = 0; hour < 24; hour++) {
            long queued = 200 + 37L * hour * (24 - hour);
            hours.add(new QueueActivity.Interval(
                    start.plus(Duration.ofHours(hour)), queued, queued - 100, hour * 20L, hour == 5 ? 300 : 0));
        }
        return new QueueActivity(Duration.ofHours(1), hours);
    }

    private static DestinationPace pace(String domain, long due, Map<Limit, Double> shares, Limit binding) {
        return new DestinationPace(
                Domain.parse(domain),
                new DestinationPace.Waiting(due, 5, 90, 0),
                1,
                240,
                new EnumMap<>(shares),
                binding,
                binding.settings().stream().map(name -> name + "=5").toList(),
                binding == Limit.BACK_OFF ? Optional.of(NOW.plusSeconds(600)) : Optional.empty());
    }

    private static QueuePage.Snapshot busy() {
        return new QueuePage.Snapshot(
                NOW,
                new QueueStatistics(2790, Optional.of(NOW.minus(Duration.ofHours(31))), 0, 0, 0, 0),
                shape(),
                lastDay(),
                List.of(
                        pace("example.net", 12, Map.of(Limit.SERVER, 1.0), Limit.SERVER),
                        pace(
                                "example.org",
                                2300,
                                Map.of(Limit.CONCURRENCY, 0.94, Limit.DATABASE, 0.04, Limit.SERVER, 0.02),
                                Limit.CONCURRENCY),
                        pace(
                                "a-rather-long-domain-name.mail.example.com",
                                3,
                                Map.of(Limit.SERVER, 1.0),
                                Limit.BACK_OFF)));
    }

    @Test
    void page_ofABusyQueue() throws Exception {
        assertGolden("queue-page.html", new Result(0, QueuePage.of(busy()).toString(), ""));
    }

    @Test
    void page_isWrittenOfAQueueThatIsNotOpen() throws Exception {
        fill();
        Path page = folder.resolve("queue.html");
        Result result = queue("page", page.toString());
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).isEqualTo("Written to " + page + System.lineSeparator());
        assertThat(result.code()).isEqualTo(ExitCode.OK);
        assertThat(Files.readString(page))
                .contains(">6 messages<", ">1 held<", ">paused.test<", ">dual.test<", "greylisting")
                .doesNotContain("@dual.test", "@paused.test", "@client.test");
    }

    @Test
    void page_thatCannotBeWrittenIsAnErrorInOneLine() throws Exception {
        fill();
        Path page = folder.resolve("no/such/folder/queue.html");
        Result result = queue("page", page.toString());
        assertThat(result.err())
                .startsWith("postroad queue page: The page \"" + page + "\" cannot be written: ")
                .hasLineCount(1);
        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
    }
}
