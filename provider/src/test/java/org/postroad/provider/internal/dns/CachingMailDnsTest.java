// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postroad.provider.internal.dns.DnsTesting.ask;
import static org.postroad.provider.internal.dns.DnsTesting.kind;
import static org.postroad.provider.internal.dns.DnsTesting.settings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsAnswer.Cause;
import org.postroad.api.DnsName;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.RecordType;
import org.postroad.api.Security;
import org.postroad.fixtures.DnsFault;
import org.postroad.fixtures.FakeDnsServer;
import org.postroad.fixtures.VirtualClock;
import org.postroad.provider.GrowingTimeout;
import org.postroad.spi.MailDns;

/** The cache: TTLs, limits, shared queries and the check of answers. */
@Timeout(300)
class CachingMailDnsTest {

    private static final String NAME = "mx.test";
    private static final Duration TICK = Duration.ofNanos(1);

    private final VirtualClock clock = new VirtualClock();
    private final FakeDnsServer server = FakeDnsServer.start("mx.test. 60 A 192.0.2.1\nmx.test. 60 AAAA 2001:db8::1");
    private final CachingMailDns dns = new CachingMailDns(new DnsjavaMailDns(settings(server)), clock);

    @AfterEach
    void close() {
        dns.close();
        server.close();
    }

    /** A DNS implementation as a lambda. */
    private interface Script {
        DnsAnswer<IpAddress> answer() throws InterruptedException;
    }

    @SuppressWarnings("unchecked")
    private CachingMailDns around(Script script) {
        return new CachingMailDns(
                new MailDns() {
                    @Override
                    public <R> DnsAnswer<R> query(HostName name, RecordType<R> type, Deadline deadline)
                            throws InterruptedException {
                        return (DnsAnswer<R>) script.answer();
                    }
                },
                clock);
    }

    @Test
    void cache_answersAreKeptForTheirTtlWhichIsCountedDown() throws InterruptedException {
        assertThat(ttl(ask(dns, NAME, RecordType.A))).hasSeconds(60);
        clock.advance(Duration.ofSeconds(20));
        assertThat(ttl(ask(dns, NAME, RecordType.A))).hasSeconds(40);
        clock.advance(Duration.ofSeconds(40).minus(TICK));
        assertThat(ttl(ask(dns, NAME, RecordType.A))).isEqualTo(TICK);
        assertThat(server.questions()).isEqualTo(1);
        clock.advance(TICK);
        assertThat(ttl(ask(dns, NAME, RecordType.A))).hasSeconds(60);
        assertThat(server.questions()).isEqualTo(2);
    }

    @Test
    void cache_typesAndNamesAreSeparate() throws InterruptedException {
        assertThat(kind(ask(dns, NAME, RecordType.A))).contains("192.0.2.1");
        assertThat(kind(ask(dns, NAME, RecordType.AAAA))).contains("2001:db8::1");
        assertThat(kind(ask(dns, "other.test", RecordType.A))).isEqualTo("no such name");
        assertThat(server.questions()).isEqualTo(3);
    }

    @Test
    void cache_ttlsAreCapped() throws InterruptedException {
        checkLifetime(found(Duration.ofDays(7)), AnswerCache.MAX_POSITIVE);
        checkLifetime(new DnsAnswer.NoData<>(Duration.ofDays(7), Security.SECURE), AnswerCache.MAX_NEGATIVE);
        checkLifetime(new DnsAnswer.NoSuchName<>(Duration.ofDays(7), Security.SECURE), AnswerCache.MAX_NEGATIVE);
        checkLifetime(new DnsAnswer.NoData<>(Duration.ofSeconds(1), Security.SECURE), Duration.ofSeconds(1));
        checkLifetime(new DnsAnswer.Failed<>(Cause.SERVER_FAILURE, "SERVFAIL"), AnswerCache.FAILED);
    }

