// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads, limits, class loaders and cancellation of asynchronous sends. */
@Timeout(300)
class AsyncSendsTest {

    private static final int RUNNING = 2;
    private static final int WAITING = 3;

    /** Thrown for a send that cannot begin. */
    private static final class NeverBegun extends Exception {

        private static final long serialVersionUID = 1;

        NeverBegun(String message) {
            super(message);
        }
    }

    private final AsyncSends sends = new AsyncSends(RUNNING, WAITING);
    private final CountDownLatch release = new CountDownLatch(1);
    private final BlockingQueue<Thread> begun = new LinkedBlockingQueue<>();
    private final BlockingQueue<Thread> interrupted = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        release.countDown();
        sends.close();
    }

    /** A send that runs until it is released or interrupted. */
    private CompletableFuture<String> blocked() {
        return sends.submit(
                () -> {
                    begun.add(Thread.currentThread());
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        interrupted.add(Thread.currentThread());
                        throw e;
                    }
                    return "sent";
                },
                NeverBegun::new);
    }

    private static Thread next(BlockingQueue<Thread> threads) throws InterruptedException {
        Thread thread = threads.poll(60, TimeUnit.SECONDS);
        assertThat(thread).isNotNull();
        return thread;
    }

    private List<CompletableFuture<String>> fill() throws InterruptedException {
        List<CompletableFuture<String>> all = new ArrayList<>();
        for (int i = 0; i < RUNNING; i++) {
            all.add(blocked());
            next(begun);
        }
        return all;
    }

    @Test
    void async_beyondItsLimitsASendNeverBegins() throws Exception {
        List<CompletableFuture<String>> all = fill();
        for (int i = 0; i < WAITING; i++) {
            all.add(blocked());
        }
        assertThat(all).noneMatch(CompletableFuture::isDone);
        CompletableFuture<String> tooMany = blocked();
        assertThatThrownBy(tooMany::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(NeverBegun.class)
                .hasMessageContaining("2 asynchronous sends are running and 3 more are waiting")
                .hasMessageContaining("Nothing was sent");
        assertThat(begun).isEmpty();
        release.countDown();
        for (CompletableFuture<String> send : all) {
            assertThat(send.get()).isEqualTo("sent");
        }
    }

    @Test
    void async_theContextClassLoaderOfTheCallerIsUsedAndRestored() throws Exception {
        Thread caller = Thread.currentThread();
        ClassLoader before = caller.getContextClassLoader();
        BlockingQueue<Thread> used = new LinkedBlockingQueue<>();
        try (URLClassLoader loader = new URLClassLoader(new URL[0], before)) {
            caller.setContextClassLoader(loader);
            CompletableFuture<ClassLoader> seen;
            try {
                seen = sends.submit(
                        () -> {
                            used.add(Thread.currentThread());
                            return Thread.currentThread().getContextClassLoader();
                        },
                        NeverBegun::new);
            } finally {
                caller.setContextClassLoader(before);
            }
            assertThat(seen.get()).isSameAs(loader);
        }
        Thread thread = next(used);
        assertThat(thread.isDaemon()).isTrue();
        assertThat(thread.getName()).startsWith("postroad-send-");
        thread.join(); // an idle thread ends
        assertThat(thread.getContextClassLoader()).isSameAs(AsyncSends.class.getClassLoader());
    }

    @Test
    void async_errorsReachTheCallerToo() {
        Error failure = new NoClassDefFoundError("org/example/Missing");
        CompletableFuture<String> send = sends.submit(
                () -> {
                    throw failure;
                },
                NeverBegun::new);
        assertThatThrownBy(send::get).hasCause(failure);
    }

    @Test
    void cancel_aWaitingSendNeverBegins() throws Exception {
        List<CompletableFuture<String>> running = fill();
        CompletableFuture<String> waiting = blocked();
        CompletableFuture<String> after = blocked();
        assertThat(waiting.cancel(false)).isTrue();
        release.countDown();
        assertThat(after.get()).isEqualTo("sent");
        for (CompletableFuture<String> send : running) {
            assertThat(send.get()).isEqualTo("sent");
        }
        assertThat(begun).hasSize(1);
        assertThat(waiting.isCancelled()).isTrue();
    }

    @Test
    void cancel_interruptsARunningSendOnlyIfThatIsWanted() throws Exception {
        CompletableFuture<String> gentle = blocked();
        Thread ofGentle = next(begun);
        assertThat(gentle.cancel(false)).isTrue();
        CompletableFuture<String> firm = blocked();
        Thread ofFirm = next(begun);
        assertThat(firm.cancel(true)).isTrue();
        assertThat(next(interrupted)).isSameAs(ofFirm).isNotSameAs(ofGentle);
        release.countDown();
        ofGentle.join();
        assertThat(interrupted).isEmpty();
    }

    @Test
    void cancel_afterTheEndChangesNothing() throws Exception {
        release.countDown();
        CompletableFuture<String> send = blocked();
        assertThat(send.get()).isEqualTo("sent");
        assertThat(send.cancel(true)).isFalse();
        assertThat(send.get()).isEqualTo("sent");
    }

    @Test
    void cancel_theNextSendOnTheThreadIsNotInterrupted() throws Exception {
        AsyncSends single = new AsyncSends(1, 1);
        try (single) {
            CountDownLatch running = new CountDownLatch(1);
            CompletableFuture<String> first = single.submit(
                    () -> {
                        running.countDown();
                        release.await();
                        return "sent";
                    },
                    NeverBegun::new);
            running.await();
            CompletableFuture<Boolean> second =
                    single.submit(() -> Thread.currentThread().isInterrupted(), NeverBegun::new);
            first.cancel(true);
            assertThat(second.get()).isFalse();
        }
    }

    @Test
    void close_interruptsWhatRunsAndDropsWhatWaits() throws Exception {
        List<CompletableFuture<String>> running = fill();
        AtomicInteger completions = new AtomicInteger();
        CompletableFuture<String> waiting = blocked();
        CompletableFuture<String> counted = waiting.whenComplete((sent, failure) -> completions.incrementAndGet());
        sends.close();
        assertThatThrownBy(waiting::get)
                .cause()
                .isInstanceOf(NeverBegun.class)
                .hasMessageContaining("Postroad.close() was called")
                .hasMessageContaining("Nothing was sent");
        for (CompletableFuture<String> send : running) {
            assertThatThrownBy(send::get).hasCauseInstanceOf(InterruptedException.class);
        }
        assertThat(counted).isCompletedExceptionally();
        assertThat(completions).hasValue(1);
        assertThat(begun).isEmpty();
        release.countDown();
        assertThat(blocked().get()).isEqualTo("sent");
    }
}
