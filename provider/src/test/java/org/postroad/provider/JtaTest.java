// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.arjuna.ats.arjuna.common.CoreEnvironmentBeanException;
import com.arjuna.ats.arjuna.common.ObjectStoreEnvironmentBean;
import com.arjuna.ats.arjuna.common.arjPropertyManager;
import com.arjuna.ats.internal.jta.transaction.arjunacore.TransactionSynchronizationRegistryImple;
import com.arjuna.ats.jdbc.TransactionalDriver;
import com.arjuna.common.internal.util.propertyservice.BeanPopulator;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.transaction.UserTransaction;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import javax.sql.DataSource;
import javax.sql.XADataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.DomainReport;
import org.postroad.api.Mailbox;
import org.postroad.provider.internal.queue.TestPostgres;
import org.postroad.spi.DeliveryListener;

/** Mail as part of a JTA transaction: a real transaction manager, a real database. */
@Timeout(120)
class JtaTest extends TransportTesting {

    @TempDir
    Path directory;

    private final BlockingQueue<DomainReport> concluded = new LinkedBlockingQueue<>();
    private final UserTransaction transaction = com.arjuna.ats.jta.UserTransaction.userTransaction();

    @BeforeEach
    void useTheQueue() throws CoreEnvironmentBeanException {
        arjPropertyManager.getCoreEnvironmentBean().setNodeIdentifier("1");
        for (String store : new String[] {"default", "communicationStore", "stateStore"}) {
            BeanPopulator.getNamedInstance(ObjectStoreEnvironmentBean.class, store.equals("default") ? null : store)
                    .setObjectStoreDir(directory.toString());
        }
        properties.setProperty("mail.transport.protocol.rfc822", "mxqueue");
        properties.put("mail.mx.queue.datasource", new Enlisting(TestPostgres.newXaDatabase()));
        properties.put("mail.mx.queue.transactions", new TransactionSynchronizationRegistryImple());
        properties.setProperty("mail.mx.queue.poll", "1h"); // so that only the commit can be what wakes the queue
        properties.put("mail.mx.listener", (DeliveryListener) event -> {
            if (event instanceof DeliveryEvent.Concluded one) {
                concluded.add(one.report());
            }
        });
    }

    @Test
    void outbox_transportSendIsPartOfTheContainersTransaction() throws Exception {
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            transaction.begin();
            Transport.send(message("rolled-back@v4.test"));
            transaction.rollback();
            transaction.begin();
            Transport.send(message("committed@v4.test"));
            assertThat(concluded).isEmpty();
            transaction.commit();
            DomainReport report = concluded.poll(60, TimeUnit.SECONDS);
            assertThat(report).isNotNull();
            assertThat(report.recipients().get(0).recipient()).isEqualTo(Mailbox.parse("committed@v4.test"));
            Transport.send(message("without@v4.test"));
            assertThat(concluded.poll(60, TimeUnit.SECONDS)).isNotNull();
            assertThat(queue.drain(Duration.ofSeconds(60))).isTrue();
            assertThat(mx4.received())
                    .extracting(mail -> mail.recipients().get(0))
                    .containsExactly("<committed@v4.test>", "<without@v4.test>");
        }
    }

    /** As a container's DataSource: its connections are part of the thread's transaction, if there is one. */
    private record Enlisting(XADataSource xa) implements DataSource {

        @Override
        public Connection getConnection() throws SQLException {
            Properties properties = new Properties();
            properties.put(TransactionalDriver.XADataSource, xa);
            properties.put(TransactionalDriver.userName, "postgres");
            properties.put(TransactionalDriver.password, "");
            return new TransactionalDriver().connect(TransactionalDriver.arjunaDriver, properties);
        }

        @Override
        public Connection getConnection(String user, String password) throws SQLException {
            return getConnection();
        }

        @Override
        public @Nullable PrintWriter getLogWriter() {
            return null;
        }

        @Override
        public void setLogWriter(@Nullable PrintWriter out) {}

        @Override
        public void setLoginTimeout(int seconds) {}

        @Override
        public int getLoginTimeout() {
            return 0;
        }

        @Override
        public Logger getParentLogger() throws SQLFeatureNotSupportedException {
            throw new SQLFeatureNotSupportedException();
        }

        @Override
        public <T> T unwrap(Class<T> type) throws SQLException {
            throw new SQLException("It wraps nothing");
        }

        @Override
        public boolean isWrapperFor(Class<?> type) {
            return false;
        }
    }
}