    private void checkLifetime(DnsAnswer<IpAddress> answer, Duration lifetime) throws InterruptedException {
        AtomicInteger asked = new AtomicInteger();
        CachingMailDns cached = around(() -> {
            asked.incrementAndGet();
            return answer;
        });
        String first = kind(ask(cached, NAME, RecordType.A));
        clock.advance(lifetime.minus(TICK));
        assertThat(kind(ask(cached, NAME, RecordType.A))).isEqualTo(first);
        assertThat(asked).as("just before the end of %s", answer).hasValue(1);
        clock.advance(TICK);
        assertThat(kind(ask(cached, NAME, RecordType.A))).isEqualTo(first);
        assertThat(asked).as("at the end of %s", answer).hasValue(2);
    }

    @Test
    void TLS_06_theAliasesOfAnAnswerAreKept() throws InterruptedException {
        server.zone("alias.test. 60 CNAME mx.test.\nmx.test. 60 A 192.0.2.1\nlost.test. 60 CNAME none.test.");
        for (String name : List.of("alias.test", "lost.test")) {
            for (RecordType<?> type : List.of(RecordType.A, RecordType.MX)) {
                List<DnsAnswer.Alias> cold = ask(dns, name, type).aliases();
                assertThat(cold).hasSize(1);
                clock.advance(Duration.ofSeconds(20));
                int before = server.questions();
                assertThat(ask(dns, name, type).aliases()).isEqualTo(cold);
                assertThat(server.questions()).isEqualTo(before);
            }
        }
    }

    /** A plug-in may list any number of aliases. */
    @Test
    void limit_aliasesCountForTheSizeOfAnAnswerThatIsKept() {
        DnsAnswer<IpAddress> bare = new DnsAnswer.NoData<>(Duration.ofHours(1), Security.INSECURE);
        DnsAnswer.Alias loop = alias("a.test", "a.test");
        AnswerCache.CacheKey question = question("a.test");
        int one = AnswerCache.weight(
                        question,
                        new DnsAnswer.NoData<>(Duration.ofHours(1), Security.INSECURE).withAliases(List.of(loop)))
                - AnswerCache.weight(question, bare);
        int most = (AnswerCache.MAX_ANSWER - AnswerCache.weight(question, bare)) / one;
        for (int aliases : new int[] {most, most + 1}) {
            AnswerCache cache = new AnswerCache(clock, AnswerCache.MAX_OCTETS);
            cache.put(
                    question,
                    new DnsAnswer.NoData<IpAddress>(Duration.ofHours(1), Security.INSECURE)
                            .withAliases(Collections.nCopies(aliases, loop)));
            assertThat(cache.get(question).isPresent()).isEqualTo(aliases == most);
        }
        assertThat(one).isGreaterThan(96);
    }

    @Test
    void cache_anAnswerWithTtlZeroIsNotKept() throws InterruptedException {
        server.zone("mx.test. 0 A 192.0.2.1");
        ask(dns, NAME, RecordType.A);
        ask(dns, NAME, RecordType.A);
        assertThat(server.questions()).isEqualTo(2);
    }

    @Test
    void cache_hasALimitAndDropsTheLeastRecentlyUsed() {
        int weight = AnswerCache.weight(question("a.test"), found(Duration.ofHours(1)));
        for (int room : new int[] {2 * weight, 3 * weight - 1}) {
            AnswerCache cache = new AnswerCache(clock, room);
            cache.put(question("a.test"), found(Duration.ofHours(1)));
            cache.put(question("b.test"), found(Duration.ofHours(1)));
            assertThat(cache.get(question("a.test"))).isPresent();
            cache.put(question("c.test"), found(Duration.ofHours(1)));
            assertThat(cache.get(question("b.test"))).isEmpty();
            assertThat(cache.get(question("a.test"))).isPresent();
            assertThat(cache.get(question("c.test"))).isPresent();
            assertThat(cache.octets()).isEqualTo(2L * weight);
        }
    }

    /** Returns a text of this many octets, in one record. */
    private static DnsAnswer<String> text(int octets) {
        return new DnsAnswer.Found<>(
                List.of("x".repeat(octets)), new DnsName("a.test"), Duration.ofHours(1), Security.INSECURE);
    }

