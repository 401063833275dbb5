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
import org.postroad.provider.internal.queue.ContainerTransaction;

/** The transaction of a container that the calling thread is in. Nothing of it is touched but what is asked here. */
public final class JtaTransaction implements ContainerTransaction {

    /** Where each container has it (Jakarta EE platform, EE.5.20). */
    private static final String REGISTRY = "java:comp/TransactionSynchronizationRegistry";

    private static final boolean IS_VISIBLE =
            Discovery.isVisible("jakarta.transaction.TransactionSynchronizationRegistry");

    private final Known known;

    private JtaTransaction(Known known) {
        this.known = known;
    }

    /**
     * The transaction that is active here; empty where there is none, or no JTA.
     *
     * @throws IllegalArgumentException if the property {@code queue.transactions} is wrong
     */
    static Optional<ContainerTransaction> current(Properties properties) {
        return IS_VISIBLE ? Known.active(properties).map(JtaTransaction::new) : Optional.empty();
    }

    @Override
    public void afterCommit(Runnable work) {
        known.afterCommit(work);
    }

    /** Loaded only where JTA is visible. */
    private record Known(TransactionSynchronizationRegistry registry) {

        static Optional<Known> active(Properties properties) {
            return QueueReader.transactions(properties, TransactionSynchronizationRegistry.class)
                    .or(Known::ofContainer)
                    .or(() -> Discovery.bean(TransactionSynchronizationRegistry.class))
                    .filter(registry -> registry.getTransactionStatus() == Status.STATUS_ACTIVE)
                    .map(Known::new);
        }

        /** A constant name of this JVM's own. */
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
