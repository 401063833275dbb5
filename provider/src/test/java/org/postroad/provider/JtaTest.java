// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.arjuna.ats.arjuna.common.CoreEnvironmentBeanException;
import com.arjuna.ats.arjuna.common.ObjectStoreEnvironmentBean;
import com.arjuna.ats.arjuna.common.arjPropertyManager;
import com.arjuna.ats.internal.jta.transaction.arjunacore.TransactionSynchronizationRegistryImple;
import com.arjuna.ats.jta.TransactionManager;
import com.arjuna.common.internal.util.propertyservice.BeanPopulator;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.narayana.NarayanaTransactionIntegration;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.transaction.UserTransaction;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.lang.reflect.UndeclaredThrowableException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
import org.junit.jupiter.params.provider.ValueSource;
import org.mariadb.jdbc.MariaDbDataSource;
import org.postgresql.xa.PGXADataSource;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.Domain;
import org.postroad.api.DomainReport;
import org.postroad.api.Mailbox;
import org.postroad.api.QueueFilter;
import org.postroad.api.QueuedMail.State;
import org.postroad.api.SetupFinding.Subject;
import org.postroad.api.SetupReport;
import org.postroad.provider.internal.queue.store.TestMariaDb;
import org.postroad.provider.internal.queue.store.TestPostgres;
import org.postroad.spi.DeliveryListener;

/** Mail as part of a JTA transaction, with a real transaction manager and a real database. */
@Timeout(300)
class JtaTest extends TransportTesting {

    private static final int CONNECTIONS = 20;

    @TempDir
    Path directory;

    private final BlockingQueue<DomainReport> concluded = new LinkedBlockingQueue<>();
    private final UserTransaction transaction = com.arjuna.ats.jta.UserTransaction.userTransaction();

    private @Nullable AgroalDataSource database;

    @BeforeEach
    void useTheQueue() throws CoreEnvironmentBeanException, SQLException {
        arjPropertyManager.getCoreEnvironmentBean().setNodeIdentifier("1");
        for (String store : new String[] {"default", "communicationStore", "stateStore"}) {
            BeanPopulator.getNamedInstance(ObjectStoreEnvironmentBean.class, store.equals("default") ? null : store)
                    .setObjectStoreDir(directory.toString());
        }
        properties.setProperty("mail.transport.protocol.rfc822", "mxqueue");
        use(enlisting(PGXADataSource.class, TestPostgres.newDatabaseUrl()));
        properties.put("mail.mx.queue.transactions", new TransactionSynchronizationRegistryImple());
        properties.setProperty("mail.mx.queue.poll", "1h"); // so that only the commit can wake the queue
        properties.put("mail.mx.listener", (DeliveryListener) event -> {
            if (event instanceof DeliveryEvent.Concluded one) {
                concluded.add(one.report());
            }
        });
    }

    @AfterEach
    void disconnect() {
        Postroad.close();
        if (database != null) {
            database.close();
        }
    }

    private void use(AgroalDataSource dataSource) {
        disconnect();
        database = dataSource;
        properties.put("mail.mx.queue.datasource", dataSource);
    }

    private void use(String kind) throws SQLException {
        if (kind.equals("MARIADB")) {
            use(enlisting(MariaDbDataSource.class, TestMariaDb.newDatabaseUrl()));
        } else if (kind.equals("H2")) {
            use(enlisting(JdbcDataSource.class, "jdbc:h2:" + directory.resolve("application")));
        }
    }

