// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A part of a page that a test generates. It is between {@code <!-- generated: name -->} and {@code <!-- end: name -->}.
 *
 * @param page the file
 * @param name the name in its comments
 */
record PageSection(Path page, String name) {

    /** Checks that the section has this content; writes it first if {@code postroad.pages.write} is true. */
    void assertContent(String content) throws IOException {
        String begin = "<!-- generated: " + name + " -->\n";
        String end = "\n<!-- end: " + name + " -->";
        String text = Files.readString(page);
        assertThat(text).as("%s", page).containsOnlyOnce(begin).containsOnlyOnce(end);
        int from = text.indexOf(begin) + begin.length();
        int to = text.indexOf(end);
        if (Boolean.getBoolean("postroad.pages.write")) {
            Files.writeString(page, text.substring(0, from) + content + text.substring(to));
        }
        assertThat(Files.readString(page))
                .as(
                        "section %s of %s; to write it: mvn -B -pl api,spi-tests,provider test -Dtest=ReportPageTest,WhyPageTest"
                                + " -Dpostroad.pages.write=true -Dsurefire.failIfNoSpecifiedTests=false",
                        name, page)
                .contains(begin + content + end);
    }
}
