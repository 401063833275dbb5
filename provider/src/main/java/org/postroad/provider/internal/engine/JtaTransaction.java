// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.Optional;
import java.util.Properties;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.postroad.provider.internal.config.QueueReader;
import org.postroad.provider.internal.config.SettingsException;
import org.postroad.provider.internal.queue.store.ContainerTransaction;

/** JTA transaction of the calling thread. It is never committed, rolled back or marked; only its status is read and its commit observed. */
public final class JtaTransaction implements ContainerTransaction {

    /** JNDI name of the registry in every container (Jakarta EE platform, EE.5.20). */
    private static final String REGISTRY = "java:comp/TransactionSynchronizationRegistry";

    private static final boolean IS_VISIBLE =
            PluginDiscovery.isVisible("jakarta.transaction.TransactionSynchronizationRegistry");

    private final JtaRegistry known;

    private JtaTransaction(JtaRegistry known) {
        this.known = known;
    }

    /**
     * Returns the source of the transactions of the calling thread; one without any if JTA is not visible.
     *
     * @throws SettingsException if the property {@code queue.transactions} is wrong
     */
    static TransactionSource source(Properties properties) {
        if (!IS_VISIBLE) {
            return TransactionSource.NONE;
        }
        JtaRegistry.find(properties);
        return new TransactionSource() {

            @Override
            public Optional<ContainerTransaction> current() {
                return JtaRegistry.with(properties, Status.STATUS_ACTIVE).map(JtaTransaction::new);
            }

            @Override
            public boolean isMarkedForRollback() {
                return JtaRegistry.with(properties, Status.STATUS_MARKED_ROLLBACK)
                        .isPresent();
            }
        };
    }

    @Override
    public void afterCommit(Runnable work) {
        known.afterCommit(work);
    }

    /** Uses the JTA types; loaded only if they are visible. */
    private record JtaRegistry(TransactionSynchronizationRegistry registry) {

        /** Returns the registry if the transaction of the calling thread has this status. */
        static Optional<JtaRegistry> with(Properties properties, int status) {
            return find(properties)
                    .filter(registry -> registry.getTransactionStatus() == status)
                    .map(JtaRegistry::new);
        }

        static Optional<TransactionSynchronizationRegistry> find(Properties properties) {
            return QueueReader.transactions(properties, TransactionSynchronizationRegistry.class)
                    .or(JtaRegistry::ofContainer)
                    .or(() -> PluginDiscovery.bean(TransactionSynchronizationRegistry.class));
        }

        /** Looks up the registry of the container. The name is constant and belongs to the naming context of this JVM. */
        @SuppressWarnings("BanJNDI")
        private static Optional<TransactionSynchronizationRegistry> ofContainer() {
            try {
                return Optional.of(InitialContext.<TransactionSynchronizationRegistry>doLookup(REGISTRY));
            } catch (NamingException noContainer) {
                return Optional.empty();
            }
        }

        void afterCommit(Runnable work) {
            registry.registerInterposedSynchronization(new Synchronization() {
                @Override
                public void beforeCompletion() {}

                @Override
                public void afterCompletion(int status) {
                    if (status == Status.STATUS_COMMITTED) {
                        work.run();
                    }
                }
            });
        }
    }
}
