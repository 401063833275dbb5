// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.postroad.tck.catalogue.Catalogue;
import org.postroad.tck.catalogue.Row;

/**
 * Tests the conformance tests: every broken implementation fails exactly its requirements, and every requirement detects at
 * least one.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Matrix {

    /** A suite mostly waits, and each of its tests has its own fixtures. */
    private static final Map<String, String> AT_ONCE = Map.of(
            "junit.jupiter.execution.parallel.enabled", "true",
            "junit.jupiter.execution.parallel.mode.default", "concurrent",
            "junit.jupiter.execution.parallel.config.strategy", "fixed",
            "junit.jupiter.execution.parallel.config.fixed.parallelism", "4");

    /** Factors for the time limits, tried one after the other. */
    private static final int[] PATIENCE = {1, 5, 25};

    private final List<Gallery> galleries;

    Matrix(List<Gallery> galleries) {
        this.galleries = galleries;
    }

    Stream<Broken> everybody() {
        return galleries.stream().flatMap(gallery -> gallery.broken().stream());
    }

    Stream<Gallery> galleries() {
        return galleries.stream();
    }

    /**
     * Broken implementations have short time limits. On a busy machine too many or too few tests fail then, so the run is
     * repeated with more time.
     */
    @ParameterizedTest
    @MethodSource("everybody")
    void matrix_eachBrokenImplementationIsCaughtByExactlyItsRequirements(Broken broken) {
        List<Event> failed = List.of();
        Set<String> caughtBy = Set.of();
        for (int patience : PATIENCE) {
            failed = run(broken.type(), patience);
            caughtBy = failed.stream().map(Matrix::id).collect(Collectors.toCollection(TreeSet::new));
            System.out.println(
                    "broken: " + broken.name() + " -> " + String.join(" ", caughtBy) + ", patience " + patience);
            if (caughtBy.equals(broken.ids())) {
                break;
            }
        }
        String described = describe(failed);
        assertThat(caughtBy).as(() -> described).isEqualTo(new TreeSet<>(broken.ids()));
        assertThat(failed)
                .allSatisfy(event -> assertThat(failure(event))
                        .isInstanceOf(RequirementFailure.class)
                        .hasMessageStartingWith(id(event) + " (")
                        .hasMessageContainingAll("source:", "expected:", "observed:", "look at:", "transcript:"));
    }

    @ParameterizedTest
    @MethodSource("galleries")
    void matrix_eachRequirementCatchesABrokenImplementation(Gallery gallery) {
        Set<String> killers = gallery.broken().stream()
                .flatMap(broken -> broken.ids().stream())
                .collect(Collectors.toSet());
        Set<String> testable = Catalogue.CURRENT.rowsOf(gallery.suite().getSimpleName()).stream()
                .filter(Row::isTested)
                .map(Row::id)
                .collect(Collectors.toSet());
        assertThat(killers).isEqualTo(testable);
    }

    private static List<Event> run(Class<?> type, int patience) {
        Optional<String> before = Optional.ofNullable(System.setProperty(Options.PATIENCE, String.valueOf(patience)));
        try {
            return EngineTestKit.engine("junit-jupiter")
                    .selectors(selectClass(type))
                    .configurationParameters(AT_ONCE)
                    .execute()
                    .testEvents()
                    .failed()
                    .list();
        } finally {
            before.ifPresentOrElse(
                    value -> System.setProperty(Options.PATIENCE, value), () -> System.clearProperty(Options.PATIENCE));
        }
    }

    private static String id(Event event) {
        String name = event.getTestDescriptor().getDisplayName();
        return Catalogue.idOf(name.substring(0, name.indexOf('('))).orElseThrow();
    }

    private static Throwable failure(Event event) {
        return event.getRequiredPayload(TestExecutionResult.class)
                .getThrowable()
                .orElseThrow();
    }

    /** Returns the failure messages. */
    static String describe(List<Event> failed) {
        return failed.stream().map(event -> failure(event).getMessage()).collect(Collectors.joining("\n"));
    }
}
