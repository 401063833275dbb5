// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import java.util.Optional;
import java.util.Properties;
import javax.sql.DataSource;
import org.postroad.provider.internal.config.QueueReader;
import org.postroad.provider.internal.config.SettingsException;
import org.postroad.provider.internal.queue.store.Databases;

/** Location of a queue: a file, or a DataSource of the application. Queues with equal keys are the same. */
public final class QueueLocation {

    private final Object key;
    private final QueueReader.Location location;

    private QueueLocation(Object key, QueueReader.Location location) {
        this.key = key;
        this.location = location;
    }

    /**
     * A DataSource that settings name. A container may return another object at each lookup, and the same name can lead to another
     * DataSource in each application.
     */
    private record NamedDataSource(String name, ClassLoader application) {

        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * Reads the location. Nothing is looked up.
     *
     * @throws SettingsException if a property is wrong
     */
    public static QueueLocation of(Properties properties) {
        QueueReader.Location location = QueueReader.location(properties);
        Object key;
        if (location.dataSource().isPresent()) {
            key = location.dataSource().get();
        } else if (location.dataSourceName().isPresent()) {
            key = new NamedDataSource(location.dataSourceName().get(), Threads.applicationLoader());
        } else {
            key = Databases.normalized(location.url());
        }
        return new QueueLocation(key, location);
    }

    /** Returns the DataSource object, its name and the application, or the URL of the file. */
    Object key() {
        return key;
    }

    /** Returns the human-readable location. It does not show the URL of an application's database, which may contain a password. */
    public String name() {
        return location.dataSource()
                .map(source -> source.getClass().getSimpleName())
                .orElseGet(key::toString);
    }

    /** Returns the URL of the file, which is used if there is no DataSource. */
    String fileUrl() {
        return location.url();
    }

    /**
     * Returns the DataSource of the application; empty if the queue is a file. Looks it up, if settings name it.
     *
     * @param properties those of this location
     * @throws SettingsException if a property is wrong, or nothing is found
     */
    public Optional<DataSource> dataSource(Properties properties) {
        if (location.isFromCdi()) {
            return PluginDiscovery.dataSource();
        }
        return location.dataSourceName().isPresent()
                ? Optional.of(QueueReader.lookUpDataSource(properties))
                : location.dataSource();
    }
}
