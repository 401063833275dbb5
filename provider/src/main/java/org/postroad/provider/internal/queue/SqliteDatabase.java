// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.postroad.api.Printable;

/**
 * A queue in a file of its own, for one process at a time.
 *
 * <p>Whoever writes while another one commits waits, and is committed together with all who wait (group commit): the disk is waited for once
 * for many. Reading waits for nobody. No thread of its own.
 */
final class SqliteDatabase implements Database {

    /** What a URL begins with. */
    static final String PREFIX = "jdbc:sqlite:";

    /** Writes that are committed together at most. */
    static final int MAX_BATCH = 200;

    /** Connections for reading that are kept. */
    private static final int MAX_READERS = 8;

    private static final String DRIVER = "org.sqlite.JDBC";

    private final Driver driver;
    private final String url;
    private final FileChannel lockFile;
    private final Connection writer;
    private final Deque<Connection> readers = new ConcurrentLinkedDeque<>();
    private final ConcurrentLinkedQueue<Pending<?>> waiting = new ConcurrentLinkedQueue<>();
    private final ReentrantLock writing = new ReentrantLock(true);
    private final DataSource scheduling;
    private final Connection schedulersOwn;
    private volatile boolean closed;
    private volatile long commits;

    /**
     * Opens it; makes the file, and its directory for the user alone, where they are missing.
     *
     * @throws QueueException if that is not possible, or another process has it open; the message says what to do
     */
    SqliteDatabase(String url) {
        Path file = file(url);
        this.url = PREFIX + file;
        this.driver = driver();
        this.lockFile = lock(file);
        boolean open = false;
        try {
            this.writer = connect("FULL");
            // Who visits whom is found anew after a crash; a disk need not be waited for.
            this.schedulersOwn = connect("NORMAL");
            this.scheduling = new SharedConnection(schedulersOwn, writing);
            open = true;
        } catch (SQLException e) {
            throw new QueueException("The queue in " + file + " cannot be opened: " + e.getMessage(), e);
        } finally {
            if (!open) {
                unlock();
            }
        }
    }

    static Path file(String url) {
        String path = url.startsWith(PREFIX) ? url.substring(PREFIX.length()) : "";
        if (path.isBlank() || path.startsWith(":") || path.startsWith("file:") || path.indexOf('?') >= 0) {
            throw new QueueException("The queue cannot be at " + Printable.quote(url) + "; allowed is " + PREFIX
                    + " and the path of a file, such as " + PREFIX + "/var/lib/app/queue.db");
        }
        return Path.of(path).toAbsolutePath();
    }

    /** By its name: the class loader of the DriverManager need not see it in a container. */
    private static Driver driver() {
        try {
            return (Driver) Class.forName(DRIVER, true, SqliteDatabase.class.getClassLoader())
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new QueueException(
                    "The queue needs the SQLite driver: add org.xerial:sqlite-jdbc, or set mail.mx.queue.datasource to a DataSource"
                            + " of your own",
                    e);
        }
    }

    private static FileChannel lock(Path file) {
        try {
            makeDirectory(file.resolveSibling(".").normalize());
            FileChannel channel = FileChannel.open(
                    file.resolveSibling(file.getFileName() + ".lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            if (!isLocked(channel)) {
                channel.close();
                throw new QueueException("The queue in " + file
                        + " is in use by another process, or by another class loader of this one; for several, use a DataSource"
                        + " (mail.mx.queue.datasource), such as one of PostgreSQL");
            }
            return channel;
        } catch (IOException e) {
            throw new QueueException("The queue in " + file + " cannot be opened: " + e, e);
        }
    }

    /** The lock lasts as long as the channel. */
    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException sameProcess) {
            return false;
        }
    }

    private static void makeDirectory(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        if (posix) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(directory);
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
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    @Override
    public <T> T write(Work<T> work) throws SQLException, InterruptedException {
        Pending<T> own = new Pending<>(work);
        waiting.add(own);
        boolean interrupted = false;
        try {
            writing.lockInterruptibly();
        } catch (InterruptedException e) {
            if (waiting.remove(own)) {
                throw e;
            }
            writing.lock(); // it is being done
            interrupted = true;
        }
        try {
            while (!own.done) {
                commitWaiting();
            }
        } finally {
            writing.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return own.result();
    }

    /** All that wait; where one of them fails, each for itself. */
    private void commitWaiting() {
        List<Pending<?>> batch = new ArrayList<>();
        for (Pending<?> next = waiting.poll(); next != null; next = batch.size() < MAX_BATCH ? waiting.poll() : null) {
            batch.add(next);
        }
        try {
            commit(batch);
        } catch (SQLException | RuntimeException e) {
            if (batch.size() == 1) {
                batch.get(0).fail(e);
                return;
            }
            for (Pending<?> each : batch) {
                try {
                    commit(List.of(each));
                } catch (SQLException | RuntimeException own) {
                    each.fail(own);
                }
            }
        }
    }

    private void commit(List<Pending<?>> batch) throws SQLException {
        checkOpen();
        Database.inTransaction(writer, connection -> {
            for (Pending<?> each : batch) {
                each.run(connection);
            }
            return batch;
        });
        commits++;
        batch.forEach(Pending::succeed);
    }

    private void checkOpen() throws SQLException {
        if (closed) {
            throw new SQLException("The queue is closed");
        }
    }

    /** How many transactions were committed. */
    long commits() {
        return commits;
    }

    /** How many writes wait for their turn. */
    int waiting() {
        return waiting.size();
    }

    @Override
    public <T> T read(Work<T> work) throws SQLException {
        checkOpen();
        Connection kept = readers.poll();
        Connection connection = kept == null ? connect("FULL") : kept;
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
        writing.lock();
        try {
            closed = true;
            close(writer);
            close(schedulersOwn);
            for (Connection reader = readers.poll(); reader != null; reader = readers.poll()) {
                close(reader);
            }
            unlock();
        } finally {
            writing.unlock();
        }
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            System.getLogger(SqliteDatabase.class.getName())
                    .log(System.Logger.Level.WARNING, "A connection to the queue could not be closed", e);
        }
    }

    private void unlock() {
        try {
            lockFile.close();
        } catch (IOException e) {
            System.getLogger(SqliteDatabase.class.getName())
                    .log(System.Logger.Level.WARNING, "The lock of the queue could not be released", e);
        }
    }

    /** A write, and what became of it. Its fields are under the lock. */
    private static final class Pending<T> {

        private final Work<T> work;
        private boolean done;
        private Optional<T> result = Optional.empty();
        private Optional<Exception> failure = Optional.empty();

        Pending(Work<T> work) {
            this.work = work;
        }

        void run(Connection connection) throws SQLException {
            result = Optional.ofNullable(work.with(connection));
        }

        void succeed() {
            done = true;
        }

        void fail(Exception e) {
            failure = Optional.of(e);
            done = true;
        }

        T result() throws SQLException {
            if (failure.isPresent()) {
                Exception e = failure.get();
                if (e instanceof RuntimeException runtime) {
                    throw runtime;
                }
                throw new SQLException(e.getMessage(), e);
            }
            return result.orElseThrow();
        }
    }
}
