// SPDX-License-Identifier: Apache-2.0
package org.postroad.embedding.modules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postroad.api.Family;
import org.postroad.fixtures.FakeDnsServer;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.ReceivedMessage;
import org.postroad.fixtures.TestCertificates;
import org.postroad.fixtures.Transcript;

/**
 * Postroad's jars as modules: on the module path, in an image that jlink makes of everything, and on the module path of an image of the
 * JDK's modules. Each time, another JVM sends a message to two domains, one of which has TLS.
 */
class ModulePathTest {

    private static final String APPLICATION = "org.postroad.embedding.modules";

    /** The implementations of Jakarta Mail and Activation. The launcher finds them as services; jlink must be told. */
    private static final Set<String> SERVICES = Set.of("org.eclipse.angus.mail", "org.eclipse.angus.activation");

    /** What a direct send needs beside the JDK. */
    private static final Set<String> DIRECT = Set.of(
            APPLICATION,
            "org.postroad.provider",
            "org.postroad.api",
            "jakarta.mail",
            "jakarta.activation",
            "org.eclipse.angus.mail",
            "org.eclipse.angus.activation",
            "org.dnsjava",
            "org.slf4j",
            "com.ongres.scram.common",
            "com.ongres.saslprep",
            "com.ongres.stringprep");

    /** Scheduler of the queue. No module requires it, and it is not a service. */
    private static final String SCHEDULER = "com.github.kagkarlsson.scheduler";

    /** What the queue needs in addition. */
    private static final Set<String> QUEUE = Set.of(SCHEDULER, "org.xerial.sqlitejdbc");

    /** Elliptic curves, which most TLS servers want. Nothing requires the module, and since JDK 22 it is empty. */
    private static final String ELLIPTIC_CURVES = "jdk.crypto.ec";

    private static final Map<String, ModuleReference> AVAILABLE = modulesOfTheClassPath();

    @TempDir
    Path directory;

    private final Transcript transcript = new Transcript();
    private FakeDnsServer dns;
    private FakeSmtpServer plain;
    private FakeSmtpServer secured;

    private static Map<String, ModuleReference> modulesOfTheClassPath() {
        Map<String, ModuleReference> modules = new HashMap<>();
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Arrays.stream(path.split(File.pathSeparator))
                .flatMap(entry -> ModuleFinder.of(Path.of(entry)).findAll().stream())
                .forEach(module -> modules.put(module.descriptor().name(), module));
        return modules;
    }

    @BeforeEach
    void start() throws IOException {
        dns = FakeDnsServer.start("""
                plain.test.       MX 10 mx.plain.test.
                mx.plain.test.    A 192.0.2.1
                secured.test.     MX 10 mx.secured.test.
                mx.secured.test.  A 192.0.2.2
                """, transcript);
        plain = FakeSmtpServer.start("plain", Family.IPV4, transcript);
        secured = FakeSmtpServer.start("secured", Family.IPV4, transcript)
                .startTls(TestCertificates.create().serverContext("mx.secured.test"));
    }

    @AfterEach
    void stop() throws IOException {
        secured.close();
        plain.close();
        dns.close();
    }

    @Test
    void modulePath_sendsToTwoDomainsWithoutOptionalModules() throws Exception {
        String output = run(java(System.getProperty("java.home")), onModulePath(DIRECT), List.of(), "mx");
        assertDelivered(output);
        assertThat(modules(output)).containsAll(DIRECT).doesNotContainAnyElementsOf(optionalModules());
    }

    /** Possible because all of them are modules with a descriptor. */
    @Test
    void jlink_anImageOfEverythingSendsToTwoDomains() throws Exception {
        assertThat(automatic(DIRECT))
                .as("automatic modules, which jlink refuses")
                .isEmpty();
        Set<String> roots = new TreeSet<>(SERVICES);
        roots.addAll(List.of(APPLICATION, ELLIPTIC_CURVES));
        Path image = jlink(roots, onModulePath(DIRECT));
        String output = run(java(image.toString()), List.of(), List.of(), "mx");
        assertDelivered(output);
        assertThat(modules(output)).containsAll(DIRECT).doesNotContainAnyElementsOf(optionalModules());
    }

    /** With the queue, only the JDK can be in the image, because db-scheduler is an automatic module. */
    @Test
    void jlink_anImageOfTheJdkRunsTheQueueFromTheModulePath() throws Exception {
        assertThat(automatic(QUEUE)).containsExactly(SCHEDULER);
        Set<String> all = new TreeSet<>(DIRECT);
        all.addAll(QUEUE);
        List<String> path = onModulePath(all);
        Set<String> roots = new TreeSet<>(all);
        roots.add(ELLIPTIC_CURVES);
        Set<String> ofTheJdk =
                Configuration.empty().resolve(finder(all), ModuleFinder.ofSystem(), roots).modules().stream()
                        .map(ResolvedModule::name)
                        .filter(Predicate.not(all::contains))
                        .collect(Collectors.toCollection(TreeSet::new));
        Path image = jlink(ofTheJdk, List.of());
        String output = run(java(image.toString()), path, List.of(SCHEDULER), "mxqueue");
        assertThat(output).contains("drained:true");
        assertDelivered(output);
        assertThat(modules(output)).containsAll(QUEUE);
    }

