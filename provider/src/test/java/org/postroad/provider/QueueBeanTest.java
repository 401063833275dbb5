// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.CompositeData;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postroad.api.Domain;
import org.postroad.api.QueueFilter;
import org.postroad.provider.internal.queue.store.QueueSummary;

/** The bean of a queue, as JMX clients and monitoring systems see it. */
@Timeout(60)
class QueueBeanTest extends TransportTesting {

    private static final Domain V4 = Domain.parse("v4.test");
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @BeforeEach
    void useTheQueue() {
        properties.setProperty("mail.transport.protocol.rfc822", "mxqueue");
        properties.setProperty("mail.mx.queue.url", "jdbc:sqlite:" + directory.resolve("queue.db"));
        properties.setProperty("mail.mx.queue.name", "orders");
    }

    private MailQueue open() throws Exception {
        return MailQueue.open(Session.getInstance(properties));
    }

    private static ObjectName bean() {
        return Beans.only("MailQueue");
    }

    private static long number(String attribute) throws Exception {
        return (Long) Beans.attribute(bean(), attribute);
    }

    @Test
    void jmx_theQueueIsRegisteredUnderItsNameWhileItIsOpen() throws Exception {
        ObjectName name = new ObjectName("org.postroad:type=MailQueue,name=orders");
        try (MailQueue queue = open()) {
            assertThat(queue.size()).isZero();
            assertThat(Beans.SERVER.isRegistered(name)).isTrue();
        }
        assertThat(Beans.SERVER.isRegistered(name)).isFalse();
    }

    @Test
    void jmx_withoutANameTheQueueIsRegisteredUnderItsLocation() throws Exception {
        properties.remove("mail.mx.queue.name");
        try (MailQueue queue = open()) {
            assertThat(queue.size()).isZero();
            assertThat(bean().getKeyProperty("name"))
                    .isEqualTo(ObjectName.quote("jdbc:sqlite:" + directory.resolve("queue.db")));
        }
    }

    @Test
    void jmx_aSecondQueueOfTheSameNameGetsANumberAndAWarning() throws Exception {
        try (LogTap logs = LogTap.of(QueueBean.class);
                MailQueue first = open()) {
            properties.setProperty("mail.mx.queue.url", "jdbc:sqlite:" + directory.resolve("second.db"));
            try (MailQueue second = open()) {
                assertThat(first.size() + second.size()).isZero();
                assertThat(Beans.ofType("MailQueue"))
                        .extracting(name -> name.getKeyProperty("name"))
                        .containsExactlyInAnyOrder("orders", "orders-2");
                assertThat(logs.messages())
                        .singleElement()
                        .satisfies(
                                text -> assertThat(text).contains("second.db", "name=orders-2", "mail.mx.queue.name"));
            }
            assertThat(bean().getKeyProperty("name")).isEqualTo("orders");
        }
    }

    @Test
    void jmx_theNameHasALimitedFormAndLength() throws Exception {
        properties.setProperty("mail.mx.queue.name", "x".repeat(64));
        open().close();
        for (String wrong : List.of("x".repeat(65), "two words", "a*", "a,b", "\u00fc")) {
            properties.setProperty("mail.mx.queue.name", wrong);
            assertThatThrownBy(this::open)
                    .hasMessageContaining("mail.mx.queue.name")
                    .hasMessageContaining("1 to 64 letters, digits, dots, hyphens and underscores");
        }
    }

    @Test
    void jmx_everythingHasADescriptionAndEveryParameterAName() throws Exception {
        try (MailQueue queue = open()) {
            assertThat(queue.size()).isZero();
            Beans.assertDescribed(bean());
        }
    }

    @Test
    void jmx_messagesAreTables() throws Exception {
        try (MailQueue queue = open()) {
            queue.pause(V4);
            Transport.send(message("a@v4.test", "b@v4.test"));
            Transport.send(message("c@v4.test"));
            String first = queue.list(QueueFilter.ALL, "", 1).get(0).id();
            CompositeData row = Beans.onlyRow(Beans.call(bean(), "list", "", 1));
            assertThat(row.get("id")).isEqualTo(first);
            assertThat(row.get("sender")).isEqualTo("me@client.test");
            assertThat(row.get("subject")).isEqualTo("Hello");
            assertThat((Long) row.get("ageSeconds")).isBetween(0L, 300L);
            CompositeData delivery = Beans.row(row.get("deliveries"), "v4.test");
            assertThat(delivery.get("state")).isEqualTo("OPEN");
            assertThat(delivery.get("recipients")).isEqualTo("a@v4.test b@v4.test");
            assertThat(Beans.onlyRow(Beans.call(bean(), "list", first, 10)).get("id"))
                    .isNotEqualTo(first);
            assertThat(Beans.onlyRow(Beans.call(bean(), "show", first)).get("id"))
                    .isEqualTo(first);
            assertThat(Beans.call(bean(), "show", "nosuch")).asString().contains("contents={}");
            CompositeData destination = Beans.onlyRow(Beans.call(bean(), "destinations", "", 10));
            assertThat(destination.get("domain")).isEqualTo("v4.test");
            assertThat(destination.get("waiting")).isEqualTo(2L);
            assertThat(destination.get("paused")).isEqualTo(true);
        }
    }

