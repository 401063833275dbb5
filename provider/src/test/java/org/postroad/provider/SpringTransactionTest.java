// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.Domain;
import org.postroad.api.Mailbox;
import org.postroad.api.QueueFilter;
import org.postroad.api.QueuedMail;
import org.postroad.api.QueuedMail.State;
import org.postroad.provider.internal.queue.store.TestMariaDb;
import org.postroad.provider.internal.queue.store.TestPostgres;
import org.postroad.spi.DeliveryListener;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.TransactionAspectSupport;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Mail as part of Spring's transactions, by JDBC and by JPA, in real databases; pools with auto-commit on and off. */
@Timeout(300)
class SpringTransactionTest extends TransportTesting {

    private static final Domain V4 = Domain.parse("v4.test");
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final BlockingQueue<Mailbox> concluded = new LinkedBlockingQueue<>();
    private @Nullable AnnotationConfigApplicationContext spring;

    @SuppressWarnings("NullAway.Init") // by begin
    private HikariDataSource pool;

    @SuppressWarnings("NullAway.Init") // by begin
    private Shop shop;

    /** An entity of the application. */
    @Entity
    @Table(name = "orders")
    static class Order {

        @Id
        int id;
    }

    /** A step within a transaction. */
    @FunctionalInterface
    interface Step {
        void take() throws Exception;
    }

    /** Writes an order. */
    @FunctionalInterface
    interface Orders {
        void add(int id);
    }

    /** The application under test. */
    static class Shop {

        private final Orders orders;

        Shop(Orders orders) {
            this.orders = orders;
        }

        @Transactional(rollbackFor = Exception.class)
        public void order(int id, Step step) throws Exception {
            orders.add(id);
            step.take();
        }

        /** The mail comes first, before any statement on the connection. */
        @Transactional(rollbackFor = Exception.class)
        public void orderLast(int id, Step step) throws Exception {
            step.take();
            orders.add(id);
        }

        @Transactional(propagation = Propagation.REQUIRES_NEW, rollbackFor = Exception.class)
        public void orderAnew(int id, Step step) throws Exception {
            orders.add(id);
            step.take();
        }

        @Transactional(propagation = Propagation.NOT_SUPPORTED)
        public void outside(Step step) throws Exception {
            step.take();
        }

        @Transactional(propagation = Propagation.NOT_SUPPORTED)
        public void orderOutside(int id, Step step) throws Exception {
            orders.add(id);
            step.take();
        }
    }

    @Configuration
    @EnableTransactionManagement(proxyTargetClass = true)
    static class ByJdbc {

        @Bean
        PlatformTransactionManager transactions(DataSource pool) {
            return new JdbcTransactionManager(pool);
        }

        @Bean
        Shop shop(DataSource pool) {
            JdbcTemplate jdbc = new JdbcTemplate(pool);
            return new Shop(id -> jdbc.update("INSERT INTO orders (id) VALUES (?)", id));
        }
    }

    @Configuration
    @EnableTransactionManagement(proxyTargetClass = true)
    static class ByJpa {

        @Bean
        LocalContainerEntityManagerFactoryBean entities(DataSource pool) {
            LocalContainerEntityManagerFactoryBean entities = new LocalContainerEntityManagerFactoryBean();
            entities.setDataSource(pool);
            entities.setManagedTypes(PersistenceManagedTypes.of(Order.class.getName()));
            entities.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
            entities.setJpaPropertyMap(Map.of("hibernate.hbm2ddl.auto", "none"));
            return entities;
        }

        @Bean
        PlatformTransactionManager transactions(EntityManagerFactory entities) {
            return new JpaTransactionManager(entities);
        }

        @Bean
        Shop shop(EntityManagerFactory entities) {
            EntityManager manager = SharedEntityManagerCreator.createSharedEntityManager(entities);
            return new Shop(id -> {
                Order order = new Order();
                order.id = id;
                manager.persist(order);
                manager.flush();
            });
        }
    }

