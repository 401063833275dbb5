// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.postroad.api.Printable;

/**
 * What Postroad logs, on the standard error: warnings as one line each, without those about deliveries; with {@code --debug} all that it logs at INFO and above, with stack
 * traces. The JDK creates it when the first line is logged.
 */
public final class LogLines extends Handler {

    private static final String CONFIGURATION = "java.util.logging.config.class";
    private static final String DEBUG = "postroad.cli.debug";

    private final SimpleFormatter formatter = new SimpleFormatter();
    private final boolean debug = Boolean.getBoolean(DEBUG);

    /**
     * One line for each recipient, which the output of the command has as well. The JDK forgets loggers that nobody refers to. Not static: a
     * logger that is created before the JDK uses this class makes it use the default configuration.
     */
    private final Logger deliveries;

    /** Installs itself as the only handler. */
    public LogLines() {
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        root.setLevel(debug ? Level.INFO : Level.WARNING);
        root.addHandler(this);
        deliveries = Logger.getLogger("org.postroad.delivery");
        deliveries.setLevel(debug ? Level.INFO : Level.OFF);
    }

    /** Makes the JDK use this class, as soon as there is something to log. */
    static void install(boolean debug) {
        System.setProperty(CONFIGURATION, LogLines.class.getName());
        System.setProperty(DEBUG, String.valueOf(debug));
    }

    @Override
    public void publish(LogRecord entry) {
        String level = entry.getLevel() == Level.SEVERE ? "error" : "warning";
        System.err.print(
                debug
                        ? formatter.format(entry)
                        : "postroad: " + level + ": " + Printable.clean(formatter.formatMessage(entry))
                                + System.lineSeparator());
    }

    @Override
    public void flush() {
        System.err.flush();
    }

    @Override
    public void close() {
        flush();
    }
}
