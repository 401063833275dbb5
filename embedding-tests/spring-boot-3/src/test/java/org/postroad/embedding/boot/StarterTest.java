// SPDX-License-Identifier: Apache-2.0
package org.postroad.embedding.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.micrometer.observation.ObservationRegistry;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postroad.api.Domain;
import org.postroad.api.QueueFilter;
import org.postroad.api.QueuedMail;
import org.postroad.embedding.TwoDomains;
import org.postroad.embedding.boot.shop.Shop;
import org.postroad.embedding.boot.shop.ShopApplication;
import org.postroad.provider.MailQueue;
import org.postroad.provider.ObservationListener;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.mail.MailSendException;
import org.springframework.mail.javamail.JavaMailSenderImpl;

/** The starter: a queue in the application's database, by {@code spring.mail.protocol=mxqueue} alone. */
@Timeout(120)
class StarterTest extends BootTesting {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Domain DOMAIN_ONE = Domain.parse("one.test");
    private static final Domain DOMAIN_TWO = Domain.parse("two.test");

    @TempDir
    Path directory;

    private void startShop(String database) {
        startShop(database, WebApplicationType.NONE, Map.of());
    }

    private ConfigurableApplicationContext startShop(
            String database, WebApplicationType type, Map<String, String> properties) {
        Map<String, String> all = new HashMap<>(properties);
        all.put("spring.mail.protocol", "mxqueue");
        all.put("spring.datasource.url", database);
        all.put("spring.jpa.hibernate.ddl-auto", "update");
        all.put("spring.jpa.open-in-view", "false");
        return run(ShopApplication.class, type, all);
    }

    private static String memory(String name) {
        return "jdbc:h2:mem:" + name;
    }

