// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.postroad.api.DestinationPace;
import org.postroad.api.DestinationPace.Limit;
import org.postroad.api.QueueActivity;
import org.postroad.api.QueueActivity.Interval;
import org.postroad.api.QueueShape;
import org.postroad.api.QueueShape.Counts;
import org.postroad.api.QueueStatistics;

/** The page of a queue: what waits by domain and age, the last day, the reasons of failures, and what limits each domain. */
final class QueuePage {

    private static final String CLASS = "class";
    private static final String LABEL = "data-label";
    private static final String SCOPE = "scope";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "d MMMM uuuu, HH:mm:ss 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter HOUR =
            DateTimeFormatter.ofPattern("HH:mm").withZone(ZoneOffset.UTC);

    /** Maximum number of domains whose pace is shown. */
    private static final int MAX_PACES = 40;

    /** How much of the colour the cell with the largest number has, in percent. */
    private static final int MAX_HEAT = 70;

    private final HtmlPage page = new HtmlPage("Mail queue");
    private final Snapshot snapshot;

    /**
     * What the page shows.
     *
     * @param at when it was read
     */
    record Snapshot(
            Instant at,
            QueueStatistics statistics,
            QueueShape shape,
            QueueActivity lastDay,
            List<DestinationPace> paces) {}

    private QueuePage(Snapshot snapshot) {
        this.snapshot = snapshot;
    }

    static HtmlPage of(Snapshot snapshot) {
        QueuePage page = new QueuePage(snapshot);
        page.page.open("article");
        page.header();
        page.lastDay();
        page.shape();
        page.reasons();
        page.paces();
        page.page.close();
        return page.page;
    }

    private void header() {
        Counts total = snapshot.shape().total();
        page.open("header").element("h1", "Mail queue");
        page.element("p", "Snapshot of " + TIME.format(snapshot.at()), CLASS, "soft small");
        page.open("p", CLASS, "badges");
        badge(snapshot.statistics().messages(), "messages", "note");
        badge(total.deliveries(), "deliveries", "note");
        badge(snapshot.shape().domains(), "domains", "note");
        badge(total.inProgress(), "in progress", "good");
        badge(total.held(), "held", "warn");
        badge(total.future(), "to be sent later", "note");
        page.close();
        snapshot.statistics()
                .oldest()
                .ifPresent(oldest -> page.element(
                        "p",
                        "The oldest message was queued " + Times.words(Duration.between(oldest, snapshot.at()))
                                + " ago.",
                        CLASS,
                        "soft"));
        page.close();
    }

    private void badge(long number, String what, String look) {
        if (number > 0) {
            page.element("span", number(number) + " " + what, CLASS, "badge " + look);
        }
    }

    // The last day

    private void lastDay() {
        List<Interval> hours = snapshot.lastDay().intervals();
        long most = hours.stream()
                .mapToLong(hour -> Math.max(hour.queued(), hour.delivered() + hour.failed() + hour.removed()))
                .max()
                .orElse(0);
        page.open("section").element("h2", "The last day");
        if (most == 0) {
            page.element("p", "Nothing was queued, delivered or given up.", CLASS, "card")
                    .close();
            return;
        }
        page.open("div", CLASS, "card");
        page.open("p", CLASS, "small legend");
        page.element("span", "queued " + number(sum(hours, Interval::queued)), CLASS, "key key-queued");
        page.element("span", "delivered " + number(sum(hours, Interval::delivered)), CLASS, "key key-delivered");
        page.element(
                "span",
                "given up or removed " + number(sum(hours, Interval::failed) + sum(hours, Interval::removed)),
                CLASS,
                "key key-failed");
        page.close();
        page.element(
                "p",
                "Messages queued and recipients settled in each hour, at most " + number(most),
                CLASS,
                "soft small");
        page.open("div", CLASS, "plot", "aria-hidden", "true");
        for (Interval hour : hours) {
            page.open("div", CLASS, "hour", "title", hour.toString());
            bars(most, hour);
            page.element("span", HOUR.format(hour.start()), CLASS, "soft").close();
        }
        page.close();
        page.open("details")
                .element("summary", "Numbers")
                .open("div", CLASS, "wide")
                .open("table");
        head("From", "Queued", "Delivered", "Given up", "Removed");
        page.open("tbody");
        for (Interval hour : hours) {
            page.open("tr").element("th", HOUR.format(hour.start()), SCOPE, "row");
            for (long value : new long[] {hour.queued(), hour.delivered(), hour.failed(), hour.removed()}) {
                page.element("td", number(value), CLASS, "number");
            }
            page.close();
        }
        page.close().close().close().close().close().close();
    }

    private void bars(long most, Interval hour) {
        page.open("div", CLASS, "pair");
        page.open("div", CLASS, "stack");
        bar("queued", hour.queued(), most);
        page.close().open("div", CLASS, "stack");
        bar("failed", hour.failed() + hour.removed(), most);
        bar("delivered", hour.delivered(), most);
        page.close().close();
    }

    private void bar(String look, long value, long most) {
        if (value > 0) {
            page.element("i", "", CLASS, look, "style", "height:" + percent(value, most) + "%");
        }
    }

    private static long sum(List<Interval> hours, ToLongFunction<Interval> value) {
        return hours.stream().mapToLong(value).sum();
    }

    // What waits

