// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Rules for types within a package. A type is a top-level type with everything nested in it. {@link ArchitectureTest} has the rules
 * between packages.
 */
class TypeRulesTest {

    private static final List<JavaClass> CLASSES = new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("org.postroad.api", "org.postroad.spi", "org.postroad.provider")
                    .stream()
                    .filter(type -> !type.getSimpleName().equals("package-info"))
                    .toList();

    /** A sealed type may know its permitted subtypes: together they are one definition. */
    @Test
    void types_ofAPackageDoNotDependOnEachOtherInACircle() {
        Map<String, Map<String, String>> graph = graph();
        List<String> circles = new ArrayList<>();
        Set<String> shown = new HashSet<>();
        for (String type : graph.keySet()) {
            List<String> circle = shortestCircle(graph, type);
            if (!circle.isEmpty() && Collections.disjoint(shown, circle)) {
                shown.addAll(circle);
                circles.add(description(graph, circle));
            }
        }
        assertThat(circles)
                .as(
                        "Circles. Move what leads back to the type where it belongs, or to one of its own, or put a small interface beside the"
                                + " lower type")
                .isEmpty();
    }

    /** Readers and stack traces say the simple name. */
    @Test
    void types_ofTheProviderHaveDifferentSimpleNames() {
        Map<String, Set<String>> names = CLASSES.stream()
                .filter(type -> type.getPackageName().startsWith("org.postroad.provider"))
                .filter(type -> !type.isAnonymousClass()
                        && !type.isLocalClass()
                        && !type.getSimpleName().isEmpty())
                .collect(Collectors.groupingBy(
                        JavaClass::getSimpleName,
                        TreeMap::new,
                        Collectors.mapping(TypeRulesTest::shortName, Collectors.toCollection(TreeSet::new))));
        names.values().removeIf(types -> types.size() == 1);
        assertThat(names.values()).as("types with the same simple name").isEmpty();
    }

    /** For each type, the other types of its package that it depends on, and one place where it does. */
    private static Map<String, Map<String, String>> graph() {
        Map<String, Map<String, String>> graph = new TreeMap<>();
        for (JavaClass type : CLASSES) {
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                if (target.getPackageName().equals(type.getPackageName())
                        && !topLevel(type).equals(topLevel(target))
                        && !permits(dependency.getOriginClass(), target)) {
                    graph.computeIfAbsent(topLevel(type), name -> new TreeMap<>())
                            .putIfAbsent(topLevel(target), dependency.getDescription());
                }
            }
        }
        return graph;
    }

    private static boolean permits(JavaClass type, JavaClass target) {
        Class<?> sealed = type.reflect();
        return sealed.isSealed() && List.of(sealed.getPermittedSubclasses()).contains(target.reflect());
    }

    private static String topLevel(JavaClass type) {
        return type.getName().replaceFirst("\\$.*", "");
    }

    private static String shortName(JavaClass type) {
        return type.getName().replace("org.postroad.provider.", "").replace('$', '.');
    }

    /** Returns the types of a shortest circle through the type, which is the first one; empty if there is no circle. */
    private static List<String> shortestCircle(Map<String, Map<String, String>> graph, String start) {
        Map<String, String> cameFrom = new LinkedHashMap<>();
        Deque<String> next = new ArrayDeque<>(List.of(start));
        while (!next.isEmpty()) {
            String type = next.remove();
            for (String target : graph.getOrDefault(type, Map.of()).keySet()) {
                if (target.equals(start)) {
                    return pathTo(type, start, cameFrom);
                }
                if (cameFrom.putIfAbsent(target, type) == null) {
                    next.add(target);
                }
            }
        }
        return List.of();
    }

    private static List<String> pathTo(String end, String start, Map<String, String> cameFrom) {
        List<String> path = new ArrayList<>();
        for (String type = end; !type.equals(start); type = cameFrom.getOrDefault(type, start)) {
            path.add(0, type);
        }
        path.add(0, start);
        return path;
    }

    private static String description(Map<String, Map<String, String>> graph, List<String> circle) {
        StringBuilder text = new StringBuilder("\n");
        for (int i = 0; i < circle.size(); i++) {
            String type = circle.get(i);
            String target = circle.get((i + 1) % circle.size());
            String place = graph.getOrDefault(type, Map.of()).getOrDefault(target, "");
            text.append("  ")
                    .append(i == 0 ? type : simple(type))
                    .append(" -> ")
                    .append(simple(target));
            text.append(": ")
                    .append(place.replaceAll("org\\.postroad\\.[a-z.]*", ""))
                    .append('\n');
        }
        return text.toString();
    }

    private static String simple(String type) {
        return type.substring(type.lastIndexOf('.') + 1);
    }
}
