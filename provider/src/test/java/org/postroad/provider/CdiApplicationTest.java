// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.se.SeContainer;
import jakarta.enterprise.inject.se.SeContainerInitializer;
import jakarta.enterprise.util.AnnotationLiteral;
import jakarta.inject.Inject;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;
import java.lang.management.ManagementFactory;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.management.ObjectName;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.HostName;
import org.postroad.api.RecordType;
import org.postroad.provider.internal.cdi.MailBeans;
import org.postroad.spi.MailDns;

/** An application in a CDI container: beans of Postroad, and a queue that is opened and closed with the application. */
@Timeout(300)
class CdiApplicationTest extends TransportTesting {

    /** The settings of the running test. */
    private static Properties given = new Properties();

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();

    @TempDir
    Path directory;

    /** Selects the beans of Postroad. */
    @SuppressWarnings("ClassExplicitlyAnnotation")
    static final class MxLiteral extends AnnotationLiteral<Mx> implements Mx {

        static final MxLiteral MX = new MxLiteral();

        private static final long serialVersionUID = 1;
    }

    /** The settings of the application. */
    @ApplicationScoped
    public static class Configuration {
        @Produces
        @Mx
        Properties settings() {
            return given;
        }
    }

    /** Settings once more. */
    @ApplicationScoped
    public static class OtherConfiguration extends Configuration {
        @Produces
        @Mx
        Properties otherSettings() {
            return given;
        }
    }

    /** A Session of the application, such as one from JNDI. */
    @ApplicationScoped
    public static class OwnSession {
        @Produces
        @Alternative
        @Priority(1)
        @Mx
        Session session() {
            return Session.getInstance(given);
        }
    }

    /** What an application does with the beans. */
    @ApplicationScoped
    public static class Application {

        static final AtomicReference<String> AT_THE_END = new AtomicReference<>("");

        @Inject
        @Mx
        Session session;

        @Inject
        Instance<MailQueue> queue;

        Session session() {
            return session;
        }

        void end(@Observes @BeforeDestroyed(ApplicationScoped.class) Object event) {
            AT_THE_END.set("messages: " + queue.get().size());
        }
    }

    /** Asks for the queue when it is destroyed. */
    @ApplicationScoped
    public static class Late {

        static final AtomicReference<@Nullable Throwable> FAILURE = new AtomicReference<>();

        @Inject
        Instance<MailQueue> queue;

        String answer() {
            return "";
        }

        @PreDestroy
        void end() {
            try {
                queue.get();
            } catch (RuntimeException e) {
                FAILURE.set(e);
            }
        }
    }

    /** Counts the questions that go to the built-in resolver. */
    @ApplicationScoped
    public static class CountingDns implements MailDns {

        static final AtomicInteger QUESTIONS = new AtomicInteger();

        private final MailDns builtIn;

        CountingDns() {
            this.builtIn = this;
        }

        @Inject
        CountingDns(BuiltInMailDns builtIn) {
            this.builtIn = builtIn;
        }

        @Override
        public <R> DnsAnswer<R> query(HostName name, RecordType<R> type, Deadline deadline)
                throws InterruptedException {
            QUESTIONS.incrementAndGet();
            return builtIn.query(name, type, deadline);
        }
    }

    /** A source that does not list its names, as that of environment variables lists other ones. */
    public static class UnlistedSetting implements ConfigSource {
        @Override
        public Set<String> getPropertyNames() {
            return Set.of();
        }

        @Override
        public @Nullable String getValue(String name) {
            return name.equals("mail.mx.maxmx") ? "3" : null;
        }

        @Override
        public String getName() {
            return "unlisted";
        }
    }

    @BeforeEach
    void configure() {
        properties.setProperty("mail.mx.queue.url", "jdbc:sqlite:" + directory.resolve("queue.db"));
        given = properties;
        CountingDns.QUESTIONS.set(0);
        Application.AT_THE_END.set("");
    }

    @AfterEach
    void restoreLoader() {
        Thread.currentThread().setContextClassLoader(before);
    }

    private static SeContainer container(Class<?>... beans) {
        return SeContainerInitializer.newInstance()
                .disableDiscovery()
                .addBeanClasses(MailBeans.class)
                .addBeanClasses(beans)
                .initialize();
    }

    private void useTheQueue() {
        properties.setProperty("mail.transport.protocol", "mxqueue");
        properties.setProperty("mail.transport.protocol.rfc822", "mxqueue");
    }

    private MimeMessage message(Session session, String... recipients) throws Exception {
        MimeMessage message = new MimeMessage(session, message(recipients).getInputStream());
        message.setFrom("me@client.test");
        message.setRecipients(MimeMessage.RecipientType.TO, String.join(",", recipients));
        return message;
    }

