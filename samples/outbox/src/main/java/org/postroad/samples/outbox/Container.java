// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.outbox;

import com.arjuna.ats.arjuna.common.CoreEnvironmentBeanException;
import com.arjuna.ats.arjuna.common.ObjectStoreEnvironmentBean;
import com.arjuna.ats.arjuna.common.arjPropertyManager;
import com.arjuna.ats.internal.arjuna.objectstore.VolatileStore;
import com.arjuna.ats.internal.jta.transaction.arjunacore.TransactionSynchronizationRegistryImple;
import com.arjuna.ats.jta.TransactionManager;
import com.arjuna.common.internal.util.propertyservice.BeanPopulator;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.narayana.NarayanaTransactionIntegration;
import jakarta.transaction.TransactionSynchronizationRegistry;
import jakarta.transaction.UserTransaction;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.xa.PGXADataSource;

/** The services of a container: a DataSource, transactions, and the registry for callbacks at their end. */
record Container(
        AgroalDataSource database, UserTransaction transaction, TransactionSynchronizationRegistry transactions)
        implements AutoCloseable {

    /** More connections than concurrent deliveries, so that none has to wait for a connection. */
    private static final int CONNECTIONS = 10;

    private static final String NODE = "1";
    private static final @Nullable String[] STORES = {null, "communicationStore", "stateStore"};

    static Container start(String url) throws SQLException, CoreEnvironmentBeanException {
        arjPropertyManager.getCoreEnvironmentBean().setNodeIdentifier(NODE);
        // It would listen on a port.
        arjPropertyManager.getCoordinatorEnvironmentBean().setTransactionStatusManagerEnable(false);
        for (String store : STORES) { // in memory; a container has them on disk
            BeanPopulator.getNamedInstance(ObjectStoreEnvironmentBean.class, store)
                    .setObjectStoreType(VolatileStore.class.getName());
        }
        TransactionSynchronizationRegistry transactions = new TransactionSynchronizationRegistryImple();
        NarayanaTransactionIntegration integration =
                new NarayanaTransactionIntegration(TransactionManager.transactionManager(), transactions);
        AgroalDataSource database = AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.maxSize(CONNECTIONS)
                        .transactionIntegration(integration)
                        .connectionFactoryConfiguration(connections -> connections
                                .connectionProviderClass(PGXADataSource.class)
                                .jdbcUrl(url))));
        return new Container(database, com.arjuna.ats.jta.UserTransaction.userTransaction(), transactions);
    }

    @Override
    public void close() {
        database.close();
    }
}