    private void shape() {
        QueueShape shape = snapshot.shape();
        page.open("section").element("h2", "What waits");
        if (shape.rows().isEmpty()) {
            page.element("p", "Nothing.", CLASS, "card").close();
            return;
        }
        page.element(
                "p",
                "Deliveries (a message to a domain) by domain and age. A stronger colour is more.",
                CLASS,
                "soft small");
        long most = shape.rows().stream()
                .flatMap(row -> row.counts().byAge().stream())
                .mapToLong(Long::longValue)
                .max()
                .orElse(1);
        page.open("div", CLASS, "wide").open("table", CLASS, "heat");
        page.open("thead").open("tr").element("th", "Domain", SCOPE, "col").element("th", "All", SCOPE, "col");
        for (int group = 0; group <= QueueShape.AGE_LIMITS.size(); group++) {
            page.element("th", age(group), SCOPE, "col");
        }
        page.close().close().open("tbody");
        shape.rows().forEach(row -> row(row.domain().toString(), row.counts(), most));
        if (shape.others().deliveries() > 0) {
            row(number(shape.domains() - shape.rows().size()) + " other domains", shape.others(), 0);
        }
        row("All", shape.total(), 0);
        page.close().close().close().close();
    }

    /** @param most the number that has the strongest colour; 0: no number has a colour */
    private void row(String name, Counts counts, long most) {
        page.open("tr").element("th", name, SCOPE, "row").element("td", number(counts.deliveries()), CLASS, "number");
        for (long value : counts.byAge()) {
            String heat = most == 0 || value == 0 ? "0" : String.valueOf(8 + (MAX_HEAT - 8) * value / most);
            page.element("td", value == 0 ? "" : number(value), CLASS, "number hot", "style", "--heat:" + heat + "%");
        }
        page.close();
    }

    private static String age(int group) {
        List<Duration> limits = QueueShape.AGE_LIMITS;
        return group < limits.size() ? "< " + shortest(limits.get(group)) : shortest(limits.get(group - 1)) + " +";
    }

    private static String shortest(Duration age) {
        long minutes = age.toMinutes();
        return minutes < 80
                ? minutes + " m"
                : String.format(Locale.ROOT, minutes % 60 == 0 ? "%.0f h" : "%.1f h", minutes / 60.0);
    }

    private void reasons() {
        QueueShape shape = snapshot.shape();
        if (shape.reasons().isEmpty()) {
            return;
        }
        page.open("section").element("h2", "Why it waits");
        page.open("div", CLASS, "table").open("table");
        head("Deliveries", "Reason", "Status", "Last answer", "For example");
        page.open("tbody");
        for (QueueShape.Reason reason : shape.reasons()) {
            page.open("tr").element("td", number(reason.deliveries()), CLASS, "number", LABEL, "Deliveries");
            page.open("td", LABEL, "Reason")
                    .element("span", reason.bounceClass().toString())
                    .close();
            page.open("td", LABEL, "Status")
                    .element("span", reason.status().toString(), CLASS, "mono")
                    .close();
            page.open("td", LABEL, "Last answer").element("span", reason.text()).close();
            page.open("td", LABEL, "For example")
                    .element("span", reason.example().map(Object::toString).orElse(""))
                    .close();
            page.close();
        }
        page.close().close().close();
        if (shape.otherReasons() > 0) {
            page.element(
                    "p", number(shape.otherReasons()) + " deliveries wait for other reasons.", CLASS, "soft small");
        }
        page.close();
    }

    // Pace

    private void paces() {
        List<DestinationPace> largest = snapshot.paces().stream()
                .sorted(Comparator.comparingLong((DestinationPace pace) ->
                        -pace.waiting().due() - pace.waiting().inProgress()))
                .limit(MAX_PACES)
                .toList();
        if (largest.isEmpty()) {
            return;
        }
        page.open("section").element("h2", "What limits each domain");
        page.element("p", "As the delivering processes measured it in their last interval.", CLASS, "soft small");
        page.open("div", CLASS, "table").open("table");
        head("Domain", "Due", "In progress", "Last minute", "Limited by");
        page.open("tbody");
        largest.forEach(this::pace);
        page.close().close().close();
        if (snapshot.paces().size() > largest.size()) {
            page.element(
                    "p", number(snapshot.paces().size() - largest.size()) + " more domains wait.", CLASS, "soft small");
        }
        page.close();
    }

    private void pace(DestinationPace pace) {
        page.open("tr").element("th", pace.domain().toString(), SCOPE, "row");
        page.element("td", number(pace.waiting().due()), CLASS, "number", LABEL, "Due");
        page.element("td", number(pace.waiting().inProgress()), CLASS, "number", LABEL, "In progress");
        page.element("td", number(pace.finishedInLastMinute()), CLASS, "number", LABEL, "Last minute");
        page.open("td", LABEL, "Limited by").open("div");
        page.element(
                "span",
                pace.binding() + pace.retryAt().map(at -> ", until " + at).orElse(""));
        if (!pace.settings().isEmpty()) {
            page.element("div", String.join(", ", pace.settings()), CLASS, "soft small mono");
        }
        if (!pace.shares().isEmpty()) {
            page.open("div", CLASS, "shares");
            pace.shares().forEach(this::share);
            page.close();
        }
        page.close().close().close();
    }

    private void share(Limit limit, double share) {
        long percent = Math.round(share * 100);
        if (percent > 0) {
            page.element(
                    "span",
                    percent + " % " + limit.name().toLowerCase(Locale.ROOT),
                    CLASS,
                    "small",
                    "title",
                    limit.toString());
        }
    }

    private void head(String... columns) {
        page.open("thead").open("tr");
        for (String column : columns) {
            page.element("th", column, SCOPE, "col");
        }
        page.close().close();
    }

    private static String percent(long value, long most) {
        return String.format(Locale.ROOT, "%.2f", 100.0 * value / most);
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
