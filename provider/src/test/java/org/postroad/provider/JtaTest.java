// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.arjuna.ats.arjuna.common.CoreEnvironmentBeanException;
import com.arjuna.ats.arjuna.common.ObjectStoreEnvironmentBean;
import com.arjuna.ats.arjuna.common.arjPropertyManager;
import com.arjuna.ats.internal.jta.transaction.arjunacore.TransactionSynchronizationRegistryImple;
import com.arjuna.ats.jta.TransactionManager;
import com.arjuna.common.internal.util.propertyservice.BeanPopulator;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.narayana.NarayanaTransactionIntegration;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.transaction.UserTransaction;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.xa.PGXADataSource;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.DomainReport;
import org.postroad.api.Mailbox;
import org.postroad.provider.internal.queue.TestPostgres;
import org.postroad.spi.DeliveryListener;

/** Mail as part of a JTA transaction: a real transaction manager, a real database. */
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
        database = enlisting(TestPostgres.newDatabaseUrl());
        properties.put("mail.mx.queue.datasource", database);
        properties.put("mail.mx.queue.transactions", new TransactionSynchronizationRegistryImple());
        properties.setProperty("mail.mx.queue.poll", "1h"); // so that only the commit can be what wakes the queue
        properties.put("mail.mx.listener", (DeliveryListener) event -> {
            if (event instanceof DeliveryEvent.Concluded one) {
                concluded.add(one.report());
            }
        });
    }

    @AfterEach
    void disconnect() {
        if (database != null) {
            database.close();
        }
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
    private static AgroalDataSource enlisting(String url) throws SQLException {
        NarayanaTransactionIntegration container = new NarayanaTransactionIntegration(
                TransactionManager.transactionManager(), new TransactionSynchronizationRegistryImple());
        return AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.maxSize(CONNECTIONS)
                        .transactionIntegration(container)
                        .connectionFactoryConfiguration(connections -> connections
                                .connectionProviderClass(PGXADataSource.class)
                                .jdbcUrl(url))));
    }
}
