// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.Domain;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.spi.AddressOrder;
import org.postroad.spi.DeliveryListener;

/** The accepted forms of a value, and its limits: at the limit and beyond. */
class SettingFormsTest {

    private static Properties properties(Object... namesAndValues) {
        Properties properties = new Properties();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            properties.put("mail.mx." + namesAndValues[i], namesAndValues[i + 1]);
        }
        return properties;
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1, 53",
        "127.0.0.1:1, 127.0.0.1, 1",
        "127.0.0.1:65535, 127.0.0.1, 65535",
        "fd00::1, fd00::1, 53",
        "[fd00::1], fd00::1, 53",
        "[fd00::]:5353, fd00::, 5353"
    })
    void nameServer_portAndBracketsMayBeLeftOut(String text, String address, int port) throws Exception {
        assertThat(Settings.read(properties("dns.servers", text)).dns().servers())
                .containsExactly(new InetSocketAddress(InetAddress.getByName(address), port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:0", "127.0.0.1:65536", "[fd00::1", "fd00::1]", ":53", "127.0.0.1:"})
    void nameServer_ofAnotherFormIsNamed(String text) {
        assertThatThrownBy(() -> Settings.read(properties("dns.servers", text)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("mail.mx.dns.servers")
                .hasMessageContaining(text);
    }

    @Test
    void list_emptyPartsAreIgnored() {
        assertThat(Settings.read(properties("dns.trustad", ", 127.0.0.1,, ::1"))
                        .dns()
                        .trustAd())
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1, true", "3, true", "4, false", "-1, false", "1x, false"})
    void number_limitsAreInclusive(String text, boolean allowed) {
        assertThat(PropertyReader.number(text, 1, 3).isPresent()).isEqualTo(allowed);
    }

    @Test
    void poll_theMinimumIsAllowed() {
        assertThat(QueueReader.read(properties("queue.poll", "50ms")).timing().poll())
                .isEqualTo(Duration.ofMillis(50));
        assertThatThrownBy(() -> QueueReader.read(properties("queue.poll", "49ms")))
                .hasMessageContaining("mail.mx.queue.poll")
                .hasMessageContaining("49ms");
    }

    @Test
    void schedule_anInvalidDelayIsNamed() {
        assertThatThrownBy(() -> QueueReader.read(properties("queue.schedule", "5m,often")))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("mail.mx.queue.schedule")
                .hasMessageContaining("often");
    }

    @Test
    void route_anIpv6LiteralMayHaveAPort() {
        String routes = "*=[::1]:2525; a.test=[fd00::1]";
        assertThat(Settings.read(properties("routes", routes))
                        .routes()
                        .byPattern()
                        .values())
                .extracting(hop -> hop.host() + " " + hop.port())
                .containsExactlyInAnyOrder("::1 2525", "fd00::1 25");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"*=[mx.test]x25", "*=[mx.test]25", "*=[mx.test]:0", "*=[mx.test]:65536", "*=[mx.test", "=x", "*"
            })
    void route_ofAnotherFormIsNamed(String text) {
        assertThatThrownBy(() -> Settings.read(properties("routes", text)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("mail.mx.routes");
    }

    @ParameterizedTest
    @CsvSource({"1, true", "200, true", "201, false"})
    void organization_hasALimit(int length, boolean allowed) {
        Properties properties = properties("tlsrpt.contact", "a@b.test", "tlsrpt.organization", "x".repeat(length));
        if (allowed) {
            assertThat(Settings.read(properties).reporter()).isPresent();
        } else {
            assertThatThrownBy(() -> Settings.read(properties)).hasMessageContaining("mail.mx.tlsrpt.organization");
        }
    }

    @Test
    void helloName_anUnderscoreAnywhereCausesAWarning() {
        assertThat(HelloName.doubt("_a.test", HostName.parse("_a.test"))).isPresent();
        assertThat(HelloName.doubt("a_.test", HostName.parse("a_.test"))).isPresent();
    }

    @Test
    void nearest_considersTheLengthOfAName() {
        assertThat(Nearest.to("a", List.of("abcdefgh", "b"))).isEqualTo("b");
    }

    @Test
    void text_ofSockets() throws Exception {
        InetAddress v6 = InetAddress.getByName("fd00::1");
        assertThat(ObjectText.ofText(new InetSocketAddress(v6, 53))).contains("[fd00:0:0:0:0:0:0:1]:53");
        assertThat(ObjectText.ofText(new InetSocketAddress(InetAddress.getByName("192.0.2.1"), 53)))
                .contains("192.0.2.1:53");
        assertThat(ObjectText.ofText(InetSocketAddress.createUnresolved("ns.test", 53)))
                .contains("ns.test:53");
        assertThat(ObjectText.ofText(InetSocketAddress.createUnresolved("::1", 53)))
                .contains("[::1]:53");
    }

    @Test
    void text_ofNumbersAndDurations() {
        assertThat(ObjectText.ofText(25)).contains("25");
        assertThat(ObjectText.ofText(2.5)).isEmpty();
        assertThat(ObjectText.ofDuration(Duration.ZERO)).contains("0");
        assertThat(ObjectText.ofDuration(Duration.ofMillis(1500))).contains("1500ms");
        assertThat(ObjectText.ofDuration(Duration.ofDays(30))).contains("2592000000ms");
        assertThat(ObjectText.ofDuration(Duration.ofDays(30).plusMillis(1))).contains("PT720H0.001S");
        assertThat(ObjectText.ofDuration(Duration.ofNanos(1_500_000))).contains("PT0.0015S");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<>", "bounce@a.test"})
    void from_mayBeTheNullReversePath(String text) {
        assertThat(Settings.read(properties("from", text)).identity().from()).contains(text);
    }

    private static final AddressOrder.Candidate V4 =
            new AddressOrder.Candidate(IpAddress.parse("192.0.2.1"), Optional.empty());
    private static final AddressOrder.Candidate V6 =
            new AddressOrder.Candidate(IpAddress.parse("2001:db8::1"), Optional.empty());

    private static AddressOrder.Candidate firstInOrder(String name) {
        return Settings.read(properties("addressorder", name))
                .routing()
                .addressOrder()
                .order(List.of(V4, V6), new Random(0))
                .get(0);
    }

    @Test
    void addressOrder_isBuiltInOrAClass() {
        assertThat(firstInOrder("ipv6")).isEqualTo(V6);
        assertThat(firstInOrder("ipv4")).isEqualTo(V4);
        // A class of that name is instantiated later, with the other plug-ins.
        assertThat(firstInOrder("no.such.Order")).isEqualTo(firstInOrder("rfc6724"));
        assertThatThrownBy(() -> Settings.read(properties("addressorder", "fastest")))
                .hasMessageContaining("mail.mx.addressorder");
    }

    /** A plug-in with a public constructor. */
    public static final class Silent implements DeliveryListener {
        @Override
        public void on(DeliveryEvent event) {}
    }

    @Test
    void plugIn_oneObjectOfEachClass_evenOnAThreadWithoutAClassLoader() {
        Properties properties = properties("listener", Silent.class.getName());
        DeliveryListener made = Settings.plugins(properties).listener().orElseThrow();
        assertThat(made).isInstanceOf(Silent.class);

        Thread thread = Thread.currentThread();
        ClassLoader context = thread.getContextClassLoader();
        thread.setContextClassLoader(null);
        try {
            assertThat(Settings.plugins(properties).listener()).containsSame(made);
        } finally {
            thread.setContextClassLoader(context);
        }
    }

    @Test
    void fingerprint_hasTheClassOfAPlugInAndNotItsText() {
        Properties properties = properties("listener", Silent.class.getName());
        properties.put("mail.smtp.host", "x");
        assertThat(Settings.fingerprint(properties))
                .containsExactlyEntriesOf(Map.of("mail.mx.listener", Silent.class.getName()));
    }

    @Test
    void fingerprint_hasTheElementsOfAList() {
        assertThat(Settings.fingerprint(properties("localnames", List.of("a.test", Duration.ofSeconds(1)))))
                .containsEntry("mail.mx.localnames", List.of("a.test", "1000ms"));
        assertThat(Settings.fingerprint(properties("localnames", 7))).containsEntry("mail.mx.localnames", 7);
        assertThat(Settings.fingerprint(properties("localnames", Domain.parse("a.test"))))
                .containsEntry("mail.mx.localnames", "a.test");
        assertThat(Settings.fingerprint(properties("localnames", new Properties())))
                .containsEntry("mail.mx.localnames", "an object of java.util.Properties");
    }

    @Test
    void settingsOfAQueue_withoutThoseOfEachSend() {
        DeliveryListener one = new Silent();
        Map<String, Object> settings =
                Settings.ofQueue(properties("timeout", "5s", "requiretls", "true", "unknown", "x", "listener", one));
        assertThat(settings).containsOnlyKeys("mail.mx.timeout", "mail.mx.listener");
        assertThat(settings).isEqualTo(Settings.ofQueue(properties("timeout", "5s", "listener", one)));
        assertThat(settings).isNotEqualTo(Settings.ofQueue(properties("timeout", "5s", "listener", new Silent())));
        assertThat(Settings.ofQueue(properties("listener", "a.B"))).containsEntry("mail.mx.listener", "a.B");
    }

    private static DataSource dataSource() {
        return (DataSource) Proxy.newProxyInstance(
                SettingFormsTest.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, args) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
    }

    @Test
    void queue_isInAFileOrInADataSource() {
        assertThat(QueueReader.location(properties()).url())
                .isEqualTo("jdbc:sqlite:" + System.getProperty("user.home") + "/.postroad/queue.db");
        QueueReader.Location file = QueueReader.location(properties("queue.url", "jdbc:sqlite:/tmp/a.db"));
        assertThat(file.url()).isEqualTo("jdbc:sqlite:/tmp/a.db");
        assertThat(file.dataSource()).isEmpty();
        assertThat(file.isFromCdi()).isFalse();

        DataSource source = dataSource();
        assertThat(QueueReader.location(properties("queue.datasource", source)).dataSource())
                .isPresent();
        assertThat(QueueReader.location(properties("queue.datasource", "cdi")).isFromCdi())
                .isTrue();
        assertThatThrownBy(() -> QueueReader.location(
                        properties("queue.datasource", source, "queue.url", "jdbc:sqlite:/tmp/a.db")))
                .hasMessageContaining("mail.mx.queue.url and mail.mx.queue.datasource");
        assertThatThrownBy(() -> QueueReader.location(
                        properties("queue.datasource", "cdi", "queue.url", "jdbc:sqlite:/tmp/a.db")))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("mail.mx.queue.url and mail.mx.queue.datasource");
        assertThatThrownBy(() -> QueueReader.location(properties("queue.datasource", "ldap://192.0.2.1/x")))
                .hasMessageContaining("mail.mx.queue.datasource")
                .hasMessageContaining("begins with java:");
        assertThatThrownBy(() -> QueueReader.lookUpDataSource(properties("queue.datasource", "java:comp/none")))
                .hasMessageContaining("mail.mx.queue.datasource")
                .hasMessageContaining("nothing is found");
    }

    @ParameterizedTest
    @CsvSource({"sync, true", "SYNC, true", "queue, false", "'', false"})
    void queue_theFirstAttemptIsDirectOrQueued(String text, boolean direct) {
        assertThat(QueueReader.triesFirst(properties("queue.firstattempt", text)))
                .isEqualTo(direct);
    }

    @Test
    void queue_transactionsAreAnObjectOfTheRequestedType() {
        assertThat(QueueReader.transactions(properties("queue.transactions", List.of()), List.class))
                .isPresent();
        assertThat(QueueReader.transactions(properties(), List.class)).isEmpty();
        assertThatThrownBy(() -> QueueReader.transactions(properties("queue.transactions", 5), List.class))
                .hasMessageContaining("mail.mx.queue.transactions")
                .hasMessageContaining("java.util.List");
    }

    @Test
    void executor_isAnObjectOrANameInJndi() {
        assertThat(ExecutorReader.of(properties("executor", (Executor) Runnable::run)))
                .isPresent();
        assertThatThrownBy(() -> ExecutorReader.of(properties("executor", "java:comp/none")))
                .hasMessageContaining("mail.mx.executor");
    }
}
