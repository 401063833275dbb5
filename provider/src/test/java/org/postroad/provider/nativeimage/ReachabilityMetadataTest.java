// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.nativeimage;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Session;
import jakarta.mail.URLName;
import java.io.IOException;
import java.lang.reflect.Executable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postroad.api.Domain;
import org.postroad.provider.MxProvider;

/** The metadata for native images in the jar has what the code and the registrations need, and nothing else. */
class ReachabilityMetadataTest {

    private static final String METADATA =
            "META-INF/native-image/org.postroad/postroad-provider/reachability-metadata.json";

    /**
     * Calls whose names the code does not show, and what they need. Empty: the names are the user's, or this test finds what is needed in
     * another way.
     */
    private static final Map<String, List<Needed>> UNCLEAR = Map.of(
            // Classes that properties name; applications register their own.
            "org.postroad.provider.internal.config.PropertyReader.instance -> Class.forName", List.of(),
            "org.postroad.provider.internal.config.PropertyReader.instance -> Class.getConstructor", List.of(),
            // The scripts of all databases are in resources().
            "org.postroad.provider.internal.queue.store.Dialect.statements -> Class.getResourceAsStream", List.of(),
            // The receiver is the type of an annotation that was found by this name.
            "org.postroad.provider.internal.engine.PluginDiscovery.priority -> Class.getMethod",
                    List.of(
                            new Needed.Type("jakarta.annotation.Priority"),
                            new Needed.Method("jakarta.annotation.Priority", "value", List.of())),
            // The bean is a DynamicMBean, which describes itself: JMX reads no class.
            "org.postroad.provider.internal.management.BeanRegistration.register -> MBeanServer.registerMBean",
                    List.of(),
            // The class comes from a record, which has the one that was found by this name.
            "org.postroad.provider.internal.queue.store.SpringTransactions.register -> Proxy.newProxyInstance",
                    List.of(new Needed.Proxy(
                            List.of("org.springframework.transaction.support.TransactionSynchronization"))));

    /** The first JDK with a method or type that is called where it exists. Older ones have none of that name. */
    private static final Map<String, Integer> NEWER_THAN_17 = Map.of(
            "java.lang.Thread$Builder", 21,
            "java.lang.Thread.ofVirtual", 21,
            "javax.net.ssl.SSLParameters.getNamedGroups", 20,
            "javax.net.ssl.SSLParameters.setNamedGroups", 20,
            // Newer than 25.
            "javax.net.ssl.ExtendedSSLSession.getNegotiatedNamedGroup", 26);

    private static Path classes;
    private static ReflectionScan scan;
    private static List<Needed> file;

    @BeforeAll
    static void readBytecodeAndMetadata() throws Exception {
        classes = location(MxProvider.class);
        scan = new ReflectionScan(classes);
        file = MetadataFile.read(classes.resolve(METADATA));
    }

