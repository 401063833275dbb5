// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The settings in the code, in the reference (package documentation) and on its page ({@code SETTINGS.md}) are the same. */
class SettingsReferenceTest {

    private static final Path SOURCE = Path.of("src/main/java/org/postroad/provider/package-info.java");
    private static final Path PAGE = Path.of("SETTINGS.md");

    private static SettingsPage reference() throws IOException {
        return SettingsPage.of(Files.readString(SOURCE));
    }

    private static Set<String> inCode() {
        return PropertyNames.NAMES.stream().map("mail.mx."::concat).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void reference_hasEachSettingOfTheCodeAndNoOther() throws IOException {
        assertThat(reference().rows())
                .extracting(SettingsPage.Row::name)
                .as("settings in " + SOURCE + " compared with those in the code")
                .containsExactlyInAnyOrderElementsOf(inCode());
        assertThat(reference().rows())
                .as("rows that can be read")
                .hasSize(reference().rowCount());
    }

    @Test
    void reference_eachSettingHasTypeDefaultValuesAndDescription() throws IOException {
        Set<String> types = new TreeSet<>(reference().types());
        types.add("object");
        types.add("list of durations");
        assertThat(reference().rows()).allSatisfy(row -> {
            assertThat(Arrays.asList(row.type().split(" or ")))
                    .as("type of %s", row.name())
                    .isSubsetOf(types);
            assertThat(row.standard()).as("default of %s", row.name()).isNotBlank();
            assertThat(row.values()).as("values of %s", row.name()).isNotBlank();
            assertThat(row.description()).as("description of %s", row.name()).isNotBlank();
        });
    }

    @Test
    void page_isUpToDate() throws IOException {
        String page = reference().markdown();
        if (Boolean.getBoolean("postroad.pages.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE)
                .as("to write it: mvn -B -pl api,spi-tests,provider test -Dtest=SettingsReferenceTest"
                        + " -Dpostroad.pages.write=true -Dsurefire.failIfNoSpecifiedTests=false")
                .hasContent(page);
    }

    @Test
    void page_hasAnAnchorForEachSetting() throws IOException {
        assertThat(Pattern.compile("(?m)^\\| <a id=\"([^\"]+)\"></a>`\\1` \\|")
                        .matcher(Files.readString(PAGE))
                        .results()
                        .map(row -> row.group(1)))
                .containsExactlyInAnyOrderElementsOf(inCode());
    }

    /** Other pages may link to a setting, which must be there. */
    @Test
    void page_linksToItLeadToASetting() throws IOException {
        try (Stream<Path> pages =
                Files.find(Path.of(".."), 3, (path, file) -> path.toString().endsWith(".md"))) {
            for (Path page : pages.toList()) {
                assertThat(Pattern.compile("\\(#(mail\\.mx\\.[^)]*)\\)|SETTINGS\\.md#([^)\\s]*)")
                                .matcher(Files.readString(page))
                                .results()
                                .map(link -> link.group(1) != null ? link.group(1) : link.group(2)))
                        .as("links to settings in %s", page)
                        .isSubsetOf(inCode());
            }
        }
    }
}
