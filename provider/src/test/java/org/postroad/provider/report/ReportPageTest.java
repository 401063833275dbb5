// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.report;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.json.stream.JsonGenerator;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page {@code REPORT.md}: its examples are what a report says, and it names every field of the JSON form. */
class ReportPageTest {

    private static final Path PAGE = Path.of("REPORT.md");

    @Test
    void page_theStoryIsWhatExplainReturns() throws IOException {
        new PageSection(PAGE, "explain")
                .assertContent("```\n" + SampleReport.example().explain() + "\n```");
    }

    @Test
    void page_theJsonIsWhatToJsonReturns() throws IOException {
        new PageSection(PAGE, "json")
                .assertContent("```json\n" + pretty(SampleReport.example().toJson()) + "\n```");
    }

    /** A field is in the first column of a table, as code. */
    @Test
    void page_itsTablesHaveEveryFieldAndNoOther() throws IOException {
        Set<String> fields = new TreeSet<>();
        collect(parse(SampleReport.everything("x").toJson()), fields);
        assertThat(Pattern.compile("(?m)^\\| `([A-Za-z]+)` \\|")
                        .matcher(Files.readString(PAGE))
                        .results()
                        .map((MatchResult row) -> row.group(1))
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(fields);
    }

    private static void collect(JsonValue value, Set<String> fields) {
        switch (value.getValueType()) {
            case OBJECT ->
                value.asJsonObject().forEach((name, inner) -> {
                    fields.add(name);
                    collect(inner, fields);
                });
            case ARRAY -> value.asJsonArray().forEach(inner -> collect(inner, fields));
            default -> {
                // has no fields
            }
        }
    }

    static JsonObject parse(String json) {
        return Json.createReader(new StringReader(json)).readObject();
    }

    private static String pretty(String json) {
        StringWriter text = new StringWriter();
        Json.createWriterFactory(Map.of(JsonGenerator.PRETTY_PRINTING, true))
                .createWriter(text)
                .write(parse(json));
        return text.toString().replace("    ", "  ").strip();
    }
}
