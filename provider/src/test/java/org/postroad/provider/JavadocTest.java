// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The part of the check "missing" of doclint that the project wants. Doclint has no switch for that part alone: with it come demands
 * for {@code @param} tags that only repeat a name.
 */
class JavadocTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../api/src/main/java/org/postroad/api",
                "../api/src/main/java/org/postroad/spi",
                "src/main/java/org/postroad/provider"
            })
    void exportedPackages_documentedMethodsSayWhatTheyReturn(String directory, @TempDir Path classes)
            throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("-proc:none", "-Xdoclint:missing/protected", "-Xmaxwarns", "9999"));
        arguments.addAll(List.of("-d", classes.toString(), "-classpath", System.getProperty("java.class.path")));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of(directory), "*.java")) {
            files.forEach(file -> arguments.add(file.toString()));
        }
        StringWriter text = new StringWriter();
        PrintWriter output = new PrintWriter(text);
        int status =
                ToolProvider.findFirst("javac").orElseThrow().run(output, output, arguments.toArray(String[]::new));
        assertThat(status).as(text::toString).isZero();
        assertThat(text.toString().lines().filter(line -> line.matches(".*\\.java:\\d+: .*@return.*")))
                .isEmpty();
    }
}
