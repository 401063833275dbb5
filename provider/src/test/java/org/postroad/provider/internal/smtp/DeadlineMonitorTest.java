// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.provider.GrowingTimeout;

/** The thread that runs tasks at their deadlines. */
@Timeout(300)
class DeadlineMonitorTest {

    private static final Duration NEVER = Duration.ofDays(1);

    /** If each repetition took a second, all of them would take longer than the longest time-out. */
    private static final int REPETITIONS = 200;

    private final DeadlineMonitor patrol = new DeadlineMonitor();

    @AfterEach
    void stop() {
        patrol.close();
    }

    private static final class Alarm extends DeadlineMonitor.Timeout {

        private final CountDownLatch rung = new CountDownLatch(1);
        private volatile Thread by = Thread.currentThread();

        Alarm(Duration delay) {
            super(delay);
        }

        @Override
        public void run() {
            by = Thread.currentThread();
            rung.countDown();
        }

        boolean rings() throws InterruptedException {
            return rung.await(30, TimeUnit.SECONDS);
        }

        boolean hasRung() {
            return rung.getCount() == 0;
        }
    }

    @Test
    void watchdog_aDueTaskRunsOnTheDaemonThread() throws Exception {
        assertThat(patrol.isClosed()).isFalse(); // and does not keep the thread from running
        Alarm alarm = new Alarm(Duration.ofMillis(1));
        assertThat(patrol.add(alarm)).isTrue();
        assertThat(alarm.rings()).isTrue();
        assertThat(alarm.by.isDaemon()).isTrue();
        assertThat(alarm.by.getName()).isEqualTo("postroad-watchdog");
        assertThat(patrol.all()).isEmpty();
    }

    /** Without waking the thread, each of these tasks would be up to a second late. */
    @Test
    void watchdog_aTaskThatIsDueEarlierThanTheOthersWakesTheThread() throws Exception {
        GrowingTimeout.of(Duration.ofSeconds(5), timeout -> {
            Alarm late = new Alarm(timeout);
            assertThat(patrol.add(late)).isTrue();
            for (int i = 0; i < REPETITIONS; i++) {
                Alarm early = new Alarm(Duration.ofMillis(i % 3));
                assertThat(patrol.add(early)).isTrue();
                assertThat(early.rings()).isTrue();
            }
            assertThat(late.hasRung()).isFalse();
            patrol.remove(late);
        });
    }

    /** The delay is longer than the start of the thread, so that the task is not due at the first scan. */
    @Test
    void watchdog_theFirstTaskIsNotLate() throws Exception {
        GrowingTimeout.of(Duration.ofSeconds(2), timeout -> {
            DeadlineMonitor other = new DeadlineMonitor();
            Alarm late = new Alarm(timeout);
            other.add(late);
            for (int i = 0; i < 60; i++) {
                Alarm only = new Alarm(Duration.ofMillis(20));
                patrol.add(only);
                assertThat(only.rings()).isTrue();
            }
            assertThat(late.hasRung()).isFalse();
            other.close();
        });
    }

    @Test
    void watchdog_theThreadSleepsWhileNothingIsDue() throws Exception {
        Alarm first = new Alarm(Duration.ZERO);
        patrol.add(new Alarm(NEVER));
        patrol.add(first);
        assertThat(first.rings()).isTrue();
        while (first.by.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        assertThat(first.by.isAlive()).isTrue();
    }

    /** An application server reports threads that outlive an application. */
    @Test
    void watchdog_theThreadEndsImmediatelyAfterClose() throws Exception {
        GrowingTimeout.of(Duration.ofSeconds(5), timeout -> {
            Alarm late = new Alarm(timeout);
            patrol.add(late);
            for (int i = 0; i < REPETITIONS; i++) {
                DeadlineMonitor closed = new DeadlineMonitor();
                Alarm first = new Alarm(Duration.ZERO);
                closed.add(new Alarm(NEVER));
                closed.add(first);
                assertThat(first.rings()).isTrue();
                closed.close();
                first.by.join();
            }
            assertThat(late.hasRung()).isFalse();
            patrol.remove(late);
        });
    }

    @Test
    void watchdog_theThreadHasNoClassLoaderOfAnApplication() throws Exception {
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        current.setContextClassLoader(new ClassLoader(before) {});
        try {
            Alarm alarm = new Alarm(Duration.ZERO);
            patrol.add(alarm);
            assertThat(alarm.rings()).isTrue();
            assertThat(alarm.by.getContextClassLoader()).isSameAs(DeadlineMonitor.class.getClassLoader());
        } finally {
            current.setContextClassLoader(before);
        }
    }

    @Test
    void watchdog_aRemovedTaskDoesNotRun() throws Exception {
        GrowingTimeout.of(Duration.ofMillis(20), delay -> {
            Alarm removed = new Alarm(delay);
            patrol.add(removed);
            patrol.remove(removed);
            Alarm later = new Alarm(delay.multipliedBy(2));
            patrol.add(later);
            assertThat(later.rings()).isTrue();
            assertThat(removed.hasRung()).isFalse();
        });
    }

    @Test
    void watchdog_theThreadEndsWithoutTasksAndANewOneStartsWhenNeeded() throws Exception {
        Alarm first = new Alarm(Duration.ZERO);
        patrol.add(first);
        assertThat(first.rings()).isTrue();
        first.by.join(TimeUnit.SECONDS.toMillis(30));
        assertThat(first.by.isAlive()).isFalse();
        Alarm second = new Alarm(Duration.ZERO);
        patrol.add(second);
        assertThat(second.rings()).isTrue();
        assertThat(second.by).isNotSameAs(first.by);
    }

    @Test
    void watchdog_noTaskIsLostWhileTheThreadEndsAndStarts() throws Exception {
        List<Thread> crowd = new ArrayList<>();
        AtomicBoolean overlooked = new AtomicBoolean();
        for (int i = 0; i < 8; i++) {
            Thread thread = new Thread(() -> {
                try {
                    for (int n = 0; n < 200; n++) {
                        Alarm alarm = new Alarm(Duration.ZERO);
                        patrol.add(alarm);
                        overlooked.compareAndSet(false, !alarm.rings());
                    }
                } catch (InterruptedException e) {
                    overlooked.set(true);
                }
            });
            thread.start();
            crowd.add(thread);
        }
        for (Thread thread : crowd) {
            thread.join();
        }
        assertThat(overlooked).isFalse();
    }

    @Test
    void watchdog_afterCloseNoTaskIsAccepted() throws Exception {
        Alarm before = new Alarm(NEVER);
        patrol.add(before);
        patrol.close();
        assertThat(patrol.isClosed()).isTrue();
        assertThat(patrol.add(new Alarm(Duration.ZERO))).isFalse();
        assertThat(patrol.all()).containsExactly(before);
    }
}