    private static List<String> queueThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith("postroad-queue"))
                .toList();
    }

    @Test
    void mx_needsNoHost() {
        run(PlainApplication.class, WebApplicationType.NONE, Map.of("spring.mail.protocol", "mx"));
        send();
        assertThat(net.recipients()).containsExactly(TwoDomains.ONE, TwoDomains.TWO);
    }

    /** Returns the listener of the sender; empty if there is none. */
    private Optional<Object> listener() {
        return Optional.ofNullable(
                bean(JavaMailSenderImpl.class).getJavaMailProperties().get("mail.mx.listener"));
    }

    @Test
    void observations_aSendIsObservedIfThereIsARegistry() {
        run(PlainApplication.class, WebApplicationType.NONE, Map.of("spring.mail.protocol", "mx"));
        assertThat(listener()).containsInstanceOf(ObservationListener.class);
        List<String> names = new CopyOnWriteArrayList<>();
        bean(ObservationRegistry.class).observationConfig().observationHandler(context -> {
            names.add(context.getName());
            return false;
        });
        send();
        assertThat(names).contains("messaging.client.operation.duration", "postroad.domain", "postroad.contact");
    }

    @Test
    void observations_canBeSwitchedOff() {
        run(
                PlainApplication.class,
                WebApplicationType.NONE,
                Map.of("spring.mail.protocol", "mx", "postroad.observations.enabled", "false"));
        assertThat(listener()).isEmpty();
    }

    @Test
    void mxqueue_withoutADatabaseTheQueueIsInAFile() throws Exception {
        Path file = directory.resolve("queue.db");
        run(
                PlainApplication.class,
                WebApplicationType.NONE,
                Map.of(
                        "spring.mail.protocol",
                        "mxqueue",
                        "spring.mail.properties.mail.mx.queue.url",
                        "jdbc:sqlite:" + file));
        assertThat(Files.exists(file)).isTrue(); // opened at the start
        send();
        assertThat(bean(MailQueue.class).drain(LONG)).isTrue();
        assertThat(net.recipients()).containsExactly(TwoDomains.ONE, TwoDomains.TWO);
        close();
        assertThat(queueThreads()).isEmpty();
    }

    @Test
    void mxqueue_theMailIsSentIfAndOnlyIfTheTransactionCommits() throws Exception {
        startShop(memory("transactions"));
        Shop shop = bean(Shop.class);
        MailQueue queue = bean(MailQueue.class);
        Runnable sendAndFail = () -> {
            send();
            throw new IllegalStateException("out of stock");
        };
        assertThatThrownBy(() -> shop.buyByJdbc(1, sendAndFail)).hasMessage("out of stock");
        assertThatThrownBy(() -> shop.buyByJpa(2, sendAndFail)).hasMessage("out of stock");
        assertThat(queue.size()).isZero();
        shop.buyByJdbc(3, this::send);
        shop.buyByJpa(4, this::send);
        assertThat(queue.drain(LONG)).isTrue();
        assertThat(shop.bought()).containsExactly(3, 4);
        assertThat(net.recipients()).containsExactly(TwoDomains.ONE, TwoDomains.ONE, TwoDomains.TWO, TwoDomains.TWO);
    }

    @Test
    void mxqueue_aTransactionThatIsMarkedForRollbackTakesNoMail() {
        startShop(memory("marked"));
        Shop shop = bean(Shop.class);
        shop.buyInVain(1, () -> {
            MailSendException thrown = catchThrowableOfType(MailSendException.class, this::send);
            assertThat(thrown.getMessage().lines().toList())
                    .singleElement()
                    .asString()
                    .containsOnlyOnce("is marked for rollback");
        });
        assertThat(shop.bought()).isEmpty();
        assertThat(bean(MailQueue.class).size()).isZero();
    }

    @Test
    void mxqueue_theQueueIsOpenFromTheStartToTheEndOfTheContext() throws Exception {
        String database = "jdbc:h2:file:" + directory.resolve("shop");
        ConfigurableApplicationContext context =
                startShop(database, WebApplicationType.NONE, Map.of("spring.main.lazy-initialization", "true"));
        assertThat(queueThreads()).isNotEmpty();
        assertThat(context.getBeanFactory().getBeanDefinition("mailQueue").isLazyInit())
                .isFalse();
        assertThat(context.getBeanFactory().getDependentBeans("dataSource"))
                .as("closed before the DataSource")
                .contains("mailQueue");
        MailQueue first = bean(MailQueue.class);
        first.pause(DOMAIN_ONE);
        first.pause(DOMAIN_TWO);
        send();
        close();
        assertThat(queueThreads()).isEmpty();
        assertThatThrownBy(first::size).hasMessageContaining("closed");

        startShop(database);
        MailQueue second = bean(MailQueue.class);
        assertThat(second.list(QueueFilter.ALL, "", 10)).hasSize(1);
        second.resume(DOMAIN_ONE);
        second.resume(DOMAIN_TWO);
        assertThat(second.drain(LONG)).isTrue();
        assertThat(net.recipients()).containsExactly(TwoDomains.ONE, TwoDomains.TWO);
    }

    /** And after Flyway, which refuses a schema in which there are other tables already. */
    @Test
    void mxqueue_theTablesAreCreatedAfterTheScriptsOfTheApplicationHaveRun() {
        ConfigurableApplicationContext context = startShop(memory("scripts"), WebApplicationType.NONE, Map.of());
        assertThat(context.getBeanFactory().getBeanDefinition("mailQueue").getDependsOn())
                .contains("dataSourceScriptDatabaseInitializer");
    }

    @Test
    void mxqueue_healthAndEndpointShowTheQueue() throws Exception {
        ConfigurableApplicationContext context = startShop(
                memory("actuator"),
                WebApplicationType.SERVLET,
                Map.of(
                        "server.port",
                        "0",
                        "server.address",
                        "127.0.0.1",
                        "management.endpoints.web.exposure.include",
                        "health,mailqueue",
                        "management.endpoint.health.show-details",
                        "always"));
        String actuator =
                "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port") + "/actuator/";
        MailQueue queue = bean(MailQueue.class);
        queue.pause(DOMAIN_ONE);
        queue.pause(DOMAIN_TWO);
        send();
        QueuedMail mail = queue.list(QueueFilter.ALL, "", 10).get(0);
        assertThat(get(actuator + "health/mail")).contains("\"status\":\"UP\""); // of Boot: connects
        assertThat(get(actuator + "health/mailQueue"))
                .contains("\"status\":\"UP\"")
                .contains("\"messages\":1")
                .contains("\"submitted\":1");
        assertThat(get(actuator + "mailqueue"))
                .contains("\"messages\":1")
                .contains("\"domain\":\"one.test\"", "\"domain\":\"two.test\"", "\"paused\":true")
                .contains("\"id\":\"" + mail.id() + "\"")
                .contains("\"subject\":\"Your purchase\"");
        assertThat(get(actuator + "mailqueue/" + mail.id()))
                .contains("\"recipients\":[\"" + TwoDomains.ONE + "\"]", "\"state\":\"OPEN\"");
        assertThatThrownBy(() -> get(actuator + "mailqueue/none")).isInstanceOf(FileNotFoundException.class);
        queue.close();
        assertThatThrownBy(() -> get(actuator + "health/mailQueue")).hasMessageContaining("503");
    }

    private static String get(String uri) throws IOException {
        try (InputStream answer = URI.create(uri).toURL().openStream()) {
            return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
