// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.samples.cli.TextOutput.Look;

/** The parts of which output is made. */
class OutputTest {

    private final StringWriter text = new StringWriter();
    private final PrintWriter writer = new PrintWriter(text, true);

    @ParameterizedTest
    @CsvSource({
        "PT-5S, 0 s", "PT0S, 0 s", "PT59.9S, 59 s", "PT60S, 1 m", "PT61S, 1 m 1 s", "PT59M59S, 59 m 59 s",
        "PT1H59S, 1 h", "PT2H5M, 2 h 5 m", "PT23H59M59S, 23 h 59 m", "P1D, 1 d", "P3DT4H59M, 3 d 4 h", "P400D, 400 d"
    })
    void times_theTwoLargestUnits(Duration duration, String words) {
        assertThat(Times.words(duration)).isEqualTo(words);
    }

    @Test
    void table_numbersAreOnTheRightAndControlCharactersEscaped() {
        Table table = new Table(new TextOutput(writer, false), "NAME", ">SIZE", "REST");
        table.print();
        table.row(Look.PLAIN, "a\u001b[31m", "7", "x");
        table.row(Look.PLAIN, "b", "12345", "");
        table.print();
        table.row(Look.PLAIN, "a longer name", "1", "y");
        table.print();
        assertThat(text.toString().replace(System.lineSeparator(), "\n")).isEqualTo("""
                NAME          SIZE  REST
                a\\u001b[31m      7  x
                b            12345
                a longer name      1  y
                """);
    }

    @Test
    void json_isOneLineOfAscii() {
        assertThat(new JsonLine()
                        .with("a", "\u00fc\"\\\n")
                        .with("b", 7)
                        .with("c", true)
                        .with("d", List.of("x", "y"))
                        .toString())
                .isEqualTo("{\"a\":\"\\u00fc\\\"\\\\\\u000a\",\"b\":7,\"c\":true,\"d\":[\"x\",\"y\"]}");
    }

    @Test
    void progress_onATerminalAfterHalfASecond() {
        AtomicLong clock = new AtomicLong();
        Progress progress = new Progress(writer, true, clock::get);
        progress.show("early");
        progress.end();
        assertThat(text.toString()).isEmpty();
        clock.set(Duration.ofMillis(500).toNanos());
        progress.show("5 held");
        progress.show("6 held"); // too soon
        progress.end();
        progress.end();
        assertThat(text.toString()).isEqualTo("\r\u001b[K5 held\r\r\u001b[K");
    }

    @Test
    void progress_nothingElsewhere() {
        AtomicLong clock = new AtomicLong();
        Progress progress = new Progress(writer, false, clock::get);
        clock.set(Duration.ofSeconds(10).toNanos());
        progress.show("5 held");
        progress.end();
        assertThat(text.toString()).isEmpty();
    }
}
