// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.Domain;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.RecordType;
import org.postroad.fixtures.DnsFault;
import org.postroad.fixtures.FakeDnsServer;
import org.postroad.fixtures.VirtualClock;
import org.postroad.provider.internal.dns.DnsSettings;
import org.postroad.provider.internal.dns.DnsjavaMailDns;
import org.postroad.spi.MailDns;

/** When a policy is fetched, and which one is heeded, by a clock that goes forward when told. */
@Timeout(60)
class StsPoliciesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration TICK = Duration.ofNanos(1);
    private static final Duration MAX_AGE = Duration.ofSeconds(86_400);
    private static final Duration RENEWAL = MAX_AGE.multipliedBy(9).dividedBy(10);
    private static final String RECORD = "_mta-sts.example.test";

    private final VirtualClock clock = new VirtualClock();
    private final FakeDnsServer server = FakeDnsServer.start("");
    private final DnsjavaMailDns dns = new DnsjavaMailDns(DnsSettings.DEFAULTS
            .withServers(List.of(server.address(Family.IPV4)))
            .withRounds(1));
    private final ScriptedSource source = new ScriptedSource();
    private final StsPolicies policies = new StsPolicies(dns, source, clock);

    @AfterEach
    void close() {
        dns.close();
        server.close();
    }

    /** Answers as told, and counts. */
    private static final class ScriptedSource implements PolicySource {
        private final AtomicInteger fetches = new AtomicInteger();
        private volatile Script script = () -> policy("enforce", MAX_AGE);

        interface Script {
            String answer() throws IOException, InterruptedException;
        }

        @Override
        public byte[] fetch(HostName domain, Deadline deadline) throws IOException, InterruptedException {
            fetches.incrementAndGet();
            return script.answer().getBytes(StandardCharsets.UTF_8);
        }

        void serves(String policy) {
            script = () -> policy;
        }

        void fails(String why) {
            script = () -> {
                throw new IOException(why);
            };
        }

        int fetches() {
            return fetches.get();
        }
    }

    private static String policy(String mode, Duration maxAge) {
        return "version: STSv1\nmode: " + mode + "\nmx: mx.example.test\nmax_age: " + maxAge.toSeconds() + "\n";
    }

    private void announce(String id) {
        server.zone(RECORD + ". TXT \"v=STSv1; id=" + id + "\"");
    }

    private String find() throws InterruptedException {
        return find(policies, "example.test", Deadline.after(PATIENCE));
    }

    private static String find(StsPolicies policies, String domain, Deadline deadline) throws InterruptedException {
        return policies.find(Domain.parse(domain), deadline)
                .fold(
                        policy -> policy.policy().mode() + " " + policy.id()
                                + (policy.fromCacheAfterFailure() ? " after failure" : ""),
                        none -> "none",
                        unavailable -> "unavailable: " + unavailable.why());
    }

    @Test
    void sts_anAnnouncedPolicyIsFetchedOnceAndTheRecordIsAskedForEachTime() throws Exception {
        announce("1");
        assertThat(find()).isEqualTo("ENFORCE 1");
        assertThat(find()).isEqualTo("ENFORCE 1");
        assertThat(source.fetches()).isEqualTo(1);
        assertThat(server.questions(RECORD, RecordType.TXT)).isEqualTo(2);
    }

    @Test
    void sts_whereNothingIsAnnouncedNothingIsFetched() throws Exception {
        assertThat(find()).isEqualTo("none");
        server.zone(RECORD + ". A 192.0.2.1");
        assertThat(find()).isEqualTo("none");
        server.zone(RECORD + ". TXT \"v=STSv1; id=-\"");
        assertThat(find()).isEqualTo("none");
        server.fault(RECORD, RecordType.TXT, DnsFault.SERVFAIL);
        assertThat(find()).isEqualTo("none");
        assertThat(source.fetches()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[192.0.2.1]", "[IPv6:2001:db8::1]"})
    void sts_anAddressLiteralHasNoPolicyAndDnsIsNotAsked(String domain) throws Exception {
        assertThat(find(policies, domain, Deadline.after(PATIENCE))).isEqualTo("none");
        assertThat(server.questions()).isZero();
    }

    @Test
    void sts_aDomainThatIsTooLongForTheRecordHasNoPolicy() throws Exception {
        String fits = ("a".repeat(60) + ".").repeat(3) + "b".repeat(61);
        assertThat("_mta-sts." + fits).hasSize(HostName.MAX_LENGTH);
        announceAt("_mta-sts." + fits);
        assertThat(find(policies, fits, Deadline.after(PATIENCE))).isEqualTo("ENFORCE 1");
        assertThat(find(policies, fits + "b", Deadline.after(PATIENCE))).isEqualTo("none");
        assertThat(server.questions()).isEqualTo(1);
    }

    private void announceAt(String name) {
        server.zone(name + ". TXT \"v=STSv1; id=1\"");
    }

    @Test
    void sts_anotherIdIsFetched() throws Exception {
        announce("1");
        find();
        announce("2");
        source.serves(policy("testing", MAX_AGE));
        assertThat(find()).isEqualTo("TESTING 2");
        assertThat(find()).isEqualTo("TESTING 2");
        assertThat(source.fetches()).isEqualTo(2);
    }

    @Test
    void sts_whereANewIdCannotBeFetchedTheOldPolicyHoldsToItsEnd() throws Exception {
        announce("1");
        find();
        announce("2");
        source.fails("no");
        assertThat(find()).isEqualTo("ENFORCE 1 after failure");
        clock.advance(MAX_AGE);
        assertThat(find()).isEqualTo("ENFORCE 1 after failure");
        clock.advance(TICK);
        assertThat(find()).isEqualTo("unavailable: no");
    }

    @Test
    void sts_aBadPolicyIsAFailedFetch() throws Exception {
        announce("1");
        find();
        announce("2");
        source.serves("<html>");
        assertThat(find()).isEqualTo("ENFORCE 1 after failure");
        assertThat(find(policies, "other.test", Deadline.after(PATIENCE))).isEqualTo("none");
        announceAt("_mta-sts.other.test");
        assertThat(find(policies, "other.test", Deadline.after(PATIENCE)))
                .isEqualTo(
                        "unavailable: The policy has the line \"<html>\", which is no name with a colon and a value");
    }

    @Test
    void sts_anAnnouncedPolicyThatCannotBeHadIsReported() throws Exception {
        announce("1");
        source.fails("no\u0007");
        assertThat(find()).isEqualTo("unavailable: no\\u0007");
    }

    @Test
    void sts_afterAFailedFetchTheSameIdIsLeftAloneForAWhile() throws Exception {
        announce("1");
        source.fails("first");
        find();
        source.fails("second");
        clock.advance(KnownDomain.RETRY_AFTER.minus(TICK));
        assertThat(find()).isEqualTo("unavailable: first");
        assertThat(source.fetches()).isEqualTo(1);
        clock.advance(TICK);
        assertThat(find()).isEqualTo("unavailable: second");
        assertThat(source.fetches()).isEqualTo(2);
    }

    @Test
    void sts_afterAFailedFetchAnotherIdIsFetchedAtOnce() throws Exception {
        announce("1");
        source.fails("no");
        find();
        announce("2");
        source.serves(policy("enforce", MAX_AGE));
        assertThat(find()).isEqualTo("ENFORCE 2");
    }

    @Test
    void sts_theOldIdIsCurrentAgainWhateverFailedMeanwhile() throws Exception {
        announce("1");
        find();
        announce("2");
        source.fails("no");
        find();
        announce("1");
        assertThat(find()).isEqualTo("ENFORCE 1");
        assertThat(source.fetches()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(names = {"NXDOMAIN", "NO_DATA", "SERVFAIL"})
    void sts_withoutTheRecordThePolicyHoldsToItsEnd(DnsFault fault) throws Exception {
        announce("1");
        find();
        server.fault(RECORD, RecordType.TXT, fault);
        clock.advance(MAX_AGE);
        assertThat(find()).isEqualTo("ENFORCE 1 after failure");
        clock.advance(TICK);
        assertThat(find()).isEqualTo("none");
        assertThat(source.fetches()).isEqualTo(1);
    }

    @Test
    void sts_twoRecordsEndNoPolicy() throws Exception {
        announce("1");
        find();
        server.zone(RECORD + ". TXT \"v=STSv1; id=1\"\n" + RECORD + ". TXT \"v=STSv1; id=2\"");
        assertThat(find()).isEqualTo("ENFORCE 1 after failure");
    }

    @Test
    void sts_aPolicyWhoseTimeIsNearlyOverIsFetchedAnew() throws Exception {
        announce("1");
        find();
        clock.advance(RENEWAL);
        find();
        assertThat(source.fetches()).as("a tenth is left").isEqualTo(1);
        clock.advance(TICK);
        assertThat(find()).isEqualTo("ENFORCE 1");
        assertThat(source.fetches()).as("less than a tenth is left").isEqualTo(2);
        clock.advance(RENEWAL);
        find();
        assertThat(source.fetches()).as("its time has begun anew").isEqualTo(2);
    }

    @Test
    void sts_aLongPolicyIsFetchedAnewADayBeforeItsEnd() throws Exception {
        announce("1");
        source.serves(policy("enforce", Duration.ofDays(100)));
        find();
        clock.advance(Duration.ofDays(99));
        find();
        assertThat(source.fetches()).isEqualTo(1);
        clock.advance(TICK);
        find();
        assertThat(source.fetches()).isEqualTo(2);
    }

    @Test
    void sts_whereItCannotBeFetchedAnewTheOldOneHoldsAndIsTriedAgain() throws Exception {
        announce("1");
        find();
        clock.advance(RENEWAL.plus(TICK));
        source.fails("no");
        assertThat(find()).isEqualTo("ENFORCE 1 after failure");
        assertThat(find()).isEqualTo("ENFORCE 1 after failure");
        assertThat(source.fetches()).isEqualTo(2);
        clock.advance(KnownDomain.RETRY_AFTER);
        source.serves(policy("testing", MAX_AGE));
        assertThat(find()).isEqualTo("TESTING 1");
        assertThat(source.fetches()).isEqualTo(3);
    }

    @Test
    void sts_aPolicyThatIsOverIsFetchedAnew() throws Exception {
        announce("1");
        find();
        clock.advance(MAX_AGE.plus(TICK));
        source.serves(policy("testing", MAX_AGE));
        assertThat(find()).isEqualTo("TESTING 1");
    }

    @Test
    void sts_aPolicyOfNoAgeIsHeededOnce() throws Exception {
        announce("1");
        source.serves(policy("enforce", Duration.ZERO));
        assertThat(find()).isEqualTo("ENFORCE 1");
        clock.advance(TICK);
        source.fails("no");
        assertThat(find()).isEqualTo("unavailable: no");
    }

    @Test
    void sts_modeNoneIsNoPolicyButIsKept() throws Exception {
        announce("1");
        find();
        announce("2");
        source.serves(policy("none", MAX_AGE));
        assertThat(find()).isEqualTo("none");
        assertThat(find()).isEqualTo("none");
        assertThat(source.fetches()).isEqualTo(2);
        announce("3");
        source.fails("no");
        assertThat(find()).as("it holds like every other").isEqualTo("none");
    }

    @Test
    void sts_theLeastRecentlyUsedDomainIsForgotten() throws Exception {
        StsPolicies few = new StsPolicies(dns, source, clock, 2);
        server.zone("_mta-sts.a.test. TXT \"v=STSv1; id=1\"\n_mta-sts.b.test. TXT \"v=STSv1; id=1\"\n"
                + "_mta-sts.c.test. TXT \"v=STSv1; id=1\"");
        for (String domain : List.of("a.test", "b.test", "a.test", "c.test")) {
            assertThat(find(few, domain, Deadline.after(PATIENCE))).isEqualTo("ENFORCE 1");
        }
        assertThat(source.fetches()).isEqualTo(3);
        find(few, "a.test", Deadline.after(PATIENCE));
        find(few, "c.test", Deadline.after(PATIENCE));
        assertThat(source.fetches()).as("a and c are kept").isEqualTo(3);
        find(few, "b.test", Deadline.after(PATIENCE));
        assertThat(source.fetches()).as("b is not").isEqualTo(4);
    }

    @Test
    void sts_domainsAreKeptApart() throws Exception {
        server.zone(RECORD + ". TXT \"v=STSv1; id=1\"\n_mta-sts.sub.example.test. TXT \"v=STSv1; id=1\"");
        find();
        source.serves(policy("testing", MAX_AGE));
        assertThat(find(policies, "SUB.example.test", Deadline.after(PATIENCE))).isEqualTo("TESTING 1");
        assertThat(find(policies, "Example.Test", Deadline.after(PATIENCE))).isEqualTo("ENFORCE 1");
        assertThat(find(policies, "other.example.test", Deadline.after(PATIENCE)))
                .isEqualTo("none");
    }

    /** A fetch that waits to be let go. */
    private CountDownLatch hold(CountDownLatch entered) {
        CountDownLatch release = new CountDownLatch(1);
        source.script = () -> {
            entered.countDown();
            release.await();
            return policy("enforce", Duration.ZERO);
        };
        return release;
    }

    @Test
    void sts_whoAsksWhileItIsFetchedWaitsForThat() throws Exception {
        announce("1");
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = hold(entered);
        Asker first = new Asker(PATIENCE);
        assertThat(entered.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        Asker second = new Asker(PATIENCE);
        second.awaitWaiting();
        release.countDown();
        assertThat(first.outcome()).isEqualTo("ENFORCE 1");
        assertThat(second.outcome()).isEqualTo("ENFORCE 1");
        assertThat(source.fetches()).isEqualTo(1);
    }

    @Test
    void sts_whoWaitsDoesSoUpToItsOwnDeadline() throws Exception {
        announce("1");
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = hold(entered);
        StsPolicies shared = new StsPolicies(new LateDns(dns, clock), source, clock);
        Asker first = new Asker(shared, PATIENCE);
        assertThat(entered.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(new Asker(shared, Duration.ofSeconds(1)).outcome())
                .isEqualTo("unavailable: another thread's fetch of it did not end in time");
        release.countDown();
        assertThat(first.outcome()).isEqualTo("ENFORCE 1");
        assertThat(source.fetches()).isEqualTo(1);
    }

    @Test
    void sts_whereTheOneThatFetchesIsInterruptedAnotherDoesSo() throws Exception {
        announce("1");
        CountDownLatch entered = new CountDownLatch(1);
        hold(entered);
        Asker first = new Asker(PATIENCE);
        assertThat(entered.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        Asker second = new Asker(PATIENCE);
        second.awaitWaiting();
        source.serves(policy("testing", MAX_AGE));
        first.thread.interrupt();
        assertThat(first.outcome()).isEqualTo("interrupted");
        assertThat(second.outcome()).isEqualTo("TESTING 1");
        assertThat(source.fetches()).isEqualTo(2);
    }

    @Test
    void sts_afterTheDeadlineNothingIsFetched() throws Exception {
        announce("1");
        find();
        announce("2");
        StsPolicies late = new StsPolicies(new LateDns(dns, clock), source, clock);
        Deadline deadline = Deadline.after(Duration.ofSeconds(1), clock);
        assertThat(find(late, "example.test", deadline)).isEqualTo("unavailable: no time was left to fetch it");
        assertThat(source.fetches()).isEqualTo(1);
        assertThat(find(late, "example.test", Deadline.after(PATIENCE)))
                .as("no failure of the policy host's")
                .isEqualTo("ENFORCE 2");
    }

    /** The answers of another, whatever the deadline, each of them a second later by the virtual clock. */
    private record LateDns(MailDns delegate, VirtualClock clock) implements MailDns {
        @Override
        public <R> DnsAnswer<R> query(HostName name, RecordType<R> type, Deadline deadline)
                throws InterruptedException {
            clock.advance(Duration.ofSeconds(1));
            return delegate.query(name, type, Deadline.after(PATIENCE));
        }
    }

    /** A thread that asks. */
    private final class Asker {
        private final CompletableFuture<String> outcome = new CompletableFuture<>();
        private final Thread thread;

        Asker(Duration patience) {
            this(policies, patience);
        }

        Asker(StsPolicies policies, Duration patience) {
            thread = new Thread(() -> {
                try {
                    outcome.complete(find(policies, "example.test", Deadline.after(patience)));
                } catch (InterruptedException e) {
                    outcome.complete("interrupted");
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        /** Until it waits for another's fetch. */
        void awaitWaiting() {
            while (!outcome.isDone() && !isWaiting()) {
                Thread.onSpinWait();
            }
        }

        private boolean isWaiting() {
            for (StackTraceElement frame : thread.getStackTrace()) {
                if (frame.getMethodName().equals("await")
                        && frame.getClassName().startsWith("org.postroad")) {
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