    @Test
    void jmx_figuresAreThoseOfTheQueueAndOfItsBiggestDestinations() throws Exception {
        try (MailQueue queue = open()) {
            queue.pause(V4);
            queue.pause(Domain.parse("v6.test"));
            Transport.send(message("a@v4.test", "b@v6.test"));
            Transport.send(message("c@v4.test"));
            queue.hold(queue.list(QueueFilter.ALL, "", 1).get(0).id());
            Map<String, Object> values = Beans.poll(bean());
            assertThat(values)
                    .containsEntry("Messages", 2L)
                    .containsEntry("WaitingDeliveries", 1L)
                    .containsEntry("HeldDeliveries", 2L)
                    .containsEntry("DeliveriesInProgress", 0L)
                    .containsEntry("ScheduledDeliveries", 0L)
                    .containsEntry("PausedDestinations", 2L)
                    .containsEntry("SilentDestinations", 0L)
                    .containsEntry("Submitted", 2L);
            assertThat((Long) values.get("OldestSeconds")).isBetween(0L, 300L);
            CompositeData v4 = Beans.row(Objects.requireNonNull(values.get("BiggestDestinations")), "v4.test");
            assertThat(v4.get("waiting")).isEqualTo(1L);
            assertThat(v4.get("held")).isEqualTo(1L);
            assertThat(v4.get("paused")).isEqualTo(true);
            assertThat(v4.get("backingOffSeconds")).isEqualTo(0L);
            assertThat(Beans.row(Objects.requireNonNull(values.get("BiggestDestinations")), "v6.test")
                            .get("held"))
                    .isEqualTo(1L);
        }
    }

    @Test
    void jmx_resultsAreCountedByStatusAndByClass() throws Exception {
        mx4.onCommand("RCPT TO:<full@", "450 4.2.2 mailbox full");
        mx4.onCommand("RCPT TO:<nobody@", "550 5.1.1 no such user");
        properties.setProperty("mail.mx.queue.bounces", "none");
        try (MailQueue queue = open()) {
            Transport.send(message("a@v4.test", "full@v4.test", "nobody@v4.test"));
            while (number("Delivered") + number("Failed") + number("Deferred") < 3) {
                if (Thread.interrupted()) {
                    throw new AssertionError("No attempt has ended");
                }
            }
            assertThat(number("Attempted")).isEqualTo(1);
            assertThat(number("Delivered")).isEqualTo(1);
            assertThat(number("Failed")).isEqualTo(1);
            assertThat(number("Deferred")).isEqualTo(1);
            assertThat(number("Expired")).isZero();
            assertThat(number("DoubleBounced")).isZero();
            assertThat(number("InDoubt")).isZero();
            assertThat(number("Held")).isZero();
            Object classes = Beans.attribute(bean(), "BounceClasses");
            assertThat(Beans.row(classes, "MAILBOX_FULL").get("deferred")).isEqualTo(1L);
            assertThat(Beans.row(classes, "MAILBOX_FULL").get("failed")).isEqualTo(0L);
            assertThat(Beans.row(classes, "BAD_MAILBOX").get("failed")).isEqualTo(1L);
            assertThat(Beans.row(classes, "SPAM").get("failed")).isEqualTo(0L);
            assertThat(queue.size()).isOne();
        }
    }

    @Test
    void jmx_operationsChangeTheQueue() throws Exception {
        try (MailQueue queue = open()) {
            Beans.call(bean(), "pause", "v4.test");
            Transport.send(message("a@v4.test"));
            String id = queue.list(QueueFilter.ALL, "", 1).get(0).id();
            assertThat(Beans.call(bean(), "hold", id)).isEqualTo(1);
            assertThat(Beans.call(bean(), "release", id)).isEqualTo(1);
            assertThat(Beans.call(bean(), "expire", id, "2040-01-31T12:00:00Z")).isEqualTo(true);
            assertThat(Beans.call(bean(), "retry", id)).isEqualTo(1);
            Beans.call(bean(), "suppress", "z@v4.test", "left the company");
            assertThat(Beans.onlyRow(Beans.call(bean(), "suppressed", "", 10)).get("reason"))
                    .isEqualTo("left the company");
            assertThat(Beans.call(bean(), "unsuppress", "z@v4.test")).isEqualTo(true);
            Beans.call(bean(), "resume", "v4.test");
            assertThat(Beans.call(bean(), "drain", 60)).isEqualTo(true);
            assertThat(number("Delivered")).isEqualTo(1);
            CompositeData row = Beans.onlyRow(
                    Beans.call(bean(), "history", "", "", "a@v4.test", "", "delivered", "", "", "", "", 10));
            assertThat(row.get("id")).isEqualTo(id);
            assertThat(Beans.row(row.get("recipients"), "a@v4.test").get("fate"))
                    .isEqualTo("DELIVERED");
            assertThat(Beans.onlyRow(Beans.call(bean(), "historyOf", id)).get("id"))
                    .isEqualTo(id);
        }
    }

