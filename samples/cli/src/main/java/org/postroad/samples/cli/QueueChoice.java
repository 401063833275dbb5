// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import jakarta.mail.MessagingException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postroad.api.Printable;
import org.postroad.provider.MailQueue;
import picocli.CommandLine.Option;

/** Which queue a command works on. The only place that opens one. */
final class QueueChoice {

    private static final String URL = "mail.mx.queue.url";
    private static final String DATA_SOURCE = "mail.mx.queue.datasource";
    private static final String JDBC = "jdbc:";
    private static final String SQLITE = "jdbc:sqlite:";

    @Option(
            names = "--queue",
            paramLabel = "FILE|URL",
            description = "The queue: its SQLite file, or a JDBC URL of a database, whose driver must be on the class"
                    + " path. Default: that of the settings (mail.mx.queue.url), else ~/.postroad/queue.db.")
    private @Nullable String location;

    /** Returns whether the command line names a queue. */
    boolean isGiven() {
        return location != null;
    }

    /**
     * Attaches to the queue, which another process may have open. Nothing is delivered.
     *
     * @throws CliException if it cannot be opened
     */
    MailQueue attach(CommonOptions options) {
        try {
            return MailQueue.attach(options.session(properties(options)));
        } catch (MessagingException e) {
            throw QueueErrors.of(e);
        }
    }

    /**
     * Returns the settings with the location of the queue.
     *
     * @throws CliException if the settings cannot be read, or there is no driver for the database
     */
    Properties properties(CommonOptions options) {
        Properties properties = options.properties();
        if (location != null) {
            properties.remove(DATA_SOURCE);
            properties.setProperty(URL, url(location));
        }
        String url = properties.getProperty(URL, "");
        if (url.startsWith(JDBC) && !url.startsWith(SQLITE)) {
            checkDriver(url);
            properties.remove(URL);
            properties.put(DATA_SOURCE, new JdbcUrlSource(url));
        }
        return properties;
    }

    private static String url(String location) {
        if (location.startsWith(JDBC)) {
            return location;
        } else if (location.isEmpty()) {
            throw new CliException(ExitCode.USAGE, "--queue is empty; it is the SQLite file of a queue, or a JDBC URL");
        }
        return SQLITE + Path.of(location).toAbsolutePath().normalize();
    }

    private static void checkDriver(String url) {
        try {
            DriverManager.getDriver(url);
        } catch (SQLException e) {
            String scheme = url.substring(0, url.indexOf(':', JDBC.length()) + 1);
            throw new CliException(
                    ExitCode.USAGE,
                    "There is no JDBC driver for " + Printable.quote(scheme)
                            + " on the class path; set POSTROAD_CLASSPATH to its jar",
                    e);
        }
    }
}