    private static Path location(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    @Test
    void metadata_hasWhatTheCodeNeedsAndNothingElse() throws Exception {
        NavigableSet<Needed> needed = new TreeSet<>();
        scan.needed().stream().flatMap(ReachabilityMetadataTest::withDeclaring).forEach(needed::add);
        UNCLEAR.values().forEach(needed::addAll);
        needed.addAll(registrations());
        resources().map(Needed::resource).forEach(needed::addAll);
        assertThat(file).as(METADATA).doesNotHaveDuplicates();
        Set<Needed> missing = new TreeSet<>(needed);
        file.forEach(missing::remove);
        Set<Needed> surplus = new TreeSet<>(file);
        surplus.removeAll(needed);
        assertThat(Map.of("missing", missing, "surplus", surplus))
                .as(METADATA)
                .isEqualTo(Map.of("missing", Set.of(), "surplus", Set.of()));
    }

    /** A new call that is unclear needs a row in {@link #UNCLEAR}, a row without a call is old. */
    @Test
    void metadata_callsWithoutConstantNamesAreKnown() {
        assertThat(scan.unclear())
                .as("calls whose names the code does not show")
                .containsExactlyInAnyOrderElementsOf(UNCLEAR.keySet());
    }

    @Test
    void metadata_namesOnlyWhatExists() {
        assertThat(file.stream().filter(entry -> !exists(entry)).toList())
                .as("entries that name nothing")
                .isEmpty();
    }

    /** The types between provider and applications need no reflection at all. */
    @Test
    void metadata_theApiNeedsNone() throws Exception {
        Path api = location(Domain.class);
        if (Files.isDirectory(api)) {
            ReflectionScan other = new ReflectionScan(api);
            assertThat(other.unclear()).isEmpty();
            assertThat(other.needed()).isEmpty();
        }
    }

    /** A method is registered for the type that declares it. */
    private static Stream<Needed> withDeclaring(Needed needed) {
        if (needed instanceof Needed.Method method) {
            String declaring = find(method)
                    .map(executable -> executable.getDeclaringClass().getName())
                    .orElse(method.type());
            return Stream.of(
                    new Needed.Type(declaring), new Needed.Method(declaring, method.name(), method.parameters()));
        }
        return Stream.of(needed);
    }

    /** Classes that files in META-INF name, with the constructor that is called. */
    private static List<Needed> registrations() throws IOException {
        List<Needed> needed = new ArrayList<>();
        for (String path : resources().toList()) {
            if (path.startsWith("META-INF/services/")) {
                Files.readAllLines(classes.resolve(path)).forEach(type -> addConstructor(needed, type));
            } else if (path.endsWith(".providers")) {
                for (String line : Files.readAllLines(classes.resolve(path))) {
                    String type = line.replaceAll(".*class=([^;]+).*", "$1");
                    addConstructor(needed, type, Session.class.getName(), URLName.class.getName());
                }
            }
        }
        return needed;
    }

    private static void addConstructor(List<Needed> needed, String type, String... parameters) {
        needed.add(new Needed.Type(type));
        needed.add(new Needed.Method(type, "<init>", List.of(parameters)));
    }

    /** All files of the jar that are no classes and that something reads while a program runs. */
    private static Stream<String> resources() throws IOException {
        try (Stream<Path> files = Files.walk(classes)) {
            return files
                    .filter(Files::isRegularFile)
                    .map(path -> classes.relativize(path).toString().replace('\\', '/'))
                    .filter(path -> !path.endsWith(".class")
                            && !path.startsWith("META-INF/native-image/")
                            && !path.startsWith("META-INF/maven/")
                            && !path.equals("META-INF/MANIFEST.MF"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static boolean exists(Needed entry) {
        if (entry instanceof Needed.Resource resource) {
            return (resource.module().isEmpty() || resource.module().equals("org.postroad.provider"))
                    && Files.isRegularFile(classes.resolve(resource.path()));
        }
        if (entry instanceof Needed.Proxy proxy) {
            return proxy.interfaces().stream()
                    .allMatch(name -> type(name).filter(Class::isInterface).isPresent());
        }
        if (entry instanceof Needed.Method method) {
            return isExpected(method.type() + "." + method.name())
                    == find(method)
                            .filter(found -> found.getDeclaringClass().getName().equals(method.type()))
                            .isPresent();
        }
        String name = entry instanceof Needed.Type type ? type.name() : ((Needed.PublicMethods) entry).type();
        return isExpected(name) == type(name).isPresent();
    }

    /** Returns whether this JDK is to have it. */
    private static boolean isExpected(String name) {
        return NEWER_THAN_17.entrySet().stream()
                .filter(newer -> name.equals(newer.getKey()) || name.startsWith(newer.getKey() + "."))
                .allMatch(newer -> Runtime.version().feature() >= newer.getValue());
    }

    private static Optional<Class<?>> type(String name) {
        try {
            return Optional.of(Class.forName(name, false, ReachabilityMetadataTest.class.getClassLoader()));
        } catch (ClassNotFoundException e) {
            return Optional.empty();
        }
    }

    private static Optional<Executable> find(Needed.Method method) {
        return type(method.type())
                .flatMap(type -> (method.name().equals("<init>")
                                ? Arrays.<Executable>stream(type.getDeclaredConstructors())
                                : Stream.<Executable>concat(
                                        Arrays.stream(type.getDeclaredMethods()), Arrays.stream(type.getMethods())))
                        .filter(found -> method.name().equals("<init>")
                                || found.getName().equals(method.name()))
                        .filter(found -> Arrays.stream(found.getParameterTypes())
                                .map(Class::getTypeName)
                                .toList()
                                .equals(method.parameters()))
                        .findFirst());
    }
}
