// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Stream;

/**
 * The shape of a queue at one time: its deliveries by domain and age, as Postfix's {@code qshape} prints them, and by the reason of the last
 * failure. A delivery is one message to one domain, whatever its number of recipients.
 */
public final class QueueShape {

    /**
     * The version of the format of {@link #toJson()}. A version gets more fields and more values of enumerations, but no field of it is
     * removed or changes its type or meaning.
     */
    public static final int JSON_VERSION = 1;

    /**
     * The limits of the ages, in ascending order: 5, 10, 20, 40, 80, 160, 320, 640 and 1280 minutes. The first group is younger than the
     * first limit, each of the others is not younger than the limit before, and the last group, after all limits, has no limit.
     */
    public static final List<Duration> AGE_LIMITS = Stream.iterate(5, minutes -> 2 * minutes)
            .limit(9)
            .map(Duration::ofMinutes)
            .toList();

    private final Instant at;
    private final List<Row> rows;
    private final Counts total;
    private final long domains;
    private final List<Reason> reasons;
    private final long otherReasons;

    /**
     * Creates a shape.
     *
     * @param at the time of the snapshot
     * @param rows the domains with the most deliveries, in descending order
     * @param total the deliveries to all domains
     * @param domains the number of all domains
     * @param reasons the most frequent reasons, in descending order
     * @param otherReasons the number of deliveries that failed for other reasons
     */
    public QueueShape(Instant at, List<Row> rows, Counts total, long domains, List<Reason> reasons, long otherReasons) {
        this.at = at;
        this.rows = List.copyOf(rows);
        this.total = total;
        this.domains = domains;
        this.reasons = List.copyOf(reasons);
        this.otherReasons = otherReasons;
    }

    /** {@return the time of the snapshot} */
    public Instant at() {
        return at;
    }

    /** {@return the domains with the most deliveries, in descending order of their number} */
    public List<Row> rows() {
        return rows;
    }

    /** {@return the deliveries to all domains} */
    public Counts total() {
        return total;
    }

    /** {@return the number of all domains with deliveries} */
    public long domains() {
        return domains;
    }

    /** {@return the deliveries to the domains that have no row: together with the rows, they are the total} */
    public Counts others() {
        Counts others = total;
        for (Row row : rows) {
            others = others.minus(row.counts());
        }
        return others;
    }

    /**
     * {@return the most frequent reasons of last failures, in descending order of their number} Deliveries of which no attempt has ended have
     * none, and those whose last attempt was made by an earlier version of Postroad.
     */
    public List<Reason> reasons() {
        return reasons;
    }

    /** {@return the number of deliveries whose last attempt failed for another reason} */
    public long otherReasons() {
        return otherReasons;
    }

    /** Numbers of deliveries. */
    public static final class Counts {

        private final List<Long> byAge;
        private final long held;
        private final long future;
        private final long inProgress;

        /**
         * Creates counts.
         *
         * @param byAge the numbers by age: one more than {@link #AGE_LIMITS}
         * @throws IllegalArgumentException if it has another size
         */
        public Counts(List<Long> byAge, long held, long future, long inProgress) {
            if (byAge.size() != AGE_LIMITS.size() + 1) {
                throw new IllegalArgumentException(
                        "There are " + (AGE_LIMITS.size() + 1) + " groups of ages, not " + byAge.size());
            }
            this.byAge = List.copyOf(byAge);
            this.held = held;
            this.future = future;
            this.inProgress = inProgress;
        }

        /** {@return no deliveries} */
        public static Counts none() {
            return new Counts(Collections.nCopies(AGE_LIMITS.size() + 1, 0L), 0, 0, 0);
        }

        /** {@return the number of deliveries, of any state} */
        public long deliveries() {
            return byAge.stream().mapToLong(Long::longValue).sum();
        }

        /** {@return the same deliveries by the time since they were queued, one number more than {@link QueueShape#AGE_LIMITS}} */
        public List<Long> byAge() {
            return byAge;
        }

        /** {@return how many of them are held} */
        public long held() {
            return held;
        }

        /** {@return how many of them the application wants to be sent later} */
        public long future() {
            return future;
        }

        /** {@return how many of them are in progress} */
        public long inProgress() {
            return inProgress;
        }

        private Counts minus(Counts other) {
            List<Long> rest = new ArrayList<>();
            for (int i = 0; i < byAge.size(); i++) {
                rest.add(byAge.get(i) - other.byAge.get(i));
            }
            return new Counts(rest, held - other.held, future - other.future, inProgress - other.inProgress);
        }

        private List<Long> columns() {
            return Stream.of(List.of(deliveries()), byAge, List.of(held, future, inProgress))
                    .flatMap(List::stream)
                    .toList();
        }

        private JsonObject addTo(JsonObject json) {
            return json.with("deliveries", deliveries())
                    .with("byAge", byAge)
                    .with("held", held)
                    .with("future", future)
                    .with("inProgress", inProgress);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Counts that
                    && byAge.equals(that.byAge)
                    && held == that.held
                    && future == that.future
                    && inProgress == that.inProgress;
        }

        @Override
        public int hashCode() {
            return Objects.hash(byAge, held, future, inProgress);
        }

        @Override
        public String toString() {
            return "Counts[byAge=" + byAge + ", held=" + held + ", future=" + future + ", inProgress=" + inProgress
                    + "]";
        }
    }

    /** The deliveries to one domain. */
    public static final class Row {

        private final Domain domain;
        private final Counts counts;

        /** Creates a row. */
        public Row(Domain domain, Counts counts) {
            this.domain = domain;
            this.counts = counts;
        }

