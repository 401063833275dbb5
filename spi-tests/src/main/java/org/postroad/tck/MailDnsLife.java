// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.parallel.Isolated;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsAnswer.Cause;
import org.postroad.api.IpAddress;
import org.postroad.api.RecordType;
import org.postroad.fixtures.DnsFault;
import org.postroad.fixtures.FakeDnsServer;
import org.postroad.spi.MailDns;

/** Tests of queries that end early, and of resources left over after the implementation is closed. */
abstract class MailDnsLife extends MailDnsFaults {

    private static final Duration PROMPTLY = Duration.ofSeconds(8);
    private static final String ADDRESS = "mx1.example.test";

    /** A query that runs on a thread of its own. */
    record Question(Thread thread, FutureTask<DnsAnswer<IpAddress>> task) {

        DnsAnswer<IpAddress> answer() throws Exception {
            try {
                return task.get(timeOfThisRun(PROMPTLY).toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                throw Expect.lookAt("what the thread waits for").mismatch("an immediate end", "it continues to wait");
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Exception thrown) {
                    throw thrown;
                }
                throw e;
            }
        }
    }

    final Question question(MailDns dns, String name) {
        FutureTask<DnsAnswer<IpAddress>> task = new FutureTask<>(() -> once(dns, name, RecordType.A));
        Thread thread = new Thread(task, "postroad-tck-question");
        thread.setDaemon(true);
        thread.start();
        return new Question(thread, task);
    }

    /** Waits until the servers hold back the answers to this number of queries. */
    final void awaitHeld(int count) throws InterruptedException {
        AtomicInteger held = new AtomicInteger();
        try {
            bench().transcript()
                    .await(line -> line.endsWith("held") && held.incrementAndGet() == count, timeOfThisRun(PROMPTLY));
        } catch (AssertionError tooFew) {
            Mismatch mismatch = Expect.lookAt("the queries in the transcript")
                    .mismatch(count + " queries in flight concurrently", held + " arrived");
            mismatch.initCause(tooFew);
            throw mismatch;
        }
    }

    private FakeDnsServer holding() {
        FakeDnsServer server = bench().dns(ZONE);
        server.faultForAll(DnsFault.HELD);
        return server;
    }

    @Nested
    class Interrupt {

        @Requirement
        void DNS_40_anInterruptEndsTheWait() throws Exception {
            FakeDnsServer server = holding();
            MailDns dns = subject(server);
            Question question = question(dns, ADDRESS);
            awaitHeld(1);
            question.thread().interrupt();
            expectInterrupted(question);
            server.release();
            expectFound(ask(dns, ADDRESS, RecordType.A), addresses("192.0.2.1"));
        }

        @Requirement
        void DNS_40_anInterruptedThreadDoesNotWait() throws Exception {
            MailDns dns = subject(holding());
            FutureTask<DnsAnswer<IpAddress>> task = new FutureTask<>(() -> {
                Thread.currentThread().interrupt();
                return once(dns, ADDRESS, RecordType.A);
            });
            Thread thread = new Thread(task, "postroad-tck-question");
            thread.setDaemon(true);
            thread.start();
            expectInterrupted(new Question(thread, task));
        }

        private void expectInterrupted(Question question) throws Exception {
            DnsAnswer<IpAddress> answer;
            try {
                answer = question.answer();
            } catch (InterruptedException asItShouldBe) {
                return;
            }
            throw Expect.lookAt("how an interrupt is handled")
                    .mismatch("an InterruptedException", "the answer " + answer.describe());
        }
    }

    @Nested
    class Closing {

        @Requirement
        void DNS_44_aLaterQueryIsFailed() throws Exception {
            FakeDnsServer server = bench().dns(ZONE);
            MailDns dns = subject(server);
            expectFound(ask(dns, ADDRESS, RecordType.A), addresses("192.0.2.1"));
            int before = server.questions();
            dns.close();
            dns.close();
            expectClosed(ask(dns, ADDRESS, RecordType.A));
            expectClosed(ask(dns, "example.test", RecordType.MX));
            Expect.lookAt("whether a closed implementation still sends queries")
                    .equal("queries after closing:", 0, server.questions() - before);
        }

        private void expectClosed(DnsAnswer<?> answer) {
            ANSWER.equal("the cause", Cause.CLOSED, expectFailed(answer).cause());
        }

        @Requirement
        void DNS_45_aPendingQueryIsFailed() throws Exception {
            MailDns dns = subject(holding());
            Question question = question(dns, ADDRESS);
            awaitHeld(1);
            dns.close();
            expectFailed(question.answer());
        }
    }

    /** Isolated, because threads and sockets of other tests would be counted, too. */
    @Nested
    @Isolated
    class Leaks {

        private static final int ROUNDS = 2;
        private static final Expect CLOSE = Expect.lookAt("what close() frees");

        @Requirement
        void DNS_46_noThreadOutlivesClose() throws Exception {
            FakeDnsServer server = busy();
            useAndClose(server);
            Set<Thread> before = Resources.threads();
            for (int i = 0; i < ROUNDS; i++) {
                useAndClose(server);
            }
            List<Thread> started = Resources.threads().stream()
                    .filter(thread -> !before.contains(thread))
                    .toList();
            boolean ended = Resources.await(
                    timeOfThisRun(PROMPTLY), () -> started.stream().noneMatch(Thread::isAlive));
            CLOSE.isTrue(
                    "no thread that outlives close()",
                    ended,
                    started.stream()
                            .filter(Thread::isAlive)
                            .map(Thread::getName)
                            .toList()
                            .toString());
        }

        @Requirement
        void DNS_47_noSocketOutlivesClose() throws Exception {
            FakeDnsServer server = busy();
            useAndClose(server);
            awaitNoConnection(server);
            Set<String> before = Resources.sockets();
            for (int i = 0; i < ROUNDS; i++) {
                useAndClose(server);
            }
            awaitNoConnection(server);
            IntSupplier more = () -> Resources.more(Resources.sockets(), before);
            CLOSE.isTrue(
                    "no socket that outlives close()",
                    Resources.await(timeOfThisRun(PROMPTLY), () -> more.getAsInt() == 0),
                    more.getAsInt() + " more than before " + ROUNDS + " instances");
        }

        private void awaitNoConnection(FakeDnsServer server) throws InterruptedException {
            CLOSE.isTrue(
                    "no TCP connection to the server that outlives close()",
                    Resources.await(timeOfThisRun(PROMPTLY), () -> server.connections() == 0),
                    server.connections() + " are open");
        }

        private FakeDnsServer busy() {
            FakeDnsServer server = bench().dns(ZONE);
            server.fault("example.test", RecordType.MX, DnsFault.TRUNCATED);
            server.fault("example.test", RecordType.A, DnsFault.DROP);
            return server;
        }

        private void useAndClose(FakeDnsServer server) throws Exception {
            MailDns dns = subject(server);
            ask(dns, ADDRESS, RecordType.A);
            ask(dns, "example.test", RecordType.MX);
            once(dns, "example.test", RecordType.A, silenceOfThisRun());
            dns.close();
        }
    }
}
