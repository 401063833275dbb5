// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.nativeimage;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaStaticInitializer;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Static initialisers may run when a native image is built (Quarkus does so), on another machine and once for all processes. So they
 * create nothing that belongs to one process: random seeds, threads, sockets, time stamps, names of hosts, what the environment says.
 */
class StaticInitializersTest {

    /** Types that a static initialiser does not use at all. */
    private static final Set<String> TYPES = Set.of(
            "java.io.File",
            "java.io.RandomAccessFile",
            "java.lang.ProcessBuilder",
            "java.lang.ProcessHandle",
            "java.lang.Runtime",
            "java.lang.Thread",
            "java.lang.management.ManagementFactory",
            "java.lang.ref.Cleaner",
            "java.net.DatagramSocket",
            "java.net.NetworkInterface",
            "java.net.ServerSocket",
            "java.net.Socket",
            "java.nio.channels.DatagramChannel",
            "java.nio.channels.Selector",
            "java.nio.channels.ServerSocketChannel",
            "java.nio.channels.SocketChannel",
            "java.nio.file.Files",
            "java.security.KeyPairGenerator",
            "java.security.SecureRandom",
            "java.util.Date",
            "java.util.Random",
            "java.util.SplittableRandom",
            "java.util.Timer",
            "java.util.concurrent.CompletableFuture",
            "java.util.concurrent.Executors",
            "java.util.concurrent.ForkJoinPool",
            "java.util.concurrent.ScheduledThreadPoolExecutor",
            "java.util.concurrent.ThreadLocalRandom",
            "java.util.concurrent.ThreadPoolExecutor",
            "java.util.random.RandomGenerator",
            "java.util.random.RandomGeneratorFactory",
            "javax.naming.InitialContext",
            "javax.net.ssl.SSLContext");

    /** Methods of other types. */
    private static final Map<String, Set<String>> METHODS = Map.ofEntries(
            Map.entry(
                    "java.lang.System",
                    Set.of("currentTimeMillis", "nanoTime", "getenv", "getProperty", "getProperties")),
            Map.entry("java.lang.Boolean", Set.of("getBoolean")),
            Map.entry("java.lang.Integer", Set.of("getInteger")),
            Map.entry("java.lang.Long", Set.of("getLong")),
            Map.entry("java.lang.Math", Set.of("random")),
            Map.entry("java.net.InetAddress", Set.of("getLocalHost", "getByName", "getAllByName")),
            Map.entry("java.nio.charset.Charset", Set.of("defaultCharset")),
            Map.entry("java.time.ZoneId", Set.of("systemDefault")),
            Map.entry("java.util.Locale", Set.of("getDefault")),
            Map.entry("java.util.TimeZone", Set.of("getDefault")),
            Map.entry("java.util.UUID", Set.of("randomUUID")));

    /** Methods of which a static initialiser keeps a reference that it does not call. */
    private static final Set<String> KEPT_FOR_LATER = Set.of(
            // The queues call it when one is opened.
            "org.postroad.provider.QueueBean.register(java.lang.String, java.util.Properties, org.postroad.provider.internal.queue.QueueControl)",
            // The tables of the bean call them when they are read.
            "org.postroad.provider.QueueTables.secondsSince(java.util.Optional)",
            "org.postroad.provider.QueueTables.secondsUntil(java.util.Optional)");

    private static final Set<JavaClass> CLASSES = Set.copyOf(new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.postroad.api", "org.postroad.spi", "org.postroad.provider"));

    /** Lambdas and references to methods count as called: many are, as in {@code list.forEach(Type::check)}. */
    @Test
    void staticInitializers_createNothingThatBelongsToOneProcess() {
        List<String> found = CLASSES.stream()
                .flatMap(type -> type.getStaticInitializer().stream())
                .flatMap(StaticInitializersTest::violations)
                .sorted()
                .toList();
        assertThat(found)
                .as("Static initialisers that may run when an image is built. Create it at first use, or for each use")
                .isEmpty();
    }

    private static Stream<String> violations(JavaStaticInitializer initializer) {
        List<String> found = new ArrayList<>();
        Set<JavaCodeUnit> seen = new HashSet<>(Set.of(initializer));
        Deque<JavaCodeUnit> open = new ArrayDeque<>(seen);
        while (!open.isEmpty()) {
            JavaCodeUnit unit = open.pop();
            accesses(unit).forEach(access -> {
                if (isForbidden(access)) {
                    found.add(initializer.getOwner().getName() + ": " + access.getDescription());
                }
                access.getTarget()
                        .resolveMember()
                        .filter(JavaCodeUnit.class::isInstance)
                        .map(JavaCodeUnit.class::cast)
                        .filter(called -> CLASSES.contains(called.getOwner()))
                        .filter(called -> !KEPT_FOR_LATER.contains(called.getFullName()))
                        .filter(seen::add)
                        .ifPresent(open::push);
            });
        }
        return found.stream();
    }

    private static Stream<JavaAccess<?>> accesses(JavaCodeUnit unit) {
        return Stream.of(
                        unit.getCallsFromSelf(),
                        unit.getMethodReferencesFromSelf(),
                        unit.getConstructorReferencesFromSelf())
                .flatMap(Set::stream);
    }

    private static boolean isForbidden(JavaAccess<?> access) {
        String type = access.getTargetOwner().getName();
        String method = access.getTarget().getName();
        return TYPES.contains(type)
                || METHODS.getOrDefault(type, Set.of()).contains(method)
                || (type.startsWith("java.time.") && method.equals("now"));
    }
}
