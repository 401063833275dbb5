// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ThreadFactory;
import javax.sql.DataSource;
import org.postroad.api.DeliveryEvent;
import org.postroad.provider.internal.config.QueueReader;
import org.postroad.provider.internal.config.Settings;
import org.postroad.provider.internal.config.SettingsException;
import org.postroad.provider.internal.log.DeliveryLog;
import org.postroad.provider.internal.queue.AttachedQueue;
import org.postroad.provider.internal.queue.Environment;
import org.postroad.provider.internal.queue.QueueControl;
import org.postroad.provider.internal.queue.QueueSettings;
import org.postroad.provider.internal.queue.store.ContainerTransaction;
import org.postroad.provider.internal.queue.store.Database;
import org.postroad.provider.internal.queue.store.Databases;
import org.postroad.provider.internal.queue.store.QueueException;

/**
 * An attached queue with its listener. Of the settings, it reads those of the location and of the queue, the listener and what is logged.
 * Thread-safe.
 */
public final class QueueAttachment implements AutoCloseable {

    private final PluginDiscovery plugins;
    private final AttachedQueue queue;

    private QueueAttachment(PluginDiscovery plugins, AttachedQueue queue) {
        this.plugins = plugins;
        this.queue = queue;
    }

    /**
     * Attaches to the queue of these properties.
     *
     * @throws SettingsException if a property is wrong
     * @throws QueueException if there is no such queue, or it cannot be used
     */
    public static QueueAttachment of(Properties properties) throws InterruptedException {
        QueueLocation place = QueueLocation.of(properties);
        QueueSettings settings = QueueReader.read(properties);
        DeliveryLog log = Settings.deliveryLog(properties);
        PluginDiscovery plugins = PluginDiscovery.ofListener(properties);
        boolean attached = false;
        try {
            ClassLoader loader = Threads.callersLoader();
            ThreadFactory threads = Threads.platform("postroad-attached", loader);
            ContainerTransaction.TransactionSource container = JtaTransaction.source(properties);
            Optional<DataSource> dataSource = place.dataSource(properties);
            Database database = dataSource.isPresent()
                    ? Databases.attached(dataSource.get(), container, threads)
                    : Databases.attachedFile(place.fileUrl());
            AttachedQueue queue = new AttachedQueue(
                    database,
                    event -> notify(plugins, event, loader),
                    log,
                    settings,
                    new Environment(InstantSource.system(), new SecureRandom(), threads));
            attached = true;
            return new QueueAttachment(plugins, queue);
        } finally {
            if (!attached) {
                plugins.close();
            }
        }
    }

    private static void notify(PluginDiscovery plugins, DeliveryEvent event, ClassLoader loader) {
        plugins.plugins()
                .listener()
                .map(FailsafeListener::new)
                .ifPresent(listener -> Threads.run(() -> listener.on(event), loader));
    }

    /** Returns the control of the queue. */
    public QueueControl control() {
        return new QueueControl(queue);
    }

    /** Closes the connections to a file, and releases the listener. Idempotent. */
    @Override
    public void close() {
        queue.close();
        plugins.close();
    }
}
