// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every requirement that applies to a direct send or to an audit has a test whose name begins with its ID. */
class RequirementsTest {

    private static final Map<String, Integer> GROUPS =
            Map.of("LOOKUP", 9, "ORDER", 8, "ADDR", 5, "TRY", 8, "END", 6, "RELAY", 8, "AUDIT", 10);

    @Test
    void requirements_eachHasATest() {
        Set<String> tests = new ClassFileImporter()
                .importPackages("org.postroad.provider").stream()
                        .filter(type -> type.getSimpleName().endsWith("Test"))
                        .map(JavaClass::getMethods)
                        .flatMap(Set::stream)
                        .filter(RequirementsTest::isTest)
                        .map(JavaMethod::getName)
                        .collect(Collectors.toSet());
        assertThat(requirements())
                .hasSize(54)
                .allSatisfy(id -> assertThat(tests).as("tests for %s", id).anyMatch(name -> name.startsWith(id + "_")));
    }

    private static boolean isTest(JavaMethod method) {
        return method.getAnnotations().stream().anyMatch(annotation -> {
            String type = annotation.getRawType().getSimpleName();
            return type.equals("Test") || type.equals("ParameterizedTest") || type.equals("Property");
        });
    }

    private static Stream<String> ids(String group, int count) {
        return IntStream.rangeClosed(1, count).mapToObj(number -> String.format("%s_%02d", group, number));
    }

    private static Set<String> requirements() {
        return GROUPS.entrySet().stream()
                .flatMap(group -> ids(group.getKey(), group.getValue()))
                .collect(Collectors.toSet());
    }
}
