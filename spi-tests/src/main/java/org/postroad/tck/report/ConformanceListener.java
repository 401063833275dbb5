// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck.report;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.postroad.tck.Options;
import org.postroad.tck.Requirement;
import org.postroad.tck.Skip;
import org.postroad.tck.Subjects;
import org.postroad.tck.Tck;
import org.postroad.tck.catalogue.Catalogue;
import org.postroad.tck.report.TestRun.Result;

/**
 * Writes the conformance reports of a run. The JUnit platform finds this listener by itself, without configuration. For each
 * implementer's class it writes {@code report.html}, {@code report.md} and {@code report.xml} to
 * {@code target/postroad-conformance/<class>/}, and a line to the console.
 */
public final class ConformanceListener implements TestExecutionListener {

    private static final String FOLDER = "postroad-conformance";

    private final Map<UniqueId, Long> started = new ConcurrentHashMap<>();
    private final Map<Class<?>, List<TestRun>> runs = new ConcurrentSkipListMap<>(Comparator.comparing(Class::getName));

    /** Called by the JUnit platform. */
    public ConformanceListener() {}

    /** A test of a requirement, and the implementer's class. */
    private record Tested(Class<?> subject, String id, String name) {}

    @Override
    public void executionStarted(TestIdentifier test) {
        started.put(test.getUniqueIdObject(), System.nanoTime());
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        tested(test).ifPresent(tested -> add(tested, Result.SKIPPED, Duration.ZERO, reason));
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        Long begun = started.remove(test.getUniqueIdObject());
        Duration took = begun == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - begun);
        tested(test).ifPresent(tested -> add(tested, resultOf(result), took, detailOf(result)));
    }

    private void add(Tested tested, Result result, Duration took, String detail) {
        runs.computeIfAbsent(tested.subject(), subject -> new CopyOnWriteArrayList<>())
                .add(new TestRun(tested.id(), tested.name(), result, took, detail));
    }

    private static Result resultOf(TestExecutionResult result) {
        return switch (result.getStatus()) {
            case SUCCESSFUL -> Result.PASSED;
            case FAILED -> Result.FAILED;
            case ABORTED ->
                result.getThrowable()
                        .filter(Skip.class::isInstance)
                        .map(skip -> resultOf(((Skip) skip).kind()))
                        .orElse(Result.SKIPPED);
        };
    }

    private static Result resultOf(Skip.Kind kind) {
        return switch (kind) {
            case WAIVED -> Result.WAIVED;
            case RELAXED -> Result.RELAXED;
            case NOT_DECLARED, NO_IPV6, NOT_ON_THIS_SYSTEM -> Result.SKIPPED;
        };
    }

    private static String detailOf(TestExecutionResult result) {
        return result.getThrowable()
                .map(thrown -> thrown.getMessage() == null ? thrown.toString() : thrown.getMessage())
                .orElse("");
    }

    /** Returns empty for everything that is not a test of a requirement. */
    private static Optional<Tested> tested(TestIdentifier test) {
        if (!(test.getSource().orElse(null) instanceof MethodSource source)
                || !source.getJavaMethod().isAnnotationPresent(Requirement.class)) {
            return Optional.empty();
        }
        String name = source.getMethodName();
        Optional<Class<?>> subject = test.getUniqueIdObject().getSegments().stream()
                .filter(segment -> segment.getType().equals("class"))
                .findFirst()
                .flatMap(segment ->
                        load(segment.getValue(), source.getJavaClass().getClassLoader()));
        return subject.flatMap(type -> Catalogue.idOf(name).map(id -> new Tested(type, id, name)));
    }

    private static Optional<Class<?>> load(String name, ClassLoader fallback) {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        for (ClassLoader loader : context == null ? List.of(fallback) : List.of(context, fallback)) {
            try {
                return Optional.of(Class.forName(name, false, loader));
            } catch (ClassNotFoundException notThisOne) {
                // Try the next class loader.
            }
        }
        return Optional.empty();
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        runs.forEach((subject, tests) -> report(conformance(subject, tests)));
        runs.clear();
    }

    private static Conformance conformance(Class<?> subject, List<TestRun> tests) {
        Class<?> suite = suite(subject);
        Set<String> seen = tests.stream().map(TestRun::name).collect(Collectors.toSet());
        List<TestRun> all = new ArrayList<>(tests);
        testMethods(suite)
                .filter(method -> !seen.contains(method.getName()))
                .forEach(method -> all.add(new TestRun(
                        Catalogue.idOf(method.getName()).orElseThrow(),
                        method.getName(),
                        Result.NOT_RUN,
                        Duration.ZERO,
                        "")));
        return new Conformance(
                subject.getName(),
                suite.getSimpleName(),
                Subjects.declarationOf(subject.getName()).orElse(new Subjects.Declaration(Set.of(), Map.of())),
                all,
                Environment.current(),
                Options.onlyMust());
    }

    /** Returns the suite of the class: the first of its superclasses that is in the catalogue. */
    private static Class<?> suite(Class<?> subject) {
        return Stream.<Class<?>>iterate(subject, type -> type != Tck.class, Class::getSuperclass)
                .filter(type -> !Catalogue.CURRENT.rowsOf(type.getSimpleName()).isEmpty())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(subject + " extends no suite of the catalogue"));
    }

    private static Stream<Method> testMethods(Class<?> suite) {
        return Stream.<Class<?>>iterate(suite, type -> type != Object.class, Class::getSuperclass)
                .flatMap(type -> Stream.concat(Stream.of(type), Arrays.stream(type.getDeclaredClasses())))
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Requirement.class));
    }

    private static void report(Conformance conformance) {
        Path folder = folder().resolve(conformance.subject());
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("report.html"), HtmlReport.of(conformance));
            Files.writeString(folder.resolve("report.md"), MarkdownReport.of(conformance));
            Files.writeString(folder.resolve("report.xml"), XmlReport.of(conformance));
        } catch (IOException e) {
            System.out.println("postroad-tck: the report cannot be written: " + e);
            return;
        }
        System.out.println("postroad-tck: " + conformance.verdict() + ", report: " + folder.resolve("report.html"));
    }

    private static Path folder() {
        String told = System.getProperty(Options.REPORT);
        if (told != null) {
            return Path.of(told);
        }
        boolean gradle = !Files.isDirectory(Path.of("target")) && Files.isDirectory(Path.of("build"));
        return Path.of(gradle ? "build" : "target", FOLDER);
    }
}
