// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Family;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.ReceivedMessage;
import org.postroad.fixtures.Transcript;
import org.postroad.provider.internal.queue.store.TestPostgres;

/**
 * Repeatedly kills processes that work on a queue, with SIGKILL: every acknowledged message arrives, and only messages in progress at a
 * kill can arrive twice. Small in the normal build; {@code -Pcrash} uses thousands of messages.
 */
@Timeout(1800)
class QueueCrashTest {

    private static final int MESSAGES = Integer.getInteger("postroad.crash.messages", 300);
    private static final int KILLS = Integer.getInteger("postroad.crash.kills", 4);
    private static final long SEED = Long.getLong("postroad.crash.seed", System.nanoTime());

    private static final int STOPS = Integer.getInteger("postroad.crash.stops", 1);
    private static final Duration LEASE = Duration.ofSeconds(Integer.getInteger("postroad.crash.lease", 4));

    private static final int UNDER_WAY_AT_A_STOP = 20;

    private static final Pattern SUBJECT = Pattern.compile("(?m)^Subject: (\\d+)$");

    @TempDir
    Path directory;

    private final Random random = new Random(SEED);
    private final Set<String> submitted = new HashSet<>();
    private final Set<String> acknowledged = new HashSet<>();
    private final Set<String> underWay = new TreeSet<>();
    private final Set<String> held = new TreeSet<>();

    @Test
    void RETRY_04_eachAcknowledgedMessageArrivesAndOnlyThoseInDoubtArriveTwice() throws Exception {
        Map<String, Integer> arrived = killAndDrain("retry");
        assertThat(arrived.keySet()).as("acknowledged, " + seed()).containsAll(acknowledged);
        assertThat(submitted).as("submitted, " + seed()).containsAll(arrived.keySet());
        Set<String> twice = new TreeSet<>(arrived.keySet());
        twice.removeIf(message -> arrived.getOrDefault(message, 0) == 1);
        System.out.println(acknowledged.size() + " acknowledged, " + arrived.size() + " arrived, " + underWay.size()
                + " were under way at a kill, " + twice.size() + " of them arrived twice");
        assertThat(underWay).as("under way, " + seed()).isNotEmpty().containsAll(twice);
    }

    @Test
    void RETRY_04_aMessageInDoubtArrivesAtMostOnceIfItIsHeld() throws Exception {
        Map<String, Integer> arrived = killAndDrain("hold");
        assertThat(arrived.values()).as("arrivals, " + seed()).allMatch(times -> times == 1);
        Set<String> safe = new HashSet<>(arrived.keySet());
        safe.addAll(held);
        assertThat(safe).as("arrived or held, " + seed()).containsAll(acknowledged);
        assertThat(held).as("held, " + seed()).isEqualTo(underWay);
    }

