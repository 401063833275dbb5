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
    private final boolean marked;

    private JtaTransaction(JtaRegistry known, boolean marked) {
        this.known = known;
        this.marked = marked;
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
        return () -> JtaRegistry.find(properties).flatMap(JtaTransaction::of);
    }

    /** What is known of JTA on the calling thread. */
    public enum JtaState {
        /** The types of JTA are not visible to Postroad. */
        NOT_VISIBLE,
        /** There is no registry of transactions here. */
        NO_REGISTRY,
        NO_TRANSACTION,
        ACTIVE,
        MARKED_FOR_ROLLBACK
    }

    /**
     * Returns what is known of JTA on the calling thread.
     *
     * @throws SettingsException if the property {@code queue.transactions} is wrong
     */
    public static JtaState state(Properties properties) {
        if (!IS_VISIBLE) {
            return JtaState.NOT_VISIBLE;
        }
        return JtaRegistry.find(properties)
                .map(registry -> of(registry)
                        .map(found -> found.isMarkedForRollback() ? JtaState.MARKED_FOR_ROLLBACK : JtaState.ACTIVE)
                        .orElse(JtaState.NO_TRANSACTION))
                .orElse(JtaState.NO_REGISTRY);
    }

    private static Optional<ContainerTransaction> of(JtaRegistry registry) {
        return switch (registry.status()) {
            case Status.STATUS_ACTIVE -> Optional.of(new JtaTransaction(registry, false));
            case Status.STATUS_MARKED_ROLLBACK -> Optional.of(new JtaTransaction(registry, true));
            default -> Optional.empty();
        };
    }

    @Override
    public boolean isMarkedForRollback() {
        return marked;
    }

    @Override
    public void afterCommit(Runnable work) {
        known.afterCommit(work);
    }

    /** Uses the JTA types; loaded only if they are visible. */
    private record JtaRegistry(TransactionSynchronizationRegistry registry) {

        static Optional<JtaRegistry> find(Properties properties) {
            return QueueReader.transactions(properties, TransactionSynchronizationRegistry.class)
                    .or(JtaRegistry::ofContainer)
                    .or(() -> PluginDiscovery.bean(TransactionSynchronizationRegistry.class))
                    .map(JtaRegistry::new);
        }

        int status() {
            return registry.getTransactionStatus();
        }

        /** Looks up the registry of the container. The name is constant and belongs to the naming context of this JVM. */
        @SuppressWarnings("BanJNDI")
        private static Optional<TransactionSynchronizationRegistry> ofContainer() {
            try {
                return Optional.of(InitialContext.<TransactionSynchronizationRegistry>doLookup(REGISTRY));
            } catch (NamingException noContainer) {
                return Optional.empty();
            } catch (RuntimeException e) { // as Tomcat's naming context, on a thread without a context class loader
                System.getLogger(JtaTransaction.class.getName())
                        .log(System.Logger.Level.DEBUG, "The naming context cannot be used, so there is no JTA", e);
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