    private static boolean isAQueueOpen() throws Exception {
        return !ManagementFactory.getPlatformMBeanServer()
                .queryNames(new ObjectName("org.postroad:type=MailQueue,*"), null)
                .isEmpty();
    }

    @Test
    void cdi_theSessionSendsWithTheSettingsOfTheApplication() throws Exception {
        properties.remove("mail.transport.protocol");
        properties.remove("mail.transport.protocol.rfc822");
        try (SeContainer container = container(Configuration.class, Application.class)) {
            Session session = container.select(Application.class).get().session();
            assertThat(session.getProperty("mail.transport.protocol")).isEqualTo("mx");
            Transport.send(message(session, "a@v4.test", "b@v6.test"));
            assertThat(isAQueueOpen()).isFalse();
        }
        assertThat(mx4.received()).hasSize(1);
        assertThat(mx6.received()).hasSize(1);
    }

    @Test
    void cdi_aProtocolThatIsNotSetIsTheOtherOne() {
        properties.remove("mail.transport.protocol.rfc822");
        properties.setProperty("mail.transport.protocol", "mxqueue");
        try (SeContainer container = container(Configuration.class)) {
            Session session = container.select(Session.class, MxLiteral.MX).get();
            assertThat(session.getProperty("mail.transport.protocol.rfc822")).isEqualTo("mxqueue");
        }
        properties.remove("mail.transport.protocol");
        properties.setProperty("mail.transport.protocol.rfc822", "mxqueue");
        try (SeContainer container = container(Configuration.class)) {
            Session session = container.select(Session.class, MxLiteral.MX).get();
            assertThat(session.getProperty("mail.transport.protocol")).isEqualTo("mxqueue");
        }
    }

    @Test
    void cdi_theQueueIsOpenFromStartToStop() throws Exception {
        useTheQueue();
        properties.setProperty("mail.mx.routes", "*=[127.0.0.1]:9");
        Session session = Session.getInstance(properties);
        try (MailQueue queue = MailQueue.open(session)) {
            Transport.send(message("a@v4.test", "b@v6.test"));
            assertThat(queue.size()).isEqualTo(1);
        }
        properties.remove("mail.mx.routes");
        properties.setProperty("mail.mx.queue.schedule", "1s");
        try (SeContainer container = container(Configuration.class, Application.class)) {
            assertThat(isAQueueOpen()).isTrue(); // without anything of the application
            MailQueue queue = container.select(MailQueue.class).get();
            assertThat(queue.drain(Duration.ofMinutes(1))).isTrue();
        }
        assertThat(mx4.received()).hasSize(1);
        assertThat(mx6.received()).hasSize(1);
        assertThat(Application.AT_THE_END).hasValue("messages: 0"); // closed after the observers of the application
        assertThat(isAQueueOpen()).isFalse();
    }

    @Test
    void cdi_aQueueThatASendOpenedIsClosedAsWell() throws Exception {
        try (SeContainer container = container(Configuration.class)) {
            Session session = container.select(Session.class, MxLiteral.MX).get();
            session.setProtocolForAddress("rfc822", "mxqueue");
            session.getProperties().setProperty("mail.transport.protocol.rfc822", "mxqueue");
            Transport.send(message(session, "a@v4.test", "b@v6.test"));
            assertThat(isAQueueOpen()).isTrue();
        }
        assertThat(isAQueueOpen()).isFalse();
    }

    @Test
    void cdi_anApplicationWithoutSettingsIsLeftAlone() throws Exception {
        try (SeContainer container = container(CdiTest.NoRelays.class)) {
            assertThat(isAQueueOpen()).isFalse();
            assertThat(container.isRunning()).isTrue();
        }
    }

