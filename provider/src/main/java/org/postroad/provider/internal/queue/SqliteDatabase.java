// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Deque;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedDeque;
import javax.sql.DataSource;
import org.postroad.api.Printable;

/**
 * A queue in a file of its own, for one process at a time.
 *
 * <p>Whoever writes while another one commits waits, and is committed together with all who wait ({@link GroupCommit}). Reading
 * waits for nobody. No thread of its own.
 */
final class SqliteDatabase implements Database {

    /** What a URL begins with. */
    static final String PREFIX = "jdbc:sqlite:";

    /** Connections for reading that are kept. */
    private static final int MAX_READERS = 32;

    /** Pages of 4 KiB that gather in the write-ahead log before they are copied: most of a message is gone by then. */
    private static final int WAL_PAGES = 8000;

    private static final String DRIVER = "org.sqlite.JDBC";

    private final Driver driver;
    private final String url;
    private final QueueFile file;
    private final GroupCommit writers;
    private final Deque<Connection> readers = new ConcurrentLinkedDeque<>();
    private final DataSource scheduling;
    private final Connection schedulersOwn;
    private volatile boolean closed;

    /**
     * Opens it; makes the file, and its directory for the user alone, where they are missing.
     *
     * @throws QueueException if that is not possible, or another process has it open; the message says what to do
     */
    SqliteDatabase(String url) {
        Path named = file(url);
        this.driver = driver();
        this.file = new QueueFile(named);
        this.url = PREFIX + file.path();
        boolean open = false;
        try {
            this.writers = new GroupCommit(KeptStatements.on(connect("FULL")), file::check);
            // Who visits whom is found anew after a crash; a disk need not be waited for.
            this.schedulersOwn = connect("NORMAL");
            this.scheduling = new SharedConnection(schedulersOwn, writers);
            lockAgain(named);
            open = true;
        } catch (SQLException e) {
            throw new QueueException("The queue in " + named + " cannot be opened: " + e.getMessage(), e);
        } finally {
            if (!open) {
                file.close();
            }
        }
    }

    private void lockAgain(Path named) {
        boolean locked = false;
        try {
            file.lockAgain(named);
            locked = true;
        } finally {
            if (!locked) {
                writers.close();
                close(schedulersOwn);
            }
        }
    }

    /**
     * The file that a URL means, without links.
     *
     * @throws QueueException if it means none
     */
    static Path realFile(String url) {
        Path named = file(url);
        try {
            return FileGuard.real(named);
        } catch (IOException e) {
            throw new QueueException("The queue in " + named + " cannot be opened: " + Printable.describe(e), e);
        }
    }

    static Path file(String url) {
        String path = url.startsWith(PREFIX) ? url.substring(PREFIX.length()) : "";
        if (path.isBlank() || path.startsWith(":") || path.startsWith("file:") || path.indexOf('?') >= 0) {
            // The rest of a URL of another database may have a password in it.
            String shown = url.startsWith(PREFIX) ? url : url.replaceFirst("(//|\\?).*", "...");
            throw new QueueException("The queue cannot be at " + Printable.quote(shown) + "; allowed is " + PREFIX
                    + " and the path of a file, such as " + PREFIX + "/var/lib/app/queue.db");
        }
        return home(path, url).toAbsolutePath();
    }

    /** As a shell reads it: SQLite would make a directory of that name. */
    private static Path home(String path, String url) {
        if (path.equals("~") || path.startsWith("~/")) {
            return Path.of(System.getProperty("user.home"), path.substring(1));
        }
        if (path.startsWith("~")) {
            throw new QueueException("The queue cannot be at " + Printable.quote(url)
                    + ": ~/ is the home directory of the user of this process, and no other is known; allowed is "
                    + PREFIX
                    + " and the path of a file, such as " + PREFIX + "~/queue.db or " + PREFIX
                    + "/var/lib/app/queue.db");
        }
        return Path.of(path);
    }

    /** By its name: the class loader of the DriverManager need not see it in a container. */
    private static Driver driver() {
        try {
            return Class.forName(DRIVER, true, SqliteDatabase.class.getClassLoader())
                    .asSubclass(Driver.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new QueueException(
                    "The queue needs the SQLite driver: add org.xerial:sqlite-jdbc, or set mail.mx.queue.datasource to a DataSource"
                            + " of your own",
                    e);
        }
    }

    private Connection connect(String synchronous) throws SQLException {
        Properties properties = new Properties();
        // Whoever writes says so at the beginning: two who begin as readers could never both go on.
        properties.setProperty("transaction_mode", "IMMEDIATE");
        Connection connection = driver.connect(url, properties);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 30000");
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = " + synchronous);
            statement.execute("PRAGMA foreign_keys = ON");
            statement.execute("PRAGMA wal_autocheckpoint = " + WAL_PAGES);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    @Override
    public <T> T write(Work<T> work) throws SQLException, InterruptedException {
        return writers.write(work);
    }

    @Override
    public <T> T read(Work<T> work) throws SQLException {
        if (closed) {
            throw GroupCommit.closed();
        }
        Connection kept = readers.poll();
        Connection connection = kept == null ? KeptStatements.on(connect("FULL")) : kept;
        boolean sound = false;
        try {
            T result = work.with(connection);
            sound = true;
            return result;
        } finally {
            if (!sound || closed || readers.size() >= MAX_READERS) {
                connection.close();
            } else {
                readers.add(connection);
            }
        }
    }

    @Override
    public void takeOver() throws InterruptedException {
        try {
            write(connection -> Sql.update(
                    connection, "UPDATE postroad_task SET picked = 0, picked_by = NULL, last_heartbeat = NULL"));
        } catch (SQLException e) {
            throw new QueueException("The queue cannot be written: " + e.getMessage(), e);
        }
    }

    @Override
    public DataSource dataSource() {
        return scheduling;
    }

    @Override
    public String place() {
        return url.substring(PREFIX.length());
    }

    @Override
    public Dialect dialect() {
        return Dialect.SQLITE;
    }

    @Override
    public void close() {
        writers.enter();
        try {
            closed = true;
            writers.close();
            close(schedulersOwn);
            for (Connection reader = readers.poll(); reader != null; reader = readers.poll()) {
                close(reader);
            }
            file.close();
        } finally {
            writers.leave();
        }
    }

    static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            System.getLogger(SqliteDatabase.class.getName())
                    .log(System.Logger.Level.WARNING, "A connection to the queue could not be closed", e);
        }
    }
}