    @BeforeEach
    void useTheQueue() {
        properties.setProperty("mail.transport.protocol.rfc822", "mxqueue");
        properties.setProperty("mail.mx.queue.poll", "50ms");
        properties.put("mail.mx.listener", (DeliveryListener) event -> {
            if (event instanceof DeliveryEvent.Concluded one) {
                concluded.add(one.report().recipients().get(0).recipient());
            }
        });
    }

    @AfterEach
    void end() {
        Postroad.close();
        if (spring != null) {
            spring.close();
        }
        if (pool != null) {
            pool.close();
        }
    }

    private DataSource database(String kind) {
        return switch (kind) {
            case "POSTGRESQL" -> TestPostgres.newDatabase();
            case "MARIADB" -> TestMariaDb.newDatabase();
            default -> {
                JdbcDataSource h2 = new JdbcDataSource();
                h2.setURL("jdbc:h2:" + directory.resolve("shop"));
                yield h2;
            }
        };
    }

    private void begin(String kind, String access, boolean autoCommit) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(database(kind));
        config.setAutoCommit(autoCommit);
        config.setMaximumPoolSize(8);
        HikariDataSource connections = new HikariDataSource(config);
        pool = connections;
        new JdbcTemplate(autoCommitting(connections)).execute("CREATE TABLE orders (id INTEGER PRIMARY KEY)");
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        spring = context;
        context.registerBean("pool", DataSource.class, () -> connections);
        context.register(access.equals("JPA") ? ByJpa.class : ByJdbc.class);
        context.refresh();
        shop = context.getBean(Shop.class);
        properties.put("mail.mx.queue.datasource", new TransactionAwareDataSourceProxy(connections));
    }

    private static DataSource autoCommitting(HikariDataSource pool) {
        return pool.getDataSource();
    }

    private List<Integer> orders() {
        return new JdbcTemplate(autoCommitting(pool)).queryForList("SELECT id FROM orders ORDER BY id", Integer.class);
    }

    private void send(String recipient) throws MessagingException {
        Transport.send(message(recipient));
    }

    private Mailbox next() throws InterruptedException {
        Mailbox next = concluded.poll(60, TimeUnit.SECONDS);
        assertThat(next).as("a delivery that is over").isNotNull();
        return next;
    }

    private void rollBack(int order, Step step) {
        assertThatThrownBy(() -> shop.order(order, () -> {
                    step.take();
                    throw new IllegalStateException("out of stock");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("out of stock");
    }

    private List<String> received() {
        return mx4.received().stream()
                .map(mail -> mail.recipients().get(0).toString())
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "POSTGRESQL, JDBC, true",
        "POSTGRESQL, JDBC, false",
        "POSTGRESQL, JPA, false",
        "MARIADB, JDBC, false",
        "MARIADB, JPA, true",
        "H2, JDBC, true",
        "H2, JPA, false"
    })
    void outbox_theMailIsSentIfAndOnlyIfTheTransactionCommits(String kind, String access, boolean autoCommit)
            throws Exception {
        begin(kind, access, autoCommit);
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            rollBack(1, () -> send("rolled-back@v4.test"));
            shop.order(2, () -> {
                send("committed@v4.test");
                assertThat(queue.size()).isEqualTo(1); // as seen within the transaction
            });
            assertThat(next()).isEqualTo(Mailbox.parse("committed@v4.test"));
            shop.orderLast(3, () -> send("first@v4.test"));
            assertThat(next()).isEqualTo(Mailbox.parse("first@v4.test"));
            send("without@v4.test");
            assertThat(next()).isEqualTo(Mailbox.parse("without@v4.test"));
            assertThat(queue.drain(LONG)).isTrue();
            assertThat(orders()).containsExactly(2, 3);
            assertThat(received()).containsExactly("<committed@v4.test>", "<first@v4.test>", "<without@v4.test>");
        }
    }

    /** The tables are then looked up and created, which would end a running transaction of the connection. */
    @ParameterizedTest
    @CsvSource({"POSTGRESQL, JDBC, true", "MARIADB, JPA, true", "MARIADB, JDBC, false", "H2, JDBC, true"})
    void outbox_aSendThatOpensTheQueueCommitsNothing(String kind, String access, boolean autoCommit) {
        begin(kind, access, autoCommit);
        rollBack(1, () -> send("rolled-back@v4.test"));
        assertThat(orders()).isEmpty();
        assertThat(new JdbcTemplate(autoCommitting(pool)).queryForList("SELECT id FROM postroad_message"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"POSTGRESQL, JDBC, true", "MARIADB, JPA, true", "MARIADB, JDBC, false", "H2, JDBC, true"})
    void outbox_aSendThatOpensTheQueueRollsNothingBack(String kind, String access, boolean autoCommit)
            throws Exception {
        begin(kind, access, autoCommit);
        shop.order(1, () -> send("committed@v4.test"));
        assertThat(next()).isEqualTo(Mailbox.parse("committed@v4.test"));
        assertThat(orders()).containsExactly(1);
    }

    @ParameterizedTest
    @CsvSource({"POSTGRESQL, JDBC, true", "MARIADB, JPA, true", "H2, JDBC, false"})
    void outbox_changesByAnOperatorArePartOfTheTransaction(String kind, String access, boolean autoCommit)
            throws Exception {
        begin(kind, access, autoCommit);
        Mailbox gone = Mailbox.parse("gone@v4.test");
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            queue.pause(V4);
            send("a@v4.test");
            send("b@v4.test");
            String a = queue.list(QueueFilter.ALL, "", 1).get(0).id();
            String b = queue.list(QueueFilter.ALL, a, 1).get(0).id();
            rollBack(1, () -> {
                assertThat(queue.hold(a)).isEqualTo(1);
                queue.suppress(gone, "moved");
                assertThat(queue.bounce(b)).isEqualTo(1);
                queue.resume(V4);
            });
            assertThat(queue.list(QueueFilter.ALL, "", 10))
                    .extracting(QueuedMail::id)
                    .containsExactly(a, b);
            assertThat(queue.list(QueueFilter.in(State.HELD), "", 10)).isEmpty();
            assertThat(queue.suppressed("", 10)).isEmpty();
            assertThat(queue.destinations("", 10).get(0).paused()).isTrue();
            shop.order(2, () -> {
                assertThat(queue.hold(a)).isEqualTo(1);
                queue.suppress(gone, "moved");
                assertThat(queue.remove(b)).isEqualTo(1);
            });
            assertThat(queue.list(QueueFilter.in(State.HELD), "", 10))
                    .extracting(QueuedMail::id)
                    .containsExactly(a);
            assertThat(queue.size()).isEqualTo(1);
            assertThat(queue.suppressed("", 10)).hasSize(1);
            shop.order(3, () -> {
                assertThat(queue.release(a)).isEqualTo(1);
                queue.resume(V4);
                assertThat(queue.unsuppress(gone)).isTrue();
            });
            assertThat(next()).isEqualTo(Mailbox.parse("a@v4.test"));
            assertThat(queue.drain(LONG)).isTrue();
            assertThat(orders()).containsExactly(2, 3);
            assertThat(received()).containsExactly("<a@v4.test>");
        }
    }

    @ParameterizedTest
    @CsvSource({"POSTGRESQL, JDBC, true", "MARIADB, JPA, true", "H2, JDBC, false"})
    void outbox_aListenerIsNotifiedOfARemovalAfterTheCommitAndNotAfterARollback(
            String kind, String access, boolean autoCommit) throws Exception {
        List<DeliveryEvent> told = Collections.synchronizedList(new ArrayList<>());
        properties.setProperty("mail.mx.queue.bounces", "listener");
        properties.put("mail.mx.listener", (DeliveryListener) event -> {
            if (event instanceof DeliveryEvent.Bounced) {
                told.add(event);
            }
        });
        begin(kind, access, autoCommit);
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            queue.pause(V4);
            send("a@v4.test");
            String id = queue.list(QueueFilter.ALL, "", 1).get(0).id();
            rollBack(1, () -> assertThat(queue.bounce(id)).isEqualTo(1));
            assertThat(told).isEmpty();
            assertThat(queue.size()).isEqualTo(1);
            shop.order(2, () -> {
                assertThat(queue.bounce(id)).isEqualTo(1);
                assertThat(told).isEmpty();
            });
            assertThat(told).hasSize(1);
            assertThat(queue.size()).isZero();
        }
    }

    @Test
    void outbox_noDeliveryStartsBeforeTheCommit() throws Exception {
        begin("POSTGRESQL", "JDBC", true);
        properties.setProperty("mail.mx.queue.firstattempt", "sync");
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            rollBack(1, () -> send("rolled-back@v4.test"));
            shop.order(2, () -> send("committed@v4.test"));
            assertThat(next()).isEqualTo(Mailbox.parse("committed@v4.test"));
            assertThat(queue.drain(LONG)).isTrue();
            assertThat(received()).containsExactly("<committed@v4.test>");
        }
    }

    @Test
    void outbox_mailIsNotPartOfASuspendedTransaction() throws Exception {
        begin("POSTGRESQL", "JDBC", false);
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            rollBack(1, () -> shop.outside(() -> send("outside@v4.test")));
            assertThat(next()).isEqualTo(Mailbox.parse("outside@v4.test"));
            assertThat(queue.drain(LONG)).isTrue();
            assertThat(orders()).isEmpty();
        }
    }

    /** The connection of the scope is not in auto-commit mode, and the application does not commit it. */
    @ParameterizedTest
    @ValueSource(strings = {"POSTGRESQL", "MARIADB", "H2"})
    void outbox_aBounceInAScopeWithoutTransactionCommitsNothingOfTheScope(String kind) throws Exception {
        begin(kind, "JDBC", false);
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            queue.pause(V4);
            send("a@v4.test");
            String id = queue.list(QueueFilter.ALL, "", 1).get(0).id();
            shop.orderOutside(1, () -> assertThat(queue.bounce(id)).isEqualTo(1));
            assertThat(queue.show(id)).isEmpty();
            assertThat(orders()).isEmpty();
        }
    }

    /** As in a TransactionalEventListener: the connection still belongs to the transaction, but is not committed any more. */
    @ParameterizedTest
    @CsvSource({"POSTGRESQL, JDBC, true", "POSTGRESQL, JDBC, false", "MARIADB, JPA, false", "H2, JPA, true"})
    void outbox_mailSentAfterTheCommitHasItsOwnTransaction(String kind, String access, boolean autoCommit)
            throws Exception {
        begin(kind, access, autoCommit);
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            shop.order(1, () -> afterwards(() -> send("commit@v4.test"), () -> send("completion@v4.test")));
            assertThat(List.of(next(), next()))
                    .containsExactlyInAnyOrder(Mailbox.parse("commit@v4.test"), Mailbox.parse("completion@v4.test"));
            rollBack(2, () -> afterwards(() -> send("never@v4.test"), () -> send("rolled-back@v4.test")));
            assertThat(next()).isEqualTo(Mailbox.parse("rolled-back@v4.test"));
            assertThat(queue.drain(LONG)).isTrue();
            assertThat(orders()).containsExactly(1);
        }
    }

    @Test
    void outbox_mailIsPartOfATransactionBegunAfterACommit() throws Exception {
        begin("POSTGRESQL", "JDBC", true);
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            shop.order(
                    1,
                    () -> afterwards(
                            () -> {
                                shop.orderAnew(2, () -> send("anew@v4.test"));
                                assertThatThrownBy(() -> shop.orderAnew(3, () -> {
                                            send("rolled-back@v4.test");
                                            throw new IllegalStateException("out of stock");
                                        }))
                                        .hasMessage("out of stock");
                            },
                            () -> {}));
            assertThat(next()).isEqualTo(Mailbox.parse("anew@v4.test"));
            assertThat(queue.drain(LONG)).isTrue();
            assertThat(orders()).containsExactly(1, 2);
            assertThat(received()).containsExactly("<anew@v4.test>");
        }
    }

    private static void afterwards(Step commit, Step completion) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                take(commit);
            }

            @Override
            public void afterCompletion(int status) {
                take(completion);
            }
        });
    }

    private static void take(Step step) {
        try {
            step.take();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource({"POSTGRESQL, JDBC, true", "MARIADB, JDBC, true", "H2, JPA, true"})
    void outbox_aMessageThatTheQueueRefusesDoesNotAffectTheTransaction(String kind, String access, boolean autoCommit)
            throws Exception {
        begin(kind, access, autoCommit);
        JdbcTemplate other = new JdbcTemplate(autoCommitting(pool));
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            queue.pause(V4);
            other.execute("ALTER TABLE postroad_recipient RENAME TO postroad_away");
            shop.order(
                    1,
                    () -> assertThatThrownBy(() -> send("a@v4.test"))
                            .isInstanceOf(MessagingException.class)
                            .hasMessageContaining("failed within the calling thread's transaction"));
            other.execute("ALTER TABLE postroad_away RENAME TO postroad_recipient");
            assertThat(orders()).containsExactly(1);
            assertThat(queue.size()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"POSTGRESQL, JDBC, true", "MARIADB, JPA, true", "H2, JDBC, false", "H2, JPA, true"})
    void outbox_aTransactionThatIsMarkedForRollbackTakesNoMail(String kind, String access, boolean autoCommit)
            throws Exception {
        begin(kind, access, autoCommit);
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            shop.order(1, () -> {
                TransactionAspectSupport.currentTransactionStatus().setRollbackOnly();
                assertMarked(queue);
            });
            assertThatThrownBy(() -> shop.order(2, () -> {
                        rollBack(3, () -> {}); // part of the same transaction
                        assertMarked(queue);
                    }))
                    .isInstanceOf(UnexpectedRollbackException.class);
            TransactionTemplate template =
                    new TransactionTemplate(Objects.requireNonNull(spring).getBean(PlatformTransactionManager.class));
            assertThatThrownBy(() -> template.executeWithoutResult(status -> take(() -> {
                        rollBack(4, () -> {});
                        assertMarked(queue);
                    })))
                    .isInstanceOf(UnexpectedRollbackException.class);
            assertThat(orders()).isEmpty();
            assertThat(queue.size()).isZero();
        }
    }

    private void assertMarked(MailQueue queue) {
        assertThatThrownBy(() -> send("a@v4.test"))
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining("The transaction of the calling thread is marked for rollback");
        assertThatThrownBy(() -> queue.pause(V4)).hasMessageContaining("is marked for rollback");
    }

    /** As to report the failure for which the transaction is marked. */
    @ParameterizedTest
    @CsvSource({"POSTGRESQL, JDBC, true", "H2, JPA, false"})
    void outbox_mailIsTakenInATransactionOfItsOwnWithinOneThatIsMarkedForRollback(
            String kind, String access, boolean autoCommit) throws Exception {
        begin(kind, access, autoCommit);
        TransactionTemplate anew = new TransactionTemplate(
                Objects.requireNonNull(spring).getBean(PlatformTransactionManager.class),
                new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_REQUIRES_NEW));
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            shop.order(1, () -> {
                TransactionAspectSupport.currentTransactionStatus().setRollbackOnly();
                anew.executeWithoutResult(status -> take(() -> send("template@v4.test")));
                shop.orderAnew(2, () -> send("anew@v4.test"));
            });
            assertThat(List.of(next(), next()))
                    .containsExactlyInAnyOrder(Mailbox.parse("template@v4.test"), Mailbox.parse("anew@v4.test"));
            assertThat(queue.drain(LONG)).isTrue();
            assertThat(orders()).containsExactly(2);
        }
    }

    @Test
    void outbox_drainIsRefusedWithinATransaction() throws Exception {
        begin("H2", "JDBC", true);
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            shop.order(1, () -> assertThatThrownBy(() -> queue.drain(LONG)).hasMessageContaining("outside of it"));
            assertThat(queue.drain(LONG)).isTrue();
        }
    }

    /** As documented: a bare pool does not join a Spring transaction. */
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void queue_withAPoolOutsideOfSpringTheMailHasItsOwnTransaction(boolean autoCommit) throws Exception {
        begin("POSTGRESQL", "JDBC", autoCommit);
        properties.put("mail.mx.queue.datasource", pool);
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            rollBack(1, () -> send("own@v4.test"));
            assertThat(next()).isEqualTo(Mailbox.parse("own@v4.test"));
            assertThat(queue.drain(LONG)).isTrue();
            assertThat(orders()).isEmpty();
        }
    }
}