        /** {@return the domain} */
        public Domain domain() {
            return domain;
        }

        /** {@return the deliveries to it} */
        public Counts counts() {
            return counts;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Row that && domain.equals(that.domain) && counts.equals(that.counts);
        }

        @Override
        public int hashCode() {
            return Objects.hash(domain, counts);
        }

        @Override
        public String toString() {
            return domain + " " + counts;
        }
    }

    /** Deliveries whose last attempt failed for the same reason. */
    public static final class Reason {

        /** Maximum length of the text, in characters. */
        public static final int MAX_TEXT = 120;

        private final BounceClass bounceClass;
        private final EnhancedStatus status;
        private final String text;
        private final long deliveries;
        private final Optional<Domain> example;

        /** Creates a reason. */
        public Reason(
                BounceClass bounceClass,
                EnhancedStatus status,
                String text,
                long deliveries,
                Optional<Domain> example) {
            this.bounceClass = bounceClass;
            this.status = status;
            this.text = text;
            this.deliveries = deliveries;
            this.example = example;
        }

        /** {@return the class} */
        public BounceClass bounceClass() {
            return bounceClass;
        }

        /** {@return the enhanced status code} */
        public EnhancedStatus status() {
            return status;
        }

        /**
         * {@return the explanation, with at most {@value #MAX_TEXT} characters; {@code *} stands for words that differ between deliveries, such
         * as addresses and the ids that servers give}
         */
        public String text() {
            return text;
        }

        /** {@return the number of deliveries} */
        public long deliveries() {
            return deliveries;
        }

        /** {@return one of their domains; empty if its name cannot be read} */
        public Optional<Domain> example() {
            return example;
        }

        private JsonObject json() {
            return new JsonObject()
                    .with("bounceClass", bounceClass)
                    .with("status", status.toString())
                    .with("text", text)
                    .with("deliveries", deliveries)
                    .with("example", example.map(Domain::toString));
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Reason that
                    && bounceClass == that.bounceClass
                    && status.equals(that.status)
                    && text.equals(that.text)
                    && deliveries == that.deliveries
                    && example.equals(that.example);
        }

        @Override
        public int hashCode() {
            return Objects.hash(bounceClass, status, text, deliveries, example);
        }

        /** {@return {@code 1203 mailbox full 4.2.2: ... (example.org)}} */
        @Override
        public String toString() {
            return deliveries + " " + bounceClass + " " + status + ": " + Printable.clean(text)
                    + example.map(domain -> " (" + domain + ")").orElse("");
        }
    }

    /** {@return this shape as one line of JSON (RFC 8259), of ASCII characters; documented in {@code provider/QUEUE.md}} */
    public String toJson() {
        return new JsonObject()
                .with("version", JSON_VERSION)
                .with("at", at.toString())
                .with(
                        "ageLimitsMinutes",
                        AGE_LIMITS.stream().map(Duration::toMinutes).toList())
                .with("total", total.addTo(new JsonObject()))
                .with(
                        "rows",
                        rows.stream()
                                .map(row -> row.counts()
                                        .addTo(new JsonObject()
                                                .with("domain", row.domain().toString())))
                                .toList())
                .with("others", others().addTo(new JsonObject()))
                .with("domains", domains)
                .with("reasons", reasons.stream().map(Reason::json).toList())
                .with("otherReasons", otherReasons)
                .toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof QueueShape that
                && at.equals(that.at)
                && rows.equals(that.rows)
                && total.equals(that.total)
                && domains == that.domains
                && reasons.equals(that.reasons)
                && otherReasons == that.otherReasons;
    }

    @Override
    public int hashCode() {
        return Objects.hash(at, rows, total, domains, reasons, otherReasons);
    }

    /**
     * {@return a table as {@code qshape} prints it, then a line for each reason} Columns are the number of deliveries, T, those younger than 5,
     * 10, ... minutes and those of 1280 minutes and more, and how many are held, to be sent later, and in progress.
     */
    @Override
    public String toString() {
        List<List<String>> table = new ArrayList<>();
        List<String> heading = new ArrayList<>(List.of("", "T"));
        AGE_LIMITS.forEach(limit -> heading.add(String.valueOf(limit.toMinutes())));
        heading.add(AGE_LIMITS.get(AGE_LIMITS.size() - 1).toMinutes() + "+");
        heading.addAll(List.of("held", "later", "now"));
        table.add(heading);
        table.add(line("TOTAL", total));
        rows.forEach(row -> table.add(line(row.domain().toString(), row.counts())));
        if (domains > rows.size()) {
            table.add(line((domains - rows.size()) + " others", others()));
        }
        StringJoiner text = new StringJoiner("\n");
        aligned(table).forEach(text::add);
        if (!reasons.isEmpty()) {
            text.add("").add("Last failures:");
            reasons.forEach(reason -> text.add("  " + reason));
            if (otherReasons > 0) {
                text.add("  " + otherReasons + " for other reasons");
            }
        }
        return text.toString();
    }

    private static List<String> line(String name, Counts counts) {
        return Stream.concat(Stream.of(name), counts.columns().stream().map(String::valueOf))
                .toList();
    }

    private static List<String> aligned(List<List<String>> table) {
        int[] widths = new int[table.get(0).size()];
        for (List<String> cells : table) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], cells.get(column).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> cells : table) {
            StringJoiner line = new StringJoiner(" ");
            for (int column = 0; column < widths.length; column++) {
                line.add(" ".repeat(widths[column] - cells.get(column).length()) + cells.get(column));
            }
            lines.add(line.toString());
        }
        return lines;
    }
}