    @Test
    void cdi_anApplicationWhoseQueueCannotBeOpenedDoesNotStart() throws Exception {
        useTheQueue();
        properties.setProperty("mail.mx.queue.lifetime", "soon");
        assertThatThrownBy(() -> container(Configuration.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("mail.mx.queue.lifetime")
                .hasMessageContaining("soon");
        assertThat(isAQueueOpen()).isFalse();
    }

    @Test
    void cdi_twoBeansOfSettingsAreAnErrorThatNamesBoth() {
        assertThatThrownBy(() -> container(Configuration.class, OtherConfiguration.class))
                .hasStackTraceContaining(Configuration.class.getName())
                .hasStackTraceContaining("otherSettings");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mail.transport.protocol", "mail.transport.protocol.rfc822"})
    void cdi_theQueueOfASessionOfTheApplicationIsOpened(String protocol) throws Exception {
        properties.setProperty(protocol, "mxqueue");
        try (SeContainer container = container(OwnSession.class)) {
            assertThat(isAQueueOpen()).isTrue();
            assertThat(container.select(Session.class, MxLiteral.MX).get().getProperties())
                    .isSameAs(properties);
        }
        assertThat(isAQueueOpen()).isFalse();
    }

    /** Some servers stop an application on a thread without its class loader. */
    @Test
    void cdi_theQueueIsClosedWhateverTheClassLoaderOfTheThread() throws Exception {
        useTheQueue();
        Thread.currentThread()
                .setContextClassLoader(
                        new URLClassLoader(new URL[] {directory.toUri().toURL()}, before));
        try (SeContainer container = container(Configuration.class)) {
            assertThat(container.select(MailQueue.class).get().size()).isZero();
            Thread.currentThread().setContextClassLoader(before);
        }
        assertThat(isAQueueOpen()).isFalse();
    }

    @Test
    void cdi_anInjectedQueueIsOpenedWhenItIsNeeded() throws Exception {
        try (SeContainer container = container(Configuration.class)) {
            assertThat(isAQueueOpen()).isFalse();
            assertThat(container.select(MailQueue.class).get().size()).isZero();
            assertThat(container.select(MailQueue.class).get())
                    .isSameAs(container.select(MailQueue.class).get());
        }
        assertThat(isAQueueOpen()).isFalse();
    }

    @Test
    void cdi_aResolverOfTheApplicationIsPutAroundTheBuiltInOne() throws Exception {
        try (SeContainer container = container(Configuration.class, CountingDns.class)) {
            assertThat(container.select(MailDns.class).isResolvable()).isTrue();
            Transport.send(message(container.select(Session.class, MxLiteral.MX).get(), "a@v4.test", "b@v6.test"));
        }
        assertThat(CountingDns.QUESTIONS).hasPositiveValue();
        assertThat(mx4.received()).hasSize(1);
        assertThat(mx6.received()).hasSize(1);
    }

    @Test
    void cdi_builtInImplementationsAreBeansOfTheirClassesOnly() {
        Class<?>[] builtIn = {
            BuiltInMailDns.class, BuiltInConnector.class, BuiltInRelaySelector.class, BuiltInAddressOrder.class
        };
        // As in Quarkus, where @Singleton makes a bean of each class that is found.
        try (SeContainer container = SeContainerInitializer.newInstance()
                .disableDiscovery()
                .addBeanClasses(MailBeans.class, Configuration.class)
                .addBeanClasses(builtIn)
                .initialize()) {
            for (Class<?> type : builtIn) {
                assertThat(container.select(type).get()).isSameAs(container.select(type).get());
                assertThat(container.select(type.getInterfaces()[0]).isUnsatisfied()).isTrue();
            }
        }
    }

    @Test
    void cdi_settingsOfMicroProfileConfigAreUsedAndThoseOfTheApplicationPrecede() throws Exception {
        Files.createDirectories(directory.resolve("META-INF"));
        Files.write(
                directory.resolve("META-INF/microprofile-config.properties"),
                List.of(
                        "mail.mx.localhost=config.test",
                        "mail.mx.deadline=7m",
                        "mail.other=kept",
                        "notmail=dropped"));
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.write(services.resolve(ConfigSource.class.getName()), List.of(UnlistedSetting.class.getName()));
        Thread.currentThread()
                .setContextClassLoader(
                        new URLClassLoader(new URL[] {directory.toUri().toURL()}, before));
        try (SeContainer container = container(Configuration.class)) {
            Properties settings =
                    container.select(Session.class, MxLiteral.MX).get().getProperties();
            assertThat(settings)
                    .containsEntry("mail.mx.localhost", "client.test")
                    .containsEntry("mail.mx.deadline", "7m")
                    .containsEntry("mail.other", "kept")
                    .containsEntry("mail.mx.maxmx", "3")
                    .doesNotContainKey("notmail");
        }
        assertThat(properties).doesNotContainKey("mail.mx.deadline"); // they belong to the application
    }

    /** Another bean may ask for it while it is destroyed. */
    @Test
    void cdi_aQueueThatWasNotOpenIsNotOpenedAfterTheStop() throws Exception {
        try (SeContainer container = container(Configuration.class, Late.class)) {
            assertThat(container.select(Late.class).get().answer()).isEmpty();
        }
        assertThat(Late.FAILURE.get()).hasMessageContaining("being stopped");
        assertThat(isAQueueOpen()).isFalse();
    }
}
