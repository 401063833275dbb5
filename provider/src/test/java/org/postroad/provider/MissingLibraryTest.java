// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Without a library, Postroad throws an exception that applications catch and that names the library to add. */
class MissingLibraryTest {

    /** What no CDI application needs to have. */
    private static final String[] CDI = {
        "jakarta.enterprise.", "jakarta.inject.", "jakarta.interceptor.", "org.eclipse.microprofile.", "org.jboss.weld."
    };

    @TempDir
    Path directory;

    /** The hidden classes that the last scenario looked for. */
    private Set<String> wanted = Set.of();

    /** Class loader with the same jars, except for hidden classes and resources. */
    private static final class Hiding extends URLClassLoader {

        private final String[] hidden;
        private final Set<String> wanted = ConcurrentHashMap.newKeySet();

        Hiding(String... hidden) {
            super(classPath(), ClassLoader.getPlatformClassLoader());
            this.hidden = hidden;
        }

        private static URL[] classPath() {
            String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
            return Stream.of(path.split(java.io.File.pathSeparator))
                    .map(Hiding::url)
                    .toArray(URL[]::new);
        }

        private static URL url(String path) {
            try {
                return Path.of(path).toUri().toURL();
            } catch (IOException e) {
                throw new IllegalStateException(path, e);
            }
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            for (String start : hidden) {
                if (name.startsWith(start)) {
                    wanted.add(name);
                    throw new ClassNotFoundException(name);
                }
            }
            return super.findClass(name);
        }

        @Override
        public @Nullable URL findResource(String name) {
            return isHidden(name) ? null : super.findResource(name);
        }

        @Override
        public Enumeration<URL> findResources(String name) throws IOException {
            return isHidden(name) ? Collections.emptyEnumeration() : super.findResources(name);
        }

        private boolean isHidden(String resource) {
            return Stream.of(hidden).anyMatch(resource::startsWith);
        }
    }

