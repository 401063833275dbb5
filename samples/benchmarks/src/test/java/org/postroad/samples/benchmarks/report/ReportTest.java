// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.samples.benchmarks.measure.Series;

/** The tables and goals of the page, and how it is renewed. */
@NullMarked
class ReportTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "53, 53",
        "0.0123456, 0.0123",
        "1.2345, 1.23",
        "999.4, 999",
        "2657.49, 2657",
        "12345.6, 12346",
        "100, 100",
        "2.50, 2.5",
        "1000, 1000",
        "-0.5, -0.5",
        "0.9999, 1"
    })
    void numbersHaveThreeDigits(double number, String text) {
        assertThat(Numbers.text(number)).isEqualTo(text);
    }

    @Test
    void aSeriesShowsItsSpread() {
        assertThat(Numbers.text(new Series(List.of(3.0, 1.0, 2.0)))).isEqualTo("2 (1 to 3)");
    }

    @Test
    void tablesAreMarkdownInColumns() {
        Table table = new Table(List.of("A", "Long head"), List.of(List.of("first", "x"), List.of("b", "y")));
        assertThat(table.markdown()).isEqualTo("""
                | A     | Long head |
                |-------|-----------|
                | first | x         |
                | b     | y         |
                """);
    }

    @Test
    void aRowThatIsTooShortIsRefused() {
        assertThatThrownBy(() -> new Table(List.of("A", "B"), List.of(List.of("x"))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void goalsAreReachedAtTheirLimit() {
        assertThat(Goal.atLeast("f", 1.5, 1.5, "").reached()).isTrue();
        assertThat(Goal.atLeast("f", 1.5, 1.49, "").reached()).isFalse();
        assertThat(Goal.atMost("f", 300, 300, " ms").reached()).isTrue();
        assertThat(Goal.atMost("f", 300, 301, " ms").reached()).isFalse();
        assertThat(Goal.count("f", 2, 2).reached()).isTrue();
        assertThat(Goal.count("f", 2, 2.33).reached()).isFalse();
        assertThat(Goal.table(List.of(Goal.atMost("f", 300, 301, " ms"))).rows())
                .containsExactly(List.of("f", "at most 300 ms", "301 ms", "**no**"));
    }

    @Test
    void aRenewedPageKeepsTheHandwrittenText() {
        String page = "before\n" + Page.BEGIN + "old\n" + Page.END + "after\n";
        String renewed = Page.renew(page, "new");
        assertThat(renewed).isEqualTo("before\n" + Page.BEGIN + "\nnew\n" + Page.END + "after\n");
        assertThat(Page.renew(renewed, "new")).isEqualTo(renewed);
        assertThatThrownBy(() -> Page.renew("no marks", "new")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void thePageHasEveryGoalAndEverySection() {
        Findings one = new Findings(
                "One",
                "A remark.",
                new Table(List.of("A"), List.of(List.of("cell"))),
                List.of(Goal.count("a count", 1, 5)));
        assertThat(Page.measured(List.of(one)))
                .contains("processors", "JDK ", "### Targets", "a count", "**no**", "### One", "A remark.", "cell");
    }
}
