// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.tck.catalogue.Catalogue;
import org.postroad.tck.catalogue.RequirementsPage;
import org.postroad.tck.catalogue.Row;

/** The catalogue and the suites contain the same requirements. */
class CatalogueTest {

    private static final Path PAGE = Path.of("REQUIREMENTS.md");

    static Stream<Class<? extends Tck>> suites() {
        return Gallery.all().stream().map(Gallery::suite);
    }

    /** Returns the tests of the suite, of its superclasses, and of their nested classes. */
    private static Stream<Method> tests(Class<?> suite) {
        return Stream.<Class<?>>iterate(suite, Tck.class::isAssignableFrom, Class::getSuperclass)
                .flatMap(link -> Stream.concat(Stream.of(link), Arrays.stream(link.getDeclaredClasses())))
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Requirement.class));
    }

    @ParameterizedTest
    @MethodSource("suites")
    void catalogue_eachTestedRowHasATestAndEachTestARow(Class<? extends Tck> suite) {
        Set<String> tested = tests(suite)
                .map(method -> Catalogue.idOf(method.getName()).orElse("a test without an ID: " + method))
                .collect(Collectors.toSet());
        Set<String> rows = Catalogue.CURRENT.rowsOf(suite.getSimpleName()).stream()
                .filter(Row::isTested)
                .map(Row::id)
                .collect(Collectors.toSet());
        assertThat(tested).isEqualTo(rows);
    }

    /** A nested class with the name of one in a superclass would hide that one's tests. */
    @ParameterizedTest
    @MethodSource("suites")
    void catalogue_eachGroupHasItsOwnName(Class<? extends Tck> suite) {
        assertThat(Stream.<Class<?>>iterate(suite, Tck.class::isAssignableFrom, Class::getSuperclass)
                        .flatMap(link -> Arrays.stream(link.getDeclaredClasses()))
                        .filter(type -> type.isAnnotationPresent(Nested.class))
                        .map(Class::getSimpleName))
                .doesNotHaveDuplicates();
    }

    @Test
    void catalogue_eachTestedRowNamesASuite() {
        Set<String> names = suites().map(Class::getSimpleName).collect(Collectors.toSet());
        assertThat(Catalogue.CURRENT.rows()).allSatisfy(row -> {
            assertThat(row.text()).isNotBlank();
            assertThat(row.intent()).isNotBlank();
            assertThat(row.source()).isNotBlank();
            assertThat(row.since()).matches("\\d+\\.\\d+\\.\\d+");
            if (row.isTested()) {
                assertThat(names).contains(row.suite());
            } else {
                assertThat(row.suite()).isEqualTo("-");
            }
        });
    }

    @Test
    void catalogue_itsPageIsUpToDate() throws IOException {
        String page = RequirementsPage.of(Catalogue.CURRENT);
        if (Boolean.getBoolean("postroad.pages.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE)
                .as("to write it: mvn -pl api,spi-tests test -Dtest=CatalogueTest -Dpostroad.pages.write=true"
                        + " -Dsurefire.failIfNoSpecifiedTests=false")
                .hasContent(page);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "END-04\tMUST\tKM 3",
                "END-4\tMUST\tKM 3\ttext\twhy\ttestable\t-\tSuite\t0.1.0",
                "END-04\tPERHAPS\tKM 3\ttext\twhy\ttestable\t-\tSuite\t0.1.0",
                "END-04\tMUST\tKM 3\ttext\twhy\ttestable\tflying\tSuite\t0.1.0",
                "END-04\tMUST\tKM 3\ttext\twhy\ttestable\t-\tSuite\t0.1.0\nEND-04\tMUST\tKM 3\ttext\twhy\ttestable\t-\tSuite\t0.1.0"
            })
    void catalogue_aRowThatCannotBeReadIsNamed(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Catalogue.parse(text))
                .withMessageContaining("END-");
    }
}
