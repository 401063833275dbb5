// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.api.RecipientReport;
import org.postroad.api.Verdict;
import org.postroad.fixtures.Misbehaviour;
import org.postroad.fixtures.SilentPort;

/** {@link Postroad#close()} during deliveries. */
@Timeout(300)
class CloseTest extends TransportTesting {

    private MxSendFailedException closedAfter(String line, String... recipients) throws Exception {
        FutureTask<MxSendFailedException> sending = new FutureTask<>(() -> failure(recipients));
        new Thread(sending).start();
        transcript.await(said -> said.startsWith(line), Duration.ofSeconds(30));
        Postroad.close();
        return sending.get();
    }

    @Test
    void close_doesNotWaitForASilentServer() throws Exception {
        mx4.onCommand("MAIL", Misbehaviour.STALL);
        RecipientReport report =
                closedAfter("mx4< MAIL", "a@v4.test").report().recipients().get(0);
        assertThat(report.verdict()).isEqualTo(Verdict.DEFERRED);
    }

    @Test
    void close_endsADial() throws Exception {
        connector.hold("192.0.2.4");
        properties.setProperty("mail.mx.connectiontimeout", "10m");
        assertDeferred(closedAfter("connect: mx4.v4.test[192.0.2.4]:25 -> held", "a@v4.test"));
    }

    @Test
    void close_endsADialOfTheBuiltInConnector() throws Exception {
        try (SilentPort silent = SilentPort.open("127.0.0.1")) {
            dialThere(silent);
            assertDeferred(closedAfter("connecting", "a@v4.test"));
        }
    }

    /** A thread of the application that waits for a dial is not interrupted, but the dial must end. */
    @Test
    void close_endsADialOnAThreadOfTheExecutor() throws Exception {
        try (SilentPort silent = SilentPort.open("127.0.0.1")) {
            dialThere(silent);
            properties.put("mail.mx.executor", (Executor) task -> new Thread(task).start());
            assertDeferred(closedAfter("connecting", "a@v4.test"));
        }
    }

    private static void assertDeferred(MxSendFailedException failure) {
        assertThat(failure.report().recipients())
                .extracting(RecipientReport::verdict)
                .containsExactly(Verdict.DEFERRED);
    }

    @Test
    void close_endsASendThatWaitsForAThread() throws Exception {
        mx4.onConnect(Misbehaviour.STALL);
        // One domain more than can be served concurrently, all with the same silent server.
        properties.setProperty("mail.mx.routes", "*=[192.0.2.4]");
        String[] recipients =
                IntStream.range(0, 33).mapToObj(i -> "u@d" + i + ".test").toArray(String[]::new);
        assertThat(closedAfter("mx4: STALL", recipients).report().recipients())
                .hasSize(33)
                .allSatisfy(report -> assertThat(report.verdict()).isEqualTo(Verdict.DEFERRED));
    }

    @Test
    void TRY_05_aRecipientIsInDoubtIfCloseComesAfterTheFinalDot() throws Exception {
        mx4.onEndOfData(Misbehaviour.STALL);
        RecipientReport report =
                closedAfter("mx4: STALL", "a@v4.test").report().recipients().get(0);
        assertThat(report.verdict()).isEqualTo(Verdict.IN_DOUBT);
    }

    @Test
    void close_aLaterSendStartsANewEngine() throws Exception {
        send(message("a@v4.test"));
        Postroad.close();
        send(message("a@v4.test"));
        assertThat(mx4.received()).hasSize(2);
    }

    /** A server looks for threads of an application as soon as it has stopped. */
    @Test
    void embedding_closeApplicationWaitsUntilItsThreadsHaveEnded() throws Exception {
        Thread closing = Thread.currentThread();
        Thread late = new Thread(
                () -> {
                    while (closing.getState() != Thread.State.TIMED_WAITING) {
                        Thread.onSpinWait();
                    }
                },
                "postroad-queue-late");
        late.setDaemon(true);
        late.start();
        Postroad.closeApplication();
        assertThat(late.isAlive()).isFalse();
    }

    /** Open Liberty wraps the class loader of an application in the context class loader, as if Postroad were in the server. */
    @Test
    void embedding_closeApplicationLeavesNoThreadBehindAContextClassLoaderAroundTheApplication() throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(new ClassLoader(before) {});
        try {
            send(message("a@v4.test", "b@v6.test"));
            assertThat(threads()).isNotEmpty();
            Postroad.closeApplication();
            assertThat(threads()).isEmpty();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.matches("postroad-(delivery|watchdog).*"))
                .toList();
    }
}