    @Test
    void limit_octetsOfACachedAnswer() {
        AnswerCache.CacheKey question = new AnswerCache.CacheKey(HostName.parse("a.test"), RecordType.TXT);
        int most = AnswerCache.MAX_ANSWER - AnswerCache.weight(question, text(0));
        AnswerCache cache = new AnswerCache(clock, AnswerCache.MAX_OCTETS);
        cache.put(question, text(most));
        assertThat(cache.get(question)).isPresent();
        cache.put(question, text(most + 1));
        assertThat(cache.get(question)).as("nor is the older one").isEmpty();
        assertThat(cache.octets()).isZero();
    }

    /** Ten thousand answers of the largest size, each of which could take 64 KiB. */
    @Test
    void limit_octetsOfAllCachedAnswers() {
        AnswerCache cache = new AnswerCache(clock, AnswerCache.MAX_OCTETS);
        for (int i = 0; i < 10_000; i++) {
            cache.put(
                    new AnswerCache.CacheKey(HostName.parse("a" + i + ".test"), RecordType.TXT), text(i % 2 * 15_000));
            assertThat(cache.octets()).isLessThanOrEqualTo(AnswerCache.MAX_OCTETS);
        }
        assertThat(cache.octets()).isGreaterThan(AnswerCache.MAX_OCTETS - AnswerCache.MAX_ANSWER);
        cache.clear();
        assertThat(cache.octets()).isZero();
    }

    @Test
    void RETRY_03_freshQueriesAgainAndReplacesTheCachedAnswer() throws InterruptedException {
        ask(dns, NAME, RecordType.A);
        server.zone("mx.test. 60 A 192.0.2.2");
        assertThat(kind(ask(dns, NAME, RecordType.A))).contains("192.0.2.1");
        assertThat(kind(ask(dns.fresh(), NAME, RecordType.A))).contains("192.0.2.2");
        assertThat(kind(ask(dns, NAME, RecordType.A))).contains("192.0.2.2");
        assertThat(server.questions()).isEqualTo(2);
        dns.clear();
        ask(dns, NAME, RecordType.A);
        assertThat(server.questions()).isEqualTo(3);
    }

