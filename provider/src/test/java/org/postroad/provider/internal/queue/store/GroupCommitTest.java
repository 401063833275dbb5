// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which writes share a commit, and the result of each. */
@Timeout(300)
class GroupCommitTest {

    @TempDir
    Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch go = new CountDownLatch(1);
    private GroupCommit writers;

    @BeforeEach
    void open() throws SQLException {
        writers = new GroupCommit(connect());
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        writers.close();
    }

    private Connection connect() throws SQLException {
        Connection connection = DriverManager.getConnection(SqliteDatabase.PREFIX + directory.resolve("queue.db"));
        Sql.update(connection, "CREATE TABLE IF NOT EXISTS t (k INTEGER PRIMARY KEY)");
        return connection;
    }

    private List<Integer> keys() throws SQLException {
        try (Connection connection = connect()) {
            return Sql.query(connection, "SELECT k FROM t ORDER BY k", row -> row.getInt(1));
        }
    }

    private static int insert(Connection connection, int key) throws SQLException {
        return Sql.update(connection, "INSERT INTO t VALUES (?)", key);
    }

    private Callable<Integer> inserting(int key) {
        return () -> writers.write(connection -> insert(connection, key));
    }

    /** Begins to write key 0 and returns. The write waits for {@code go}. */
    private Future<?> insertAndHold() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        Future<?> write = threads.submit(() -> writers.write(connection -> {
            begun.countDown();
            await(go);
            return insert(connection, 0);
        }));
        begun.await();
        return write;
    }

    private void awaitWaiting(int wanted) {
        while (writers.waiting() != wanted) {
            Thread.onSpinWait();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void get(Future<?> write) throws Exception {
        write.get(30, TimeUnit.SECONDS);
    }

    @Test
    void queue_writesThatWaitForACommitShareTheNext() throws Exception {
        Future<?> first = insertAndHold();
        List<Future<?>> others = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            others.add(threads.submit(inserting(i)));
        }
        awaitWaiting(20);
        go.countDown();
        get(first);
        for (Future<?> other : others) {
            get(other);
        }
        assertThat(keys()).hasSize(21);
        assertThat(writers.commits()).isEqualTo(2); // one for the first, one for the twenty others
    }

    @Test
    void queue_theNumberOfWritesInACommitHasALimit() throws Exception {
        Future<?> first = insertAndHold();
        List<Future<?>> others = new ArrayList<>();
        for (int i = 1; i <= GroupCommit.MAX_BATCH + 1; i++) {
            others.add(threads.submit(inserting(i)));
        }
        awaitWaiting(GroupCommit.MAX_BATCH + 1);
        go.countDown();
        get(first);
        for (Future<?> other : others) {
            get(other);
        }
        assertThat(keys()).hasSize(GroupCommit.MAX_BATCH + 2);
        assertThat(writers.commits()).isEqualTo(3);
    }

    @Test
    void queue_aFailedWriteDoesNotAffectOthers() throws Exception {
        Future<?> first = insertAndHold();
        Future<?> good = threads.submit(inserting(1));
        Future<?> bad = threads.submit(() -> writers.write(connection -> {
            insert(connection, 2);
            return insert(connection, 0);
        }));
        Future<?> alsoGood = threads.submit(inserting(3));
        awaitWaiting(3);
        go.countDown();
        get(first);
        get(good);
        get(alsoGood);
        assertThatThrownBy(() -> get(bad)).hasRootCauseInstanceOf(SQLException.class);
        assertThat(keys()).containsExactly(0, 1, 3);
    }

    @Test
    void queue_anErrorOfOneWriteFailsAllOfItsCommit() throws Exception {
        Future<?> first = insertAndHold();
        Future<?> bad = threads.submit(() -> writers.write(connection -> {
            throw new AssertionError("a defect");
        }));
        awaitWaiting(1);
        Future<?> other = threads.submit(inserting(1));
        awaitWaiting(2);
        go.countDown();
        get(first);
        for (Future<?> write : List.of(bad, other)) {
            assertThatThrownBy(() -> get(write)).hasRootCauseMessage("a defect");
        }
        assertThat(keys()).containsExactly(0);
        get(threads.submit(inserting(2)));
        assertThat(keys()).containsExactly(0, 2);
    }

    @Test
    void queue_anInterruptWhileWaitingWritesNothing() throws Exception {
        Future<?> first = insertAndHold();
        Future<?> second = threads.submit(inserting(1));
        awaitWaiting(1);
        second.cancel(true);
        awaitWaiting(0);
        go.countDown();
        get(first);
        assertThat(keys()).containsExactly(0);
    }

    @Test
    void queue_anInterruptDuringTheWriteIsKept() throws Exception {
        Future<Boolean> interrupted = threads.submit(() -> {
            writers.write(connection -> {
                Thread.currentThread().interrupt();
                return insert(connection, 0);
            });
            return Thread.interrupted();
        });
        assertThat(interrupted.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(keys()).containsExactly(0);
    }

    @Test
    void queue_aRequestForTheTurnComesBeforeWaitingWrites() throws Exception {
        Future<?> first = insertAndHold();
        Future<List<Integer>> scheduler = threads.submit(() -> {
            writers.lockWrites();
            try {
                return keys();
            } finally {
                writers.unlockWrites();
            }
        });
        while (!writers.hasLockWaiter()) {
            Thread.onSpinWait();
        }
        Future<?> second = threads.submit(inserting(1));
        awaitWaiting(1);
        go.countDown();
        assertThat(scheduler.get(30, TimeUnit.SECONDS)).containsExactly(0);
        get(first);
        get(second);
        assertThat(keys()).containsExactly(0, 1);
    }

    @Test
    void queue_nothingIsWrittenDuringATurn() throws Exception {
        writers.lockWrites();
        Future<?> write;
        try {
            write = threads.submit(inserting(0));
            awaitWaiting(1);
            assertThat(keys()).isEmpty();
        } finally {
            writers.unlockWrites();
        }
        get(write);
        assertThat(keys()).containsExactly(0);
    }

    @Test
    void queue_writesThatWaitAtTheCloseFail() throws Exception {
        writers.lockWrites();
        Future<?> write;
        try {
            write = threads.submit(inserting(0));
            awaitWaiting(1);
            writers.close();
        } finally {
            writers.unlockWrites();
        }
        assertThatThrownBy(() -> get(write)).hasRootCauseMessage("The queue is closed");
        assertThat(keys()).isEmpty();
    }
}
