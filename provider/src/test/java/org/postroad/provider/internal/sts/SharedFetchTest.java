// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.postroad.provider.internal.sts.ScriptedSource.policy;
import static org.postroad.provider.internal.sts.StsTesting.PATIENCE;
import static org.postroad.provider.internal.sts.StsTesting.found;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.RecordType;
import org.postroad.fixtures.FakeDnsServer;
import org.postroad.fixtures.VirtualClock;
import org.postroad.provider.internal.dns.DnsSettings;
import org.postroad.provider.internal.dns.DnsjavaMailDns;
import org.postroad.spi.MailDns;

/** Concurrent lookups of one domain's policy, and their deadlines. */
@Timeout(300)
class SharedFetchTest {

    private static final String DOMAIN = "example.test";

    private final VirtualClock clock = new VirtualClock();
    private final FakeDnsServer server = FakeDnsServer.start("");
    private final DnsjavaMailDns dns =
            new DnsjavaMailDns(DnsSettings.DEFAULTS.withServers(List.of(server.address(Family.IPV4))));
    private final ScriptedSource source = new ScriptedSource();
    /** A policy with a max_age of zero has expired when it is next checked, because each reading advances the clock. */
    private final StsPolicies policies = new StsPolicies(
            dns,
            () -> {
                clock.advance(Duration.ofNanos(1));
                return clock.instant();
            },
            Optional.empty());

    @AfterEach
    void close() {
        dns.close();
        server.close();
    }

    private void announce(String id) {
        server.zone("_mta-sts." + DOMAIN + ". TXT \"v=STSv1; id=" + id + "\"");
    }

    /** Makes a fetch block until it is released. */
    private CountDownLatch hold(CountDownLatch entered) {
        CountDownLatch release = new CountDownLatch(1);
        source.answers(() -> {
            entered.countDown();
            release.await();
            return policy("enforce", Duration.ZERO);
        });
        return release;
    }

    @Test
    void sts_aCallerDuringAFetchWaitsForIt() throws Exception {
        announce("1");
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = hold(entered);
        LookupThread first = new LookupThread(PATIENCE);
        assertThat(entered.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        LookupThread second = new LookupThread(PATIENCE);
        second.awaitWaiting();
        release.countDown();
        assertThat(first.outcome()).isEqualTo("ENFORCE 1");
        assertThat(second.outcome()).isEqualTo("ENFORCE 1");
        assertThat(source.fetches()).isEqualTo(1);
    }

    @Test
    void sts_aCallerWaitsUpToItsOwnDeadline() throws Exception {
        announce("1");
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = hold(entered);
        StsPolicies shared = new StsPolicies(new LateDns(dns, clock), clock, Optional.empty());
        LookupThread first = new LookupThread(shared, PATIENCE);
        assertThat(entered.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(new LookupThread(shared, Duration.ofSeconds(1)).outcome())
                .isEqualTo("unavailable: the fetch already in progress did not finish in time");
        release.countDown();
        assertThat(first.outcome()).isEqualTo("ENFORCE 1");
        assertThat(source.fetches()).isEqualTo(1);
    }

    @Test
    void sts_anotherCallerFetchesIfTheFetchingOneIsInterrupted() throws Exception {
        announce("1");
        CountDownLatch entered = new CountDownLatch(1);
        hold(entered);
        LookupThread first = new LookupThread(PATIENCE);
        assertThat(entered.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        LookupThread second = new LookupThread(PATIENCE);
        second.awaitWaiting();
        source.serves(policy("testing", Duration.ofDays(1)));
        first.thread.interrupt();
        assertThat(first.outcome()).isEqualTo("interrupted");
        assertThat(second.outcome()).isEqualTo("TESTING 1");
        assertThat(source.fetches()).isEqualTo(2);
    }

    @Test
    void sts_aCallerWithANewerIdFetchesAfterTheRunningFetch() throws Exception {
        announce("1");
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = hold(entered);
        LookupThread first = new LookupThread(PATIENCE);
        assertThat(entered.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        announce("2");
        LookupThread second = new LookupThread(PATIENCE);
        second.awaitWaiting();
        release.countDown();
        assertThat(first.outcome()).isEqualTo("ENFORCE 1");
        assertThat(second.outcome()).isEqualTo("ENFORCE 2");
        assertThat(source.fetches()).isEqualTo(2);
    }

    @Test
    void sts_anExceptionOfASourceFailsOnlyItsCaller() throws Exception {
        announce("1");
        source.answers(() -> {
            throw new IllegalStateException("broken");
        });
        assertThatIllegalStateException().isThrownBy(() -> found(policies, source, DOMAIN, Deadline.after(PATIENCE)));
        source.serves(policy("enforce", Duration.ofDays(1)));
        assertThat(found(policies, source, DOMAIN, Deadline.after(PATIENCE))).isEqualTo("ENFORCE 1");
    }

    @Test
    void sts_afterTheDeadlineNothingIsFetched() throws Exception {
        announce("1");
        StsPolicies late = new StsPolicies(new LateDns(dns, clock), clock, Optional.empty());
        Deadline deadline = Deadline.after(Duration.ofSeconds(1), clock);
        assertThat(found(late, source, DOMAIN, deadline)).isEqualTo("unavailable: no time was left to fetch it");
        assertThat(source.fetches()).isZero();
        assertThat(found(late, source, DOMAIN, Deadline.after(PATIENCE)))
                .as("it was no failure of the policy host's")
                .isEqualTo("ENFORCE 1");
    }

    /** Returns the answers of another resolver regardless of the deadline, each one a second later on the virtual clock. */
    private record LateDns(MailDns delegate, VirtualClock clock) implements MailDns {
        @Override
        public <R> DnsAnswer<R> query(HostName name, RecordType<R> type, Deadline deadline)
                throws InterruptedException {
            clock.advance(Duration.ofSeconds(1));
            return delegate.query(name, type, Deadline.after(PATIENCE));
        }
    }

    /** A thread that looks up the policy. */
    private final class LookupThread {
        private final CompletableFuture<String> outcome = new CompletableFuture<>();
        private final Thread thread;

        LookupThread(Duration patience) {
            this(policies, patience);
        }

        LookupThread(StsPolicies policies, Duration patience) {
            thread = new Thread(() -> {
                try {
                    outcome.complete(found(policies, source, DOMAIN, Deadline.after(patience)));
                } catch (InterruptedException e) {
                    outcome.complete("interrupted");
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        /** Waits until this thread waits for another thread's fetch. */
        void awaitWaiting() {
            while (!outcome.isDone() && !isWaiting()) {
                Thread.onSpinWait();
            }
        }

        private boolean isWaiting() {
            for (StackTraceElement frame : thread.getStackTrace()) {
                if (frame.getMethodName().equals("await")
                        && frame.getClassName().startsWith(StsPolicies.class.getName())) {
                    return true;
                }
            }
            return false;
        }

        String outcome() throws Exception {
            return outcome.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }
}