    /** As after a suspended machine or a long pause: the process never died, and may or may not have its database for itself. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void RETRY_04_aProcessThatWasStoppedForLongerThanItsLeaseSendsEachMessageOnce(boolean inAFile) throws Exception {
        String place = inAFile ? directory.resolve("queue.db").toString() : TestPostgres.newDatabaseUrl();
        try (FakeSmtpServer server = FakeSmtpServer.start("mx", Family.IPV4, new Transcript())) {
            List<String> command = command(server, 0, MESSAGES, "retry", place);
            command.add(LEASE.toSeconds() + "s");
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            List<String> said = new ArrayList<>();
            int acknowledgements = 0;
            try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    said.add(line);
                    if (line.startsWith(QueueCrashProcess.ACKNOWLEDGED)
                            && ++acknowledgements % (MESSAGES / STOPS) == MESSAGES / STOPS / 2) {
                        stop(process);
                    }
                }
            } finally {
                process.destroyForcibly().waitFor();
            }
            assertThat(said).as(String.join("\n", said)).contains(QueueCrashProcess.EMPTY);
            assertThat(arrivals(server)).hasSize(MESSAGES);
            assertThat(arrivals(server).values()).allMatch(times -> times == 1);
        }
    }

    /**
     * The process is stopped before it sends anything, and another one takes over its deliveries. Continued, it withholds the content from
     * the server.
     */
    @Test
    void RETRY_04_aProcessTakenOverWhileItWasStoppedSendsNoContent() throws Exception {
        for (int round = 0; round < STOPS; round++) {
            Transcript transcript = new Transcript();
            try (FakeSmtpServer server = FakeSmtpServer.start("mx", Family.IPV4, transcript)) {
                String place = TestPostgres.newDatabaseUrl();
                List<String> first = command(server, 0, UNDER_WAY_AT_A_STOP, "retry", place);
                first.addAll(List.of(LEASE.toSeconds() + "s", QueueCrashProcess.WAIT));
                List<String> second = command(server, 0, 0, "retry", place);
                second.add(LEASE.toSeconds() + "s");
                Process process =
                        new ProcessBuilder(first).redirectErrorStream(true).start();
                List<String> said = new ArrayList<>();
                try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                    readUntil(out, QueueCrashProcess.CONNECTING, UNDER_WAY_AT_A_STOP, said);
                    signal(process, "-STOP");
                    runToItsEnd(second);
                    assertThat(arrivals(server)).hasSize(UNDER_WAY_AT_A_STOP);
                    signal(process, "-CONT");
                    process.outputWriter().append('\n').flush();
                    readUntil(out, QueueCrashProcess.EMPTY, 1, said);
                } finally {
                    process.destroyForcibly().waitFor();
                }
                assertThat(arrivals(server)).hasSize(UNDER_WAY_AT_A_STOP);
                assertThat(arrivals(server).values()).allMatch(times -> times == 1);
                assertThat(emptyContents(transcript)).isEqualTo(UNDER_WAY_AT_A_STOP);
            }
        }
    }

    private static long emptyContents(Transcript transcript) {
        return transcript.linesOf("mx: data cut off after 0 octets").size();
    }

    private static void runToItsEnd(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            readUntil(out, QueueCrashProcess.EMPTY, 1, new ArrayList<>());
            assertThat(process.waitFor()).isZero(); // it has written what it was about to write
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static void readUntil(BufferedReader out, String wanted, int times, List<String> said) throws IOException {
        int left = times;
        while (left > 0) {
            String line = out.readLine();
            assertThat(line).as(String.join("\n", said)).isNotNull();
            said.add(line);
            left -= line.equals(wanted) ? 1 : 0;
        }
    }

    /** Stops the process for one and a half times its lease. */
    private static void stop(Process process) throws Exception {
        signal(process, "-STOP");
        assertThat(process.waitFor(LEASE.toMillis() * 3 / 2, TimeUnit.MILLISECONDS))
                .isFalse();
        signal(process, "-CONT");
    }

    private static void signal(Process process, String signal) throws Exception {
        assertThat(new ProcessBuilder("kill", signal, String.valueOf(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private static String seed() {
        return "-Dpostroad.crash.seed=" + SEED;
    }

    /** Returns how often each message arrived. */
    private Map<String, Integer> killAndDrain(String inDoubt) throws Exception {
        try (FakeSmtpServer server = FakeSmtpServer.start("mx", Family.IPV4, new Transcript())) {
            int next = 0;
            int kills = 0;
            // A kill without a delivery in progress tests nothing.
            while (kills < KILLS || (underWay.isEmpty() && kills < 10 * KILLS)) {
                next = run(server, next, 1 + random.nextInt(MESSAGES / KILLS), inDoubt);
                kills++;
            }
            run(server, next, Integer.MAX_VALUE, inDoubt);
            return arrivals(server);
        }
    }

    private static Map<String, Integer> arrivals(FakeSmtpServer server) {
        Map<String, Integer> arrived = new HashMap<>();
        for (ReceivedMessage message : server.received()) {
            Matcher subject = SUBJECT.matcher(message.text());
            assertThat(subject.find()).isTrue();
            arrived.merge(subject.group(1), 1, Integer::sum);
        }
        return arrived;
    }

    /** Runs a process, kills it immediately after this many acknowledgements, and returns the first number of the next process. */
    private int run(FakeSmtpServer server, int first, int killAfter, String inDoubt) throws Exception {
        int end = killAfter == Integer.MAX_VALUE ? first + MESSAGES / KILLS : first + 10 * MESSAGES;
        Process process = new ProcessBuilder(command(server, first, end, inDoubt))
                .redirectErrorStream(true)
                .start();
        List<String> others = new ArrayList<>();
        int last = first - 1;
        int acknowledgements = 0;
        boolean empty = false;
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith(QueueCrashProcess.SUBMITTING)) {
                    String number = line.substring(QueueCrashProcess.SUBMITTING.length());
                    submitted.add(number);
                    last = Math.max(last, Integer.parseInt(number));
                } else if (line.startsWith(QueueCrashProcess.ACKNOWLEDGED)) {
                    acknowledged.add(line.substring(QueueCrashProcess.ACKNOWLEDGED.length()));
                    if (++acknowledgements == killAfter) {
                        process.toHandle()
                                .destroyForcibly(); // unlike the method of Process, it leaves the output readable
                    }
                } else if (line.startsWith(QueueCrashProcess.UNDER_WAY)) {
                    underWay.add(line.substring(QueueCrashProcess.UNDER_WAY.length()));
                } else if (line.startsWith(QueueCrashProcess.HELD)) {
                    held.add(line.substring(QueueCrashProcess.HELD.length()));
                } else if (line.equals(QueueCrashProcess.EMPTY)) {
                    empty = true;
                } else {
                    others.add(line);
                }
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(empty).as(String.join("\n", others)).isEqualTo(killAfter == Integer.MAX_VALUE);
        return last + 1;
    }

    private List<String> command(FakeSmtpServer server, int first, int end, String inDoubt) throws IOException {
        return command(
                server, first, end, inDoubt, directory.resolve("queue.db").toString());
    }

    private static List<String> command(FakeSmtpServer server, int first, int end, String inDoubt, String place)
            throws IOException {
        List<String> command = ChildJvm.command(QueueCrashProcess.class, "-XX:TieredStopAtLevel=1");
        command.addAll(
                List.of(place, String.valueOf(server.port()), String.valueOf(first), String.valueOf(end), inDoubt));
        return command;
    }
}
