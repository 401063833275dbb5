// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Collects log records of every level and keeps them from the console. As an extension ({@code @RegisterExtension}) it ends with the test
 * and prints the records if the test failed. Thread-safe.
 */
public final class LogTap implements AutoCloseable, AfterEachCallback {

    private final List<LogRecord> records = new CopyOnWriteArrayList<>();
    private final List<Logger> loggers; // held strongly, because the JDK holds loggers weakly
    private final SimpleFormatter formatter = new SimpleFormatter();
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

    private LogTap(Stream<String> names) {
        this.loggers = names.map(Logger::getLogger).toList();
        handler.setLevel(Level.ALL);
        for (Logger logger : loggers) {
            logger.setLevel(Level.ALL);
            logger.setUseParentHandlers(false);
            logger.addHandler(handler);
        }
    }

    /** Collects what all classes of the provider log, except for the log of deliveries. */
    public static LogTap open() {
        return new LogTap(Stream.of("org.postroad.provider"));
    }

    /** Collects what these classes log. */
    public static LogTap of(Class<?>... types) {
        return new LogTap(Stream.of(types).map(Class::getName));
    }

    /** Collects what is logged to this logger. */
    public static LogTap of(String name) {
        return new LogTap(Stream.of(name));
    }

    public List<LogRecord> records() {
        return List.copyOf(records);
    }

    /** Returns the level and message of each record. */
    public List<String> messages() {
        return messages(Level.ALL);
    }

    /** Returns the level and message of warnings and errors. */
    public List<String> problems() {
        return messages(Level.WARNING);
    }

    private List<String> messages(Level least) {
        return records.stream()
                .filter(entry -> entry.getLevel().intValue() >= least.intValue())
                .map(entry -> entry.getLevel() + " " + formatter.formatMessage(entry))
                .toList();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        close();
        if (context.getExecutionException().isPresent()) {
            records.forEach(entry -> System.out.print(formatter.format(entry)));
        }
    }

    @Override
    public void close() {
        for (Logger logger : loggers) {
            logger.removeHandler(handler);
            logger.setLevel(null);
            logger.setUseParentHandlers(true);
        }
    }
}
