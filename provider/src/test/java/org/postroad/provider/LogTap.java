// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Hears what is logged, at every level, and keeps it from the console. Thread-safe. */
public final class LogTap implements AutoCloseable {

    private final List<LogRecord> records = new CopyOnWriteArrayList<>();
    private final Logger logger; // held, for nobody else holds it
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            records.add(entry);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private LogTap(String name) {
        this.logger = Logger.getLogger(name);
        handler.setLevel(Level.ALL);
        logger.setLevel(Level.ALL);
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
    }

    /** Of everything that is ours. */
    public static LogTap open() {
        return new LogTap("org.postroad");
    }

    /** Of what a class logs. */
    public static LogTap of(Class<?> type) {
        return new LogTap(type.getName());
    }

    public List<LogRecord> records() {
        return List.copyOf(records);
    }

    /** Level and message of each. */
    public List<String> messages() {
        return records.stream()
                .map(entry -> entry.getLevel() + " " + entry.getMessage())
                .toList();
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
        logger.setLevel(null);
        logger.setUseParentHandlers(true);
    }
}
