// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that the pages show name profiles, modules, properties and tests that exist. */
class ContributingTest {

    private static final Path ROOT = Path.of("..");

    private static Set<String> found(String regex, String text) {
        return Pattern.compile(regex)
                .matcher(text)
                .results()
                .flatMap(match -> Stream.of(match.group(1).split(",")))
                .map(name -> name.replace("'", "").replaceFirst("^!", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Path> files(String ending) throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file ->
                            file.toString().endsWith(ending) && !file.toString().contains("/target/"))
                    .toList();
        }
    }

    private static String contents(List<Path> files) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path file : files) {
            text.append(Files.readString(file));
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CONTRIBUTING.md",
                "README.md",
                "samples/cluster/README.md",
                "samples/outbox/README.md",
                "samples/spring-boot/README.md",
                "samples/custom-spi/README.md",
                "samples/webapp/README.md"
            })
    void pages_commandsReferToExistingTestsAndModules(String page) throws IOException {
        String text = Files.readString(ROOT.resolve(page));
        List<Path> sources = files(".java");
        String poms = contents(files("pom.xml"));
        String readers = poms + contents(sources);
        SoftAssertions.assertSoftly(names -> {
            names.assertThat(found("[ `]-P([\\w-]+)", text))
                    .as("profiles in %s, each in a POM", page)
                    .filteredOn(profile -> !poms.contains("<id>" + profile + "</id>"))
                    .isEmpty();
            names.assertThat(found("[ `]-pl ([^ `]+)", text))
                    .as("modules in %s, each a directory with a POM", page)
                    .filteredOn(module -> !Files.exists(ROOT.resolve(module).resolve("pom.xml")))
                    .isEmpty();
            names.assertThat(found("[ `=]-D(postroad[\\w.]+)", text))
                    .as("properties in %s, each read by a POM or a class", page)
                    .filteredOn(property -> !readers.contains(property))
                    .isEmpty();
            names.assertThat(found("-D(?:test|postroad\\.fuzz\\.target)='?([\\w,]+)\\b(?!\\*)", text))
                    .as("tests in %s, each a class", page)
                    .filteredOn(test -> sources.stream().noneMatch(source -> source.endsWith(test + ".java")))
                    .isEmpty();
        });
    }
}
