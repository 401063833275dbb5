// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The suites on JUnit 5.10, the oldest that they promise to run on: in a JVM that has nothing newer. */
@Timeout(180)
class OldestJUnitTest {

    /** Put there by the build. */
    private static final Path CONSOLE = Path.of("target", "oldest-junit", "junit-platform-console-standalone.jar");

    @TempDir
    Path folder;

    private record Ended(int status, String said) {}

    private Ended run(String... selectors) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-D" + Options.REPORT + "=" + folder,
                "-jar",
                CONSOLE.toString(),
                "execute",
                "--disable-banner",
                "--details=summary",
                "--class-path=" + classPathWithoutJUnit()));
        command.addAll(List.of(selectors));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), said);
    }

    private static String classPathWithoutJUnit() {
        String junit = File.separator + "org" + File.separator + "junit" + File.separator;
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains(junit))
                .collect(Collectors.joining(File.pathSeparator));
    }

    @Test
    void junit510_theReferencesPassAndAreReported() throws Exception {
        Ended ended =
                run("--select-package=org.postroad.tck", "--include-classname=org\\.postroad\\.tck\\.Reference.*Test");
        assertThat(ended.said()).contains("0 tests failed");
        assertThat(ended.status()).as(ended.said()).isZero();
        assertThat(ended.said().lines().filter(line -> line.startsWith("postroad-tck: ")))
                .hasSameSizeAs(Gallery.all())
                .noneMatch(line -> line.contains("partial"));
    }

    @Test
    void junit510_aBrokenOneFailsWithTheWholeStory() throws Exception {
        Ended ended = run("--select-class=" + AddressOrderGallery.NamesOneTwice.class.getName());
        assertThat(ended.status()).isNotZero();
        assertThat(ended.said())
                .contains("SORT-01 (MUST)", "expected:", "observed:", "postroad-tck: 3/4 MUST")
                .doesNotContain("NoSuchMethodError", "NoClassDefFoundError");
    }
}