    /** Runs {@link MissingLibraryScenarios} without the hidden classes and returns its result. */
    private String run(String scenario, String... hidden) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (Hiding loader = new Hiding(hidden)) {
            thread.setContextClassLoader(loader);
            Class<?> type = loader.loadClass(MissingLibraryScenarios.class.getName());
            assertThat(type.getClassLoader()).isSameAs(loader);
            @SuppressWarnings("unchecked")
            Function<Map<String, String>, String> scenarios = (Function<Map<String, String>, String>)
                    type.getDeclaredConstructor().newInstance();
            String result = scenarios.apply(Map.of("scenario", scenario, "directory", directory.toString()));
            wanted = Set.copyOf(loader.wanted);
            return result;
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "org.xbill.DNS., dnsjava:dnsjava",
        "org.slf4j., org.slf4j:slf4j-api",
        "org.xbill.DNS.Message, dnsjava:dnsjava"
    })
    void dns_aMissingLibraryIsNamedAtConnectAndAtASend(String hidden, String cure) throws Exception {
        for (String scenario : List.of("connect mx", "send mx", "connect mxqueue", "send mxqueue", "open")) {
            assertThat(run(scenario, hidden))
                    .as(scenario)
                    .startsWith("MessagingException: ")
                    .contains(hidden.startsWith("org.slf4j") ? "slf4j" : "org", "add " + cure);
        }
    }

    /** With a resolver of the application the built-in one is not needed. */
    @ParameterizedTest
    @CsvSource({"org.xbill.DNS.", "org.slf4j."})
    void dns_dnsjavaIsNotNeededWithAnotherResolver(String hidden) throws Exception {
        assertThat(run("send with a resolver", hidden)).isEqualTo("sent");
    }

    @Test
    void queue_aMissingSchedulerOrDriverIsNamed() throws Exception {
        for (String scenario : List.of("connect mxqueue", "send mxqueue", "open")) {
            assertThat(run(scenario, "com.github.kagkarlsson."))
                    .startsWith("MessagingException: ")
                    .contains("com.github.kagkarlsson:db-scheduler");
            assertThat(run(scenario, "org.sqlite."))
                    .startsWith("MessagingException: ")
                    .contains("org.xerial:sqlite-jdbc");
        }
    }

    /** A class that an older version does not have. */
    @Test
    void queue_aSchedulerThatIsTooOldIsNamed() throws Exception {
        List<String> hidden = new ArrayList<>(List.of(
                "com.github.kagkarlsson.scheduler.SchedulerBuilder",
                "com.github.kagkarlsson.scheduler.task.ExecutionOperations",
                "com.github.kagkarlsson.scheduler.jdbc.DefaultJdbcCustomization"));
        for (String one : hidden) {
            assertThat(run("open", one))
                    .startsWith("MessagingException: ")
                    .contains(
                            "com.github.kagkarlsson:db-scheduler", "or later", one.substring(one.lastIndexOf('.') + 1));
        }
    }

    /** During a send, on a delivery thread: neither DEFERRED nor an Error. */
    @ParameterizedTest
    @CsvSource({
        "org.postroad.provider.internal.route.MxPreferenceLevels, the jars of Postroad",
        "org.postroad.provider.internal.route.MxRouting, the jars of Postroad",
        "org.postroad.provider.internal.deliver.TlsPolicyLookup, the jars of Postroad",
        "org.postroad.provider.internal.deliver.HostContact, the jars of Postroad"
    })
    void send_aLibraryMissingAtTheSendIsNamed(String hidden, String cure) throws Exception {
        assertThat(run("connect mx", hidden)).isEqualTo("connected");
        for (String scenario : List.of("send mx", "send to two")) {
            assertThat(run(scenario, hidden))
                    .as(scenario)
                    .startsWith("MessagingException: ")
                    .contains(hidden.substring(hidden.lastIndexOf('.') + 1), cure)
                    .doesNotContain("DEFERRED");
        }
    }

    /** The message stays in the queue, however often it is retried. */
    @ParameterizedTest
    @ValueSource(strings = "org.postroad.provider.internal.route.MxPreferenceLevels")
    void queue_keepsItsMailIfALibraryIsMissingAtDelivery(String hidden) throws Exception {
        assertThat(run("queue", hidden))
                .contains("waiting 1", "failed 0", "4.3.5", hidden.substring(hidden.lastIndexOf('.') + 1));
    }

    @Test
    void cdi_withoutItsLibrariesOnlyTheirAbsenceIsNoticed() throws Exception {
        assertThat(run("send with a resolver", CDI)).isEqualTo("sent");
        assertThat(wanted).containsExactly("jakarta.enterprise.inject.spi.CDI");
        assertThat(run("connect mxqueue", CDI)).isEqualTo("connected");
        assertThat(wanted).containsExactly("jakarta.enterprise.inject.spi.CDI");
        assertThat(run("built-in implementations", CDI))
                .isEqualTo("BuiltInMailDns[] BuiltInConnector[] BuiltInRelaySelector[] BuiltInAddressOrder[]");
    }

    @Test
    void observations_withoutMicrometerNothingLooksForIt() throws Exception {
        assertThat(run("send with a resolver", "io.micrometer.")).isEqualTo("sent");
        assertThat(wanted).isEmpty();
    }

    @Test
    void cdi_withoutMicroProfileConfigTheSettingsAreSystemProperties() throws Exception {
        System.setProperty("mail.mx.localhost", "system.test");
        try {
            assertThat(run("container", "org.eclipse.microprofile.", "io.smallrye."))
                    .startsWith("localhost system.test,");
            assertThat(run("container", "META-INF/services/org.eclipse.microprofile."))
                    .startsWith("localhost system.test,");
        } finally {
            System.clearProperty("mail.mx.localhost");
        }
    }

    /** As in class loaders of servers. */
    @Test
    void cdi_theSessionNeedsNoRegistrationOfProviders() throws Exception {
        assertThat(run(
                        "container",
                        "META-INF/services/jakarta.mail.Provider",
                        "META-INF/jakarta.providers",
                        "META-INF/javamail.providers"))
                .endsWith("MxTransport, MxQueueTransport");
    }

    /** The jar may be there without Jakarta Mail's implementation. No Session is made for an application that does not want one. */
    @Test
    void cdi_anApplicationWithoutSettingsNeedsNoImplementationOfJakartaMail() throws Exception {
        assertThat(run("container", "org.eclipse.angus."))
                .startsWith("started: ")
                .contains("StreamProvider");
    }

    @Test
    void send_unusedLibrariesAreNotNeeded() throws Exception {
        assertThat(run(
                        "connect mx",
                        "com.github.kagkarlsson.",
                        "org.sqlite.",
                        "com.ongres.",
                        "jakarta.json.",
                        "com.ibm."))
                .isEqualTo("connected");
    }
}