    @Test
    void coalescing_equalConcurrentQueriesAreSentOnce() throws Exception {
        server.faultForAll(DnsFault.HELD);
        List<QueryThread> askers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            askers.add(new QueryThread(dns, DnsTesting.PATIENCE));
        }
        askers.forEach(CachingMailDnsTest::awaitWaiting);
        server.transcript().await(line -> line.endsWith("held"), DnsTesting.PATIENCE);
        server.release();
        for (QueryThread asker : askers) {
            assertThat(asker.outcome()).contains("192.0.2.1");
        }
        assertThat(server.questions()).isEqualTo(1);
    }

    @Test
    void coalescing_anInterruptedCallerDoesNotFailTheOthers() throws Exception {
        server.faultForAll(DnsFault.HELD);
        QueryThread first = new QueryThread(dns, DnsTesting.PATIENCE);
        server.transcript().await(line -> line.endsWith("held"), DnsTesting.PATIENCE);
        QueryThread second = new QueryThread(dns, DnsTesting.PATIENCE);
        awaitWaiting(second);
        server.heal();
        first.thread.interrupt();
        assertThat(first.outcome()).isEqualTo("interrupted");
        assertThat(second.outcome()).contains("192.0.2.1");
        assertThat(server.questions()).isEqualTo(2);
    }

    @Test
    void coalescing_aShortDeadlineAppliesToItsCallerOnly() throws Exception {
        server.fault(NAME, RecordType.A, DnsFault.DROP, 2); // once per round
        QueryThread hasty = new QueryThread(dns, Duration.ofSeconds(1));
        server.transcript().await(line -> line.endsWith("dropped"), DnsTesting.PATIENCE);
        QueryThread patient = new QueryThread(dns, DnsTesting.PATIENCE);
        assertThat(hasty.outcome()).isEqualTo("failed TIMEOUT");
        assertThat(patient.outcome()).contains("192.0.2.1");
    }

    @Test
    void coalescing_aCallerWaitsUpToItsOwnDeadline() throws Exception {
        server.faultForAll(DnsFault.HELD);
        QueryThread first = new QueryThread(dns, DnsTesting.PATIENCE);
        server.transcript().await(line -> line.endsWith("held"), DnsTesting.PATIENCE);
        assertThat(new QueryThread(dns, Duration.ofMillis(50)).outcome()).isEqualTo("failed TIMEOUT");
        server.release();
        assertThat(first.outcome()).contains("192.0.2.1");
    }

    @Test
    void limit_queriesBeyondTheLimitFailWithOverloadAndAreNotCached() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch entered = new CountDownLatch(CachingMailDns.MAX_IN_FLIGHT);
        CachingMailDns slow = around(() -> {
            entered.countDown();
            release.await();
            return found(Duration.ofHours(1));
        });
        List<QueryThread> askers = new ArrayList<>();
        for (int i = 0; i < CachingMailDns.MAX_IN_FLIGHT; i++) {
            askers.add(new QueryThread(slow, DnsTesting.PATIENCE, "n" + i + ".test"));
        }
        assertThat(entered.await(DnsTesting.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("all permits in use")
                .isTrue();
        GrowingTimeout.of(
                Duration.ofMillis(20),
                silence -> assertThat(new QueryThread(slow, silence, "late.test").outcome())
                        .isEqualTo("failed OVERLOAD"));
        release.countDown();
        for (QueryThread asker : askers) {
            assertThat(asker.outcome()).startsWith("found");
        }
        assertThat(kind(ask(slow, "late.test", RecordType.A))).startsWith("found");
    }

    @Test
    void contract_aBreachByTheDelegateIsAFailure() throws InterruptedException {
        assertBroken(() -> nothing(), "null");
        assertBroken(
                () -> {
                    throw new IllegalStateException("boom");
                },
                "boom");
        assertBroken(
                () -> new DnsAnswer.Found<>(List.of(), new DnsName("mx.test"), Duration.ZERO, Security.UNKNOWN),
                "Found needs a record");
        assertBroken(() -> found(Duration.ofSeconds(-1)), "TTL");
        assertBroken(() -> found("2001:db8::1"), "IPv6");
        assertBroken(CachingMailDnsTest::wrongClass, "String");
    }

    @Test
    void TLS_06_aFollowedAliasDoesNotAnswerACnameQuery() throws InterruptedException {
        assertAlias("alias.test", List.of("mx.test"), "found [mx.test] SECURE");
        assertAlias("mx.test", List.of("end.test"), "failed CONTRACT");
        assertAlias("alias.test", List.of("mx.test", "mx2.test"), "failed CONTRACT");
    }

    @Test
    void contract_theAliasesBeginAtTheNameThatWasAskedFor() throws InterruptedException {
        List<DnsAnswer.Alias> own = List.of(alias("mx.test", "end.test"));
        List<DnsAnswer.Alias> foreign = List.of(alias("other.test", "end.test"));
        for (DnsAnswer<IpAddress> answer : listing(own)) {
            assertThat(ask(around(() -> answer), NAME, RecordType.A)).isEqualTo(answer);
        }
        for (DnsAnswer<IpAddress> answer : listing(foreign)) {
            assertBroken(() -> answer, "the first alias other.test -> end.test is INSECURE is not at mx.test");
        }
        assertBroken(
                () -> listing(List.of(alias("mx.test", "end.test"), alias("x.test", "end.test")))
                        .get(0),
                "chain");
        assertBroken(() -> listing(Collections.singletonList(nothing())).get(0), "null");
    }

    private static List<DnsAnswer<IpAddress>> listing(List<DnsAnswer.Alias> aliases) {
        return List.of(
                new DnsAnswer.Found<>(
                                List.of(IpAddress.parse("192.0.2.1")),
                                new DnsName("end.test"),
                                Duration.ofSeconds(1),
                                Security.INSECURE)
                        .withAliases(aliases),
                new DnsAnswer.NoData<IpAddress>(Duration.ofSeconds(1), Security.INSECURE).withAliases(aliases),
                new DnsAnswer.NoSuchName<IpAddress>(Duration.ofSeconds(1), Security.INSECURE).withAliases(aliases));
    }

    private static DnsAnswer.Alias alias(String owner, String target) {
        return new DnsAnswer.Alias(new DnsName(owner), new DnsName(target), Security.INSECURE);
    }

    /** For CNAME no aliases are followed. */
    @Test
    void TLS_06_theAnswerToTheQuestionForAnAliasListsNone() throws InterruptedException {
        for (DnsAnswer<IpAddress> answer : listing(List.of(alias("alias.test", "end.test")))) {
            assertThat(ask(around(() -> answer), "alias.test", RecordType.CNAME)
                            .failure()
                            .orElseThrow()
                            .cause())
                    .isEqualTo(Cause.CONTRACT);
        }
    }

    /** @param canonical the canonical name in the answer */
    private void assertAlias(String canonical, List<String> targets, String outcome) throws InterruptedException {
        DnsAnswer<DnsName> answer = new DnsAnswer.Found<>(
                targets.stream().map(DnsName::new).toList(), new DnsName(canonical), Duration.ZERO, Security.SECURE);
        MailDns foreign = new MailDns() {
            @Override
            @SuppressWarnings("unchecked")
            public <R> DnsAnswer<R> query(HostName name, RecordType<R> type, Deadline deadline) {
                return (DnsAnswer<R>) answer;
            }
        };
        assertThat(kind(ask(new CachingMailDns(foreign, clock), "alias.test", RecordType.CNAME)))
                .isEqualTo(outcome);
    }

    private void assertBroken(Script script, String detail) throws InterruptedException {
        DnsAnswer<IpAddress> answer = ask(around(script), NAME, RecordType.A);
        assertThat(kind(answer)).isEqualTo("failed CONTRACT");
        assertThat(answer.failure().orElseThrow().detail()).contains(detail);
    }

    @Test
    void close_laterQueriesFailAndTheDelegateIsClosed() throws InterruptedException {
        ask(dns, NAME, RecordType.A);
        dns.close();
        assertThat(kind(ask(dns, NAME, RecordType.A))).isEqualTo("failed CLOSED");
        assertThat(kind(ask(dns.fresh(), NAME, RecordType.A))).isEqualTo("failed CLOSED");
        assertThat(server.questions()).isEqualTo(1);
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T nothing() {
        return null;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static DnsAnswer<IpAddress> wrongClass() {
        return new DnsAnswer.Found(List.of("192.0.2.1"), new DnsName("mx.test"), Duration.ZERO, Security.UNKNOWN);
    }

    private static AnswerCache.CacheKey question(String name) {
        return new AnswerCache.CacheKey(HostName.parse(name), RecordType.A);
    }

    private static DnsAnswer<IpAddress> found(Duration ttl) {
        return new DnsAnswer.Found<>(
                List.of(IpAddress.parse("192.0.2.1")), new DnsName("mx.test"), ttl, Security.INSECURE);
    }

    private static DnsAnswer<IpAddress> found(String address) {
        return new DnsAnswer.Found<>(
                List.of(IpAddress.parse(address)), new DnsName("mx.test"), Duration.ZERO, Security.INSECURE);
    }

    private static <R> Duration ttl(DnsAnswer<R> answer) {
        return answer.fold(
                DnsAnswer.Found::ttl, DnsAnswer.NoData::ttl, DnsAnswer.NoSuchName::ttl, failed -> Duration.ZERO);
    }

    /** Waits until the thread waits for an answer, to its own query or to that of another thread. */
    private static void awaitWaiting(QueryThread asker) {
        while (asker.thread.getState() == Thread.State.NEW || !inQuery(asker.thread)) {
            Thread.onSpinWait();
        }
    }

    private static boolean inQuery(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (frame.getMethodName().equals("await") && frame.getClassName().startsWith("org.postroad")) {
                return true;
            }
        }
        return false;
    }

    /** A thread that queries the address. */
    private static final class QueryThread {
        private final CompletableFuture<String> outcome = new CompletableFuture<>();
        private final Thread thread;

        QueryThread(MailDns dns, Duration patience) {
            this(dns, patience, NAME);
        }

        QueryThread(MailDns dns, Duration patience, String name) {
            thread = new Thread(() -> {
                try {
                    outcome.complete(kind(dns.query(HostName.parse(name), RecordType.A, Deadline.after(patience))));
                } catch (InterruptedException e) {
                    outcome.complete("interrupted");
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        String outcome() throws Exception {
            return outcome.get(DnsTesting.PATIENCE.multipliedBy(2).toSeconds(), TimeUnit.SECONDS);
        }
    }
}