    @Test
    void jmx_wrongInputIsNamedByAnExceptionThatEveryClientHas() throws Exception {
        try (MailQueue queue = open()) {
            assertThat(queue.size()).isZero();
            assertThatThrownBy(() -> Beans.call(bean(), "history", "", "", "", "", "lost", "", "", "", "", 10))
                    .isInstanceOf(RuntimeMBeanException.class)
                    .hasRootCauseInstanceOf(IllegalArgumentException.class)
                    .hasRootCauseMessage(
                            "The fate is one of [WAITING, DEFERRED, IN_DOUBT, DELIVERED, FAILED, EXPIRED, REMOVED], not \"lost\"");
            assertThatThrownBy(() -> Beans.call(bean(), "list", "", 1001))
                    .rootCause()
                    .hasMessageContaining("1001");
            assertThatThrownBy(() -> Beans.call(bean(), "expire", "id", "soon"))
                    .rootCause()
                    .hasMessageContaining("2030-01-31T12:00:00Z");
            assertThatThrownBy(() -> Beans.attribute(bean(), "Nothing")).hasMessageContaining("Nothing");
            Beans.call(bean(), "pause", "v4.test");
            assertThatThrownBy(() -> Beans.call(bean(), "pause", "not a domain"))
                    .isInstanceOf(RuntimeMBeanException.class)
                    .rootCause()
                    .isExactlyInstanceOf(IllegalArgumentException.class);
        }
    }

    /** A database that counts the statements of this thread, and that can be away for it. */
    private final class WatchedDatabase {

        private final Thread watched = Thread.currentThread();
        private final AtomicInteger statements = new AtomicInteger();
        private final AtomicBoolean away = new AtomicBoolean();

        DataSource dataSource() {
            JdbcDataSource real = new JdbcDataSource();
            real.setURL("jdbc:h2:" + directory.resolve("queue"));
            return proxy(DataSource.class, real, (name, result) -> {
                if (name.equals("getConnection") && away.get() && Thread.currentThread() == watched) {
                    throw new SQLException("the database is away");
                }
                return result instanceof Connection connection ? counted(connection) : result;
            });
        }

        private Connection counted(Connection real) {
            return proxy(Connection.class, real, (name, result) -> {
                if (name.equals("prepareStatement") && Thread.currentThread() == watched) {
                    statements.incrementAndGet();
                }
                return result;
            });
        }

        private <T> T proxy(Class<T> type, Object real, After after) {
            return type.cast(Proxy.newProxyInstance(
                    type.getClassLoader() == null ? getClass().getClassLoader() : type.getClassLoader(),
                    new Class<?>[] {type},
                    (proxy, method, arguments) -> {
                        try {
                            return switch (method.getName()) {
                                case "equals" -> proxy == arguments[0];
                                case "hashCode" -> System.identityHashCode(proxy);
                                default -> after.call(method.getName(), method.invoke(real, arguments));
                            };
                        } catch (InvocationTargetException e) {
                            throw e.getTargetException();
                        }
                    }));
        }
    }

    @FunctionalInterface
    private interface After {
        Object call(String method, Object result) throws SQLException;
    }

    private WatchedDatabase watched() {
        WatchedDatabase database = new WatchedDatabase();
        properties.remove("mail.mx.queue.url");
        properties.put("mail.mx.queue.datasource", database.dataSource());
        return database;
    }

    @Test
    void jmx_aPollOfAllAttributesTakesFourStatements() throws Exception {
        WatchedDatabase database = watched();
        try (MailQueue queue = open()) {
            queue.pause(V4);
            for (int i = 0; i < 30; i++) {
                Transport.send(message("a" + i + "@v4.test", "b@v6.test"));
            }
            database.statements.set(0);
            assertThat(Beans.poll(bean())).containsEntry("Submitted", 30L);
            assertThat(database.statements).hasValue(QueueSummary.STATEMENTS);
            Beans.poll(bean()); // within the same seconds: by another system, or one attribute at a time
            assertThat(database.statements).hasValue(QueueSummary.STATEMENTS);
        }
    }

    @Test
    void jmx_withoutTheDatabaseThePollHasTheCounters() throws Exception {
        WatchedDatabase database = watched();
        try (MailQueue queue = open()) {
            Transport.send(message("a@v4.test"));
            assertThat(queue.drain(LONG)).isTrue();
            database.away.set(true);
            Map<String, Object> values = Beans.poll(bean());
            assertThat(values).containsEntry("Submitted", 1L).containsEntry("Delivered", 1L);
            assertThat(values).containsKey("BounceClasses").doesNotContainKeys("Messages", "BiggestDestinations");
            assertThatThrownBy(() -> Beans.attribute(bean(), "Messages"))
                    .isInstanceOf(RuntimeMBeanException.class)
                    .hasMessageContaining("the database is away");
            database.away.set(false);
        }
    }
}
