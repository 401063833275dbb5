// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

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
 * A queue in an SQLite file of its own, which one process at a time delivers. Others may be attached to it ({@link AttachedFile}).
 *
 * <p>A writer waits while another one commits; all that wait are then committed together ({@link GroupCommit}). Reading never waits for
 * writers. Owns no thread.
 */
final class SqliteDatabase implements Database {

    /** Prefix of the URL. */
    static final String PREFIX = "jdbc:sqlite:";

    /** Maximum number of idle read connections in the pool. */
    private static final int MAX_READERS = 32;

    /** Pages of 4 KiB in the write-ahead log before a checkpoint. Most messages are delivered and deleted by then. */
    static final int WAL_PAGES = 8000;

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
     * Opens the file. Creates it, and its directory, with access for the owner only if they are missing.
     *
     * @throws QueueException if that fails, or another process has the file open; the message describes the remedy
     */
    SqliteDatabase(String url) {
        Path named = file(url);
        this.driver = driver();
        this.file = new QueueFile(named);
        this.url = PREFIX + file.path();
        boolean open = false;
        try {
            this.writers = new GroupCommit(StatementCache.on(connect("FULL")), file::check);
            // After a crash, the poll schedules visits again, so the scheduler's commits need not wait for the disk.
            this.schedulersOwn = connect("NORMAL");
            this.scheduling = new SingleConnectionDataSource(schedulersOwn, writers);
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
                Sql.close(schedulersOwn);
            }
        }
    }

    /**
     * Returns the file that a URL refers to, without symbolic links.
     *
     * @throws QueueException if it refers to none
     */
    static Path realFile(String url) {
        Path named = file(url);
        try {
            return FileGuard.resolveLinks(named);
        } catch (IOException e) {
            throw new QueueException("The queue in " + named + " cannot be opened: " + Printable.describe(e), e);
        }
    }

    static Path file(String url) {
        String path = url.startsWith(PREFIX) ? url.substring(PREFIX.length()) : "";
        if (path.isBlank() || path.startsWith(":") || path.startsWith("file:") || path.indexOf('?') >= 0) {
            // The rest of another database's URL may contain a password.
            String shown = url.startsWith(PREFIX) ? url : url.replaceFirst("(//|\\?).*", "...");
            throw new QueueException("The queue cannot be at " + Printable.quote(shown) + "; allowed is " + PREFIX
                    + " and the path of a file, such as " + PREFIX + "/var/lib/app/queue.db");
        }
        return home(path, url).toAbsolutePath();
    }

    /** Expands {@code ~} as a shell does. SQLite would take it for the name of a directory. */
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

    /** Loads the driver by name: in a container, the class loader of DriverManager may not see it. */
    static Driver driver() {
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
        // Take the write lock at BEGIN: two transactions that read first and then both write would block each other.
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
        Connection connection = kept == null ? StatementCache.on(connect("FULL")) : kept;
        boolean sound = false;
        try {
            T result = work.run(connection);
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
    public void clearStaleLeases() throws InterruptedException {
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
    public String description() {
        return url.substring(PREFIX.length());
    }

    @Override
    public Dialect dialect() {
        return Dialect.SQLITE;
    }

    @Override
    public void close() {
        writers.lockWrites();
        try {
            closed = true;
            writers.close();
            Sql.close(schedulersOwn);
            for (Connection reader = readers.poll(); reader != null; reader = readers.poll()) {
                Sql.close(reader);
            }
            file.close();
        } finally {
            writers.unlockWrites();
        }
    }
}
