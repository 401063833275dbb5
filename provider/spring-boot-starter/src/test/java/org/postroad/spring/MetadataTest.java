// SPDX-License-Identifier: Apache-2.0
package org.postroad.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The metadata with which an editor completes the properties are those of the page of settings. */
class MetadataTest {

    private static final Path SETTINGS = Path.of("../SETTINGS.md");
    private static final Path METADATA = Path.of("src/main/resources/META-INF/spring-configuration-metadata.json");

    /** Name, type, default, values, description. */
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| <a id=\"[^\"]+\"></a>`([^`]+)` \\| (.*?) \\| (.*?) \\| (.*?) \\| (.*) \\|$");

    private static final String HEAD = """
            {
              "properties": [
                {
                  "name": "management.health.mailqueue.enabled",
                  "type": "java.lang.Boolean",
                  "description": "Whether to show the health of the mail queue.",
                  "defaultValue": true
                },
                {
                  "name": "postroad.observations.enabled",
                  "type": "java.lang.Boolean",
                  "description": "Whether to observe sends of mail, if there is an ObservationRegistry and mail.mx.listener is not set.",
                  "defaultValue": true
                },
            """;

    private static final String TAIL = """
              ],
              "hints": [
                {
                  "name": "spring.mail.protocol",
                  "values": [
                    {
                      "value": "mx",
                      "description": "Deliver to the mail exchangers of the recipients while send waits."
                    },
                    {
                      "value": "mxqueue",
                      "description": "Store in a durable queue and deliver from there."
                    },
                    {
                      "value": "smtp"
                    },
                    {
                      "value": "smtps"
                    }
                  ]
                }
              ]
            }
            """;

    private static String metadata() throws IOException {
        List<String> properties = new ArrayList<>();
        for (MatchResult row : ROW.matcher(Files.readString(SETTINGS)).results().toList()) {
            String type = row.group(2);
            String description =
                    plain(row.group(5)) + " Values: " + plain(row.group(4)) + ". Default: " + plain(row.group(3)) + ".";
            properties.add("    {\n      \"name\": \"spring.mail.properties." + row.group(1)
                    + "\",\n      \"type\": \"java.lang."
                    + (type.equals("flag") ? "Boolean" : type.equals("number") ? "Integer" : "String")
                    + "\",\n      \"description\": \""
                    + description.replace("\\", "\\\\").replace("\"", "\\\"") + "\"\n    }");
        }
        return HEAD + String.join(",\n", properties) + "\n" + TAIL;
    }

    /** Without the links and marks of Markdown. */
    private static String plain(String text) {
        return text.replaceAll("\\[([^]]*)]\\(#[^)]*\\)", "$1").replaceAll("[`*]", "");
    }

    @Test
    void metadata_hasEachSettingOfThePage() throws IOException {
        String metadata = metadata();
        if (Boolean.getBoolean("postroad.pages.write")) {
            Files.writeString(METADATA, metadata);
        }
        assertThat(Pattern.compile("spring\\.mail\\.properties\\.mail\\.mx\\.")
                        .matcher(metadata)
                        .results()
                        .count())
                .as("settings that could be read")
                .isEqualTo(Files.readString(SETTINGS)
                        .lines()
                        .filter(line -> line.startsWith("| <a id="))
                        .count())
                .isPositive();
        assertThat(METADATA)
                .as("to write it: the command for generated pages in CONTRIBUTING.md")
                .hasContent(metadata);
    }
}