    private void useNonEnlisted() throws SQLException {
        use(AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.maxSize(CONNECTIONS)
                        .connectionFactoryConfiguration(
                                connections -> connections.jdbcUrl(TestPostgres.newDatabaseUrl())))));
    }

    private Mailbox next() throws InterruptedException {
        DomainReport report = concluded.poll(60, TimeUnit.SECONDS);
        assertThat(report).as("a delivery that is over").isNotNull();
        return report.recipients().get(0).recipient();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POSTGRESQL", "MARIADB", "H2"})
    void outbox_transportSendIsPartOfTheContainersTransaction(String kind) throws Exception {
        use(kind);
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            transaction.begin();
            Transport.send(message("rolled-back@v4.test"));
            transaction.rollback();
            transaction.begin();
            Transport.send(message("committed@v4.test"));
            assertThat(concluded).isEmpty();
            transaction.commit();
            assertThat(next()).isEqualTo(Mailbox.parse("committed@v4.test"));
            Transport.send(message("without@v4.test"));
            assertThat(next()).isEqualTo(Mailbox.parse("without@v4.test"));
            assertThat(queue.drain(Duration.ofSeconds(60))).isTrue();
            assertThat(mx4.received())
                    .extracting(mail -> mail.recipients().get(0))
                    .containsExactly("<committed@v4.test>", "<without@v4.test>");
        }
    }

    @Test
    void outbox_aListenerIsNotifiedOfARemovalAfterTheCommitAndNotAfterARollback() throws Exception {
        List<DeliveryEvent> told = Collections.synchronizedList(new ArrayList<>());
        properties.setProperty("mail.mx.queue.bounces", "listener");
        properties.put("mail.mx.listener", (DeliveryListener) event -> {
            if (event instanceof DeliveryEvent.Bounced) {
                told.add(event);
            }
        });
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            queue.pause(Domain.parse("v4.test"));
            Transport.send(message("a@v4.test"));
            String id = queue.list(QueueFilter.ALL, "", 1).get(0).id();
            transaction.begin();
            assertThat(queue.bounce(id)).isEqualTo(1);
            transaction.rollback();
            assertThat(told).isEmpty();
            transaction.begin();
            assertThat(queue.bounce(id)).isEqualTo(1);
            assertThat(told).isEmpty();
            transaction.commit();
            assertThat(told).hasSize(1);
            assertThat(queue.size()).isZero();
        }
    }

    /** As in a container without JNDI: the transaction is detected from the connections, and the poll finds the message. */
    @Test
    void outbox_withoutARegistryTheMessageIsStillPartOfTheTransaction() throws Exception {
        properties.remove("mail.mx.queue.transactions");
        properties.setProperty("mail.mx.queue.poll", "50ms");
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            transaction.begin();
            Transport.send(message("rolled-back@v4.test"));
            transaction.rollback();
            transaction.begin();
            Transport.send(message("committed@v4.test"));
            transaction.commit();
            assertThat(next()).isEqualTo(Mailbox.parse("committed@v4.test"));
            assertThat(queue.drain(Duration.ofSeconds(60))).isTrue();
            assertThat(mx4.received()).hasSize(1);
        }
    }

    /** The first send creates the tables, on a thread without a transaction. */
    @ParameterizedTest
    @ValueSource(strings = {"POSTGRESQL", "MARIADB", "H2"})
    void outbox_aSendThatOpensTheQueueIsPartOfTheTransaction(String kind) throws Exception {
        use(kind);
        transaction.begin();
        Transport.send(message("rolled-back@v4.test"));
        transaction.rollback();
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            assertThat(queue.size()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POSTGRESQL", "MARIADB", "H2"})
    void outbox_aTransactionThatIsMarkedForRollbackTakesNoMail(String kind) throws Exception {
        use(kind);
        Session session = Session.getInstance(properties);
        transaction.begin();
        transaction.setRollbackOnly();
        assertThatThrownBy(() -> Transport.send(message("a@v4.test")))
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining("marked for rollback");
        try (MailQueue queue = MailQueue.open(session)) {
            assertThatThrownBy(queue::size).hasMessageContaining("marked for rollback");
            assertThatThrownBy(() -> queue.pause(Domain.parse("v4.test"))).hasMessageContaining("marked for rollback");
            transaction.rollback();
            assertThat(queue.size()).isZero();
            Transport.send(message("b@v4.test"));
            assertThat(next()).isEqualTo(Mailbox.parse("b@v4.test"));
            assertThat(queue.drain(Duration.ofSeconds(60))).isTrue();
        }
    }

    /** As to report the failure for which the transaction is marked. */
    @Test
    void check_saysWhetherTheThreadIsInATransaction() throws Exception {
        Session session = Session.getInstance(properties);
        assertThat(transactionIn(Postroad.check(session))).isEqualTo("this thread is in no JTA transaction");
        transaction.begin();
        try {
            SetupReport report = Postroad.check(session, true);
            assertThat(transactionIn(report)).isEqualTo("this thread is in a JTA transaction");
            assertThat(report.findings(Subject.DATA_SOURCE))
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.text()).contains("PostgreSQL"));
            transaction.setRollbackOnly();
            assertThat(transactionIn(Postroad.check(session))).contains("marked for rollback");
        } finally {
            transaction.rollback();
        }
    }

    private static String transactionIn(SetupReport report) {
        return report.findings(Subject.JTA).get(0).text();
    }

    @Test
    void queue_withANonEnlistedDataSourceMailIsTakenInATransactionThatIsMarkedForRollback() throws Exception {
        useNonEnlisted();
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            transaction.begin();
            transaction.setRollbackOnly();
            Transport.send(message("own@v4.test"));
            transaction.rollback();
            assertThat(next()).isEqualTo(Mailbox.parse("own@v4.test"));
            assertThat(queue.drain(Duration.ofSeconds(60))).isTrue();
        }
    }

    /** As TomEE's DataSource does in a transaction that is marked for rollback. */
    @Test
    void outbox_anUncheckedExceptionOfADataSourceIsSaidByItsCause() {
        properties.put(
                "mail.mx.queue.datasource",
                Proxy.newProxyInstance(
                        getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                            if (method.getName().equals("getConnection")) {
                                throw new UndeclaredThrowableException(new InvocationTargetException(
                                        new SQLException("setAutoCommit is not possible")));
                            }
                            return method.getName().equals("hashCode") ? (Object) 1 : proxy == arguments[0];
                        }));
        assertThatThrownBy(() -> Transport.send(message("a@v4.test")))
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining("setAutoCommit is not possible")
                .hasMessageNotContaining("UndeclaredThrowable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POSTGRESQL", "MARIADB"})
    void outbox_changesByAnOperatorArePartOfTheTransaction(String kind) throws Exception {
        use(kind);
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            queue.pause(Domain.parse("v4.test"));
            Transport.send(message("a@v4.test"));
            String id = queue.list(QueueFilter.ALL, "", 1).get(0).id();
            transaction.begin();
            assertThat(queue.hold(id)).isEqualTo(1);
            queue.resume(Domain.parse("v4.test"));
            transaction.rollback();
            assertThat(queue.list(QueueFilter.in(State.HELD), "", 10)).isEmpty();
            assertThat(queue.destinations("", 10).get(0).paused()).isTrue();
            transaction.begin();
            assertThat(queue.hold(id)).isEqualTo(1);
            transaction.commit();
            assertThat(queue.list(QueueFilter.in(State.HELD), "", 10)).hasSize(1);
            transaction.begin();
            assertThat(queue.release(id)).isEqualTo(1);
            queue.resume(Domain.parse("v4.test"));
            transaction.commit(); // which wakes the queue
            assertThat(next()).isEqualTo(Mailbox.parse("a@v4.test"));
        }
    }

    /** A pool outside the container: a transaction of the container cannot undo what is written there. */
    @Test
    void queue_withANonEnlistedDataSourceTheMailHasItsOwnTransaction() throws Exception {
        useNonEnlisted();
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            transaction.begin();
            Transport.send(message("own@v4.test"));
            transaction.rollback();
            assertThat(next()).isEqualTo(Mailbox.parse("own@v4.test"));
            assertThat(queue.drain(Duration.ofSeconds(60))).isTrue();
        }
    }

    /** It cannot be determined whether these connections belong to the transaction. */
    @Test
    void queue_unsharedConnectionsWithAutoCommitOffAreRefusedWithinATransaction() throws Exception {
        use(AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.maxSize(CONNECTIONS)
                        .connectionFactoryConfiguration(
                                connections -> connections.autoCommit(false).jdbcUrl(TestPostgres.newDatabaseUrl())))));
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            transaction.begin();
            assertThatThrownBy(() -> Transport.send(message("a@v4.test")))
                    .isInstanceOf(MessagingException.class)
                    .hasMessageContaining("mail.mx.queue.datasource")
                    .hasMessageContaining("auto-commit");
            transaction.rollback();
            Transport.send(message("without@v4.test"));
            assertThat(next()).isEqualTo(Mailbox.parse("without@v4.test"));
            assertThat(queue.drain(Duration.ofSeconds(60))).isTrue();
        }
    }

    /** Returns a DataSource like a container's: its connections join the transaction of the thread, if there is one. */
    private static AgroalDataSource enlisting(Class<?> driver, String url) throws SQLException {
        NarayanaTransactionIntegration container = new NarayanaTransactionIntegration(
                TransactionManager.transactionManager(), new TransactionSynchronizationRegistryImple());
        return AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.maxSize(CONNECTIONS)
                        .transactionIntegration(container)
                        .connectionFactoryConfiguration(connections ->
                                connections.connectionProviderClass(driver).jdbcUrl(url))));
    }
}
