// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Deque;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.postroad.api.Printable;

/**
 * The SQLite file of a queue that another process delivers, or none at the moment. Takes no lock but those of SQLite's transactions, creates
 * no file of the queue and changes no mode. If the file can only be read, reading works, and each write fails. Owns no thread.
 */
final class AttachedFile implements Database {

    /** How long a transaction waits for those of other processes. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Maximum number of idle connections in the pool. */
    private static final int MAX_IDLE = 4;

    /** The flag of SQLite to open a file for reading and writing, and not to create it. */
    private static final String READWRITE = "2";

    // Result codes of SQLite.
    private static final int BUSY = 5;
    private static final int READONLY = 8;
    private static final int CANTOPEN = 14;

    private final Path path;
    private final Optional<Object> key;
    private final Driver driver;
    private final Duration patience;
    private final Runnable unmark;
    private final ReentrantLock writing = new ReentrantLock();
    private final Deque<Connection> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    /**
     * @param key identifies the file, if the file system can do that
     * @param patience how long a transaction waits for those of other processes
     * @param unmark runs after the last connection was closed
     */
    AttachedFile(Path path, Optional<Object> key, Duration patience, Runnable unmark) {
        this.path = path;
        this.patience = patience;
        this.key = key;
        this.driver = SqliteDatabase.driver();
        this.unmark = unmark;
    }

    /**
     * Opens the file that a URL refers to.
     *
     * @throws QueueException if there is none, it cannot be read, or the queue is open in this JVM; the message describes the remedy
     */
    static AttachedFile open(String url) {
        Path named = SqliteDatabase.file(url);
        Path real = SqliteDatabase.realFile(url);
        if (!Files.isRegularFile(real)) {
            throw new QueueException("There is no queue in " + named + ": "
                    + (Files.exists(real) ? "it is not a file" : "the file does not exist")
                    + ". The process that delivers a queue creates it when it opens it");
        }
        try {
            Optional<Object> key = QueueFile.key(real);
            String identity = QueueFile.identity(real, key);
            AttachedMark mark = AttachedMark.set(named, identity);
            boolean open = false;
            try {
                if (QueueFile.isOpenHere(identity)) {
                    throw new QueueException("The queue in " + named
                            + " is open in this JVM. Use MailQueue.open, which returns another handle to it; MailQueue.attach is for"
                            + " other processes");
                }
                AttachedFile file = new AttachedFile(real, key, PATIENCE, mark::close);
                open = true;
                return file;
            } finally {
                if (!open) {
                    mark.close();
                }
            }
        } catch (IOException e) {
            throw new QueueException("The queue in " + named + " cannot be read: " + Printable.describe(e), e);
        }
    }

    private Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("open_mode", READWRITE);
        properties.setProperty("transaction_mode", "IMMEDIATE");
        Connection connection = driver.connect(SqliteDatabase.PREFIX + path, properties);
        boolean usable = false;
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = " + patience.toMillis());
            statement.execute("PRAGMA synchronous = FULL");
            statement.execute("PRAGMA foreign_keys = ON");
            statement.execute("PRAGMA wal_autocheckpoint = " + SqliteDatabase.WAL_PAGES);
            usable = true;
            return connection;
        } finally {
            if (!usable) {
                Sql.close(connection);
            }
        }
    }

    /** One writer of this process at a time, so that they do not wait for each other by SQLite's busy handler, which sleeps. */
    @Override
    public <T> T write(Work<T> work) throws SQLException, InterruptedException {
        writing.lockInterruptibly();
        try {
            checkFile();
            T result = with(connection -> Database.inTransaction(connection, work));
            checkFile(); // what was written to a removed file is lost
            return result;
        } finally {
            writing.unlock();
        }
    }

    private void checkFile() throws SQLException {
        Optional<Object> now;
        try {
            now = QueueFile.key(path);
        } catch (IOException e) {
            throw new QueueFile.FileReplacedException(path);
        }
        if (key.isPresent() && !key.equals(now)) {
            throw new QueueFile.FileReplacedException(path);
        }
    }

    @Override
    public <T> T read(Work<T> work) throws SQLException {
        return with(work);
    }

    private <T> T with(Work<T> work) throws SQLException {
        try {
            return withConnection(work);
        } catch (SQLException e) {
            Optional<String> why = explain(e);
            if (why.isPresent()) {
                throw new SQLException(why.get() + " (" + e.getMessage() + ")", e);
            }
            throw e;
        }
    }

    private <T> T withConnection(Work<T> work) throws SQLException {
        if (closed) {
            throw GroupCommit.closed();
        }
        Connection kept = idle.poll();
        Connection connection = kept == null ? connect() : kept;
        boolean sound = false;
        try {
            T result = work.run(connection);
            sound = true;
            return result;
        } finally {
            if (!sound || idle.size() >= MAX_IDLE) {
                Sql.close(connection);
            } else {
                idle.add(connection);
                if (closed) {
                    closeIdle();
                }
            }
        }
    }

    private Optional<String> explain(SQLException e) {
        return switch (e.getErrorCode() & 0xff) {
            case BUSY ->
                Optional.of("another process has been writing to " + path + " for " + patience.toSeconds()
                        + " seconds; try again");
            case READONLY ->
                Optional.of("this process may only read " + path + "; changes need the user that owns the file");
            case CANTOPEN ->
                Optional.of("this process may not open " + path
                        + " and the files beside it, which needs the user that owns them");
            default -> Optional.empty();
        };
    }

    private void closeIdle() {
        for (Connection connection = idle.poll(); connection != null; connection = idle.poll()) {
            Sql.close(connection);
        }
    }

    /** Does nothing: the leases are those of the process that delivers. */
    @Override
    public void clearStaleLeases() {}

    /** @throws IllegalStateException always: an attached process has no scheduler */
    @Override
    public DataSource dataSource() {
        throw new IllegalStateException("There is no scheduler beside the process that delivers the queue");
    }

    @Override
    public String description() {
        return path.toString();
    }

    @Override
    public Dialect dialect() {
        return Dialect.SQLITE;
    }

    /** Waits for the transaction in progress. Idempotent. */
    @Override
    public void close() {
        writing.lock();
        try {
            if (!closed) {
                closed = true;
                closeIdle();
                unmark.run();
            }
        } finally {
            writing.unlock();
        }
    }
}