    private static ModuleReference module(String name) {
        ModuleReference module = AVAILABLE.get(name);
        if (module == null) {
            throw new AssertionError("No module " + name + " is among " + AVAILABLE.keySet());
        }
        return module;
    }

    private static ModuleFinder finder(Set<String> names) {
        return ModuleFinder.of(onModulePath(names).stream().map(Path::of).toArray(Path[]::new));
    }

    private static List<String> onModulePath(Set<String> names) {
        return names.stream()
                .sorted()
                .map(name -> Path.of(module(name).location().orElseThrow()).toString())
                .toList();
    }

    private static Set<String> automatic(Set<String> names) {
        return names.stream()
                .filter(name -> module(name).descriptor().isAutomatic())
                .collect(Collectors.toSet());
    }

    /** What the provider uses only where it is present; the JDK and the implementation of Jakarta Mail are here anyway. */
    private static Set<String> optionalModules() {
        Set<String> optional = module("org.postroad.provider").descriptor().requires().stream()
                .filter(required -> required.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC))
                .map(ModuleDescriptor.Requires::name)
                .collect(Collectors.toCollection(HashSet::new));
        assertThat(optional.removeAll(SERVICES)).isTrue();
        optional.removeIf(name -> name.startsWith("jdk."));
        assertThat(optional).isNotEmpty();
        return optional;
    }

    private Path jlink(Iterable<String> roots, List<String> modulePath) {
        Path image = directory.resolve("image");
        List<String> arguments = new ArrayList<>(List.of(
                "--add-modules",
                String.join(",", roots),
                "--output",
                image.toString(),
                "--no-header-files",
                "--no-man-pages"));
        if (!modulePath.isEmpty()) {
            arguments.addAll(List.of("--module-path", String.join(File.pathSeparator, modulePath)));
        }
        int status = ToolProvider.findFirst("jlink")
                .orElseThrow(() -> new IllegalStateException("This JDK has no jlink"))
                .run(System.out, System.err, arguments.toArray(String[]::new));
        assertThat(status).as("jlink " + arguments).isZero();
        return image;
    }

    private static String java(String home) {
        return Path.of(home, "bin", "java").toString();
    }

    private String run(String java, List<String> modulePath, List<String> more, String protocol) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                java,
                "-Dmail.transport.protocol=" + protocol,
                "-Dmail.transport.protocol.rfc822=" + protocol,
                "-Dmail.from=sender@client.test",
                "-Dmail.mx.localhost=client.test",
                "-Dmail.mx.families=ipv4",
                "-Dmail.mx.addresses.allow=192.0.2.0/24",
                "-Dmail.mx.ownaddresses=none",
                "-Dmail.mx.dns.servers=127.0.0.1:" + dns.address(Family.IPV4).getPort(),
                "-D" + DocumentationNetwork.PORTS + "=192.0.2.1=" + plain.port() + ",192.0.2.2=" + secured.port()));
        if (protocol.equals("mxqueue")) {
            command.add("-Dmail.mx.queue.url=jdbc:sqlite:" + directory.resolve("queue.db"));
        }
        if (!modulePath.isEmpty()) {
            command.addAll(List.of("--module-path", String.join(File.pathSeparator, modulePath)));
        }
        if (!more.isEmpty()) {
            command.addAll(List.of("--add-modules", String.join(",", more)));
        }
        command.addAll(
                List.of("-m", APPLICATION + "/" + APPLICATION + ".SendOne", "one@plain.test", "two@secured.test"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), Charset.defaultCharset());
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private static List<String> modules(String output) {
        return output.lines()
                .filter(line -> line.startsWith("modules:"))
                .flatMap(line -> Stream.of(line.substring("modules:".length()).split(",")))
                .toList();
    }

    private void assertDelivered(String output) {
        assertThat(output.lines()).as(output + transcript).contains("sent");
        assertThat(plain.received()).singleElement().satisfies(message -> {
            assertThat(message.recipients()).singleElement().asString().contains("one@plain.test");
            assertThat(message.text()).contains("Subject: From a module");
        });
        assertThat(secured.received())
                .singleElement()
                .satisfies(message -> assertThat(message.recipients())
                        .singleElement()
                        .asString()
                        .contains("two@secured.test"))
                .matches(ReceivedMessage::encrypted, "over TLS");
    }
}
