// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Domain;
import org.postroad.api.Family;
import org.postroad.api.QueueFilter;
import org.postroad.api.QueueOptions;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.ReceivedMessage;
import org.postroad.fixtures.Transcript;
import org.postroad.provider.internal.queue.store.TestPostgres;

/** A queue that one process delivers and another one controls. Either of them is killed, with SIGKILL. */
@Timeout(600)
class AttachTest {

    private static final int MESSAGES = 100;
    private static final int CHANGES = 5;

    /** Long enough for the heartbeats of a busy machine. */
    private static final String LEASE = "10s";

    private static final Pattern SUBJECT = Pattern.compile("(?m)^Subject: (\\d+)$");

    @TempDir
    Path directory;

    private final List<Process> processes = new ArrayList<>();

    private String place(boolean inAFile) {
        return inAFile ? directory.resolve("queue.db").toString() : TestPostgres.newDatabaseUrl();
    }

    private Process owner(FakeSmtpServer server, String place, int first, int end) throws IOException {
        List<String> command = ChildJvm.command(QueueCrashProcess.class, "-XX:TieredStopAtLevel=1");
        command.addAll(
                List.of(place, String.valueOf(server.port()), String.valueOf(first), String.valueOf(end), "retry"));
        if (place.startsWith("jdbc:")) {
            command.add(LEASE);
        }
        return start(command);
    }

    private Process attached(String place, String what) throws IOException {
        List<String> command = ChildJvm.command(AttachedProcess.class, "-XX:TieredStopAtLevel=1");
        command.addAll(List.of(place, what));
        return start(command);
    }

    private Process start(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        processes.add(process);
        return process;
    }

    private void killAll() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    /** Reads until a line begins with this text so many times. */
    private static void awaitLines(BufferedReader out, String beginning, int times) throws IOException {
        List<String> read = new ArrayList<>();
        for (int left = times; left > 0; ) {
            String line = out.readLine();
            assertThat(line).as(String.join("\n", read)).isNotNull();
            read.add(line);
            left -= line.startsWith(beginning) ? 1 : 0;
        }
    }

    /** Runs a process to its end. Returns its output. */
    private static List<String> run(Process process) throws Exception {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            List<String> lines = out.lines().toList();
            assertThat(process.waitFor()).as(String.join("\n", lines)).isZero();
            return lines;
        }
    }

    /** Has an attached process make some changes, and kills it in the middle of the next ones. */
    private void changeAndKill(String place) throws Exception {
        Process process = attached(place, "forever");
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            awaitLines(out, AttachedProcess.CHANGED, CHANGES);
        }
        process.destroyForcibly().waitFor();
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

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void queue_nothingIsLostOrSentTwiceIfAnAttachedProcessIsKilled(boolean inAFile) throws Exception {
        String place = place(inAFile);
        try (FakeSmtpServer server = FakeSmtpServer.start("mx", Family.IPV4, new Transcript())) {
            Process owner = owner(server, place, 0, MESSAGES);
            BufferedReader out = owner.inputReader(StandardCharsets.UTF_8);
            awaitLines(out, QueueCrashProcess.ACKNOWLEDGED, 1); // the tables are there
            changeAndKill(place);
            changeAndKill(place);
            assertThat(run(attached(place, "free"))).containsExactly(AttachedProcess.CHANGED);
            List<String> said = out.lines()
                    .filter(line -> !line.startsWith(QueueCrashProcess.SUBMITTING)
                            && !line.startsWith(QueueCrashProcess.ACKNOWLEDGED)
                            && !line.startsWith(QueueCrashProcess.HELD))
                    .toList();
            assertThat(said).as("no error").containsExactly(QueueCrashProcess.EMPTY);
            // It may have ended when the rest was held.
            assertThat(run(attached(place, "free"))).containsExactly(AttachedProcess.CHANGED);
            assertThat(run(owner(server, place, MESSAGES, MESSAGES))).containsExactly(QueueCrashProcess.EMPTY);
            assertThat(arrivals(server)).hasSize(MESSAGES);
            assertThat(arrivals(server).values()).allMatch(times -> times == 1);
        } finally {
            killAll();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void queue_anAttachedProcessGoesOnIfTheOwnerIsKilled(boolean inAFile) throws Exception {
        String place = place(inAFile);
        Set<String> acknowledged = new HashSet<>();
        try (FakeSmtpServer server = FakeSmtpServer.start("mx", Family.IPV4, new Transcript())) {
            Process owner = owner(server, place, 0, 10 * MESSAGES);
            BufferedReader out = owner.inputReader(StandardCharsets.UTF_8);
            awaitLines(out, QueueCrashProcess.SUBMITTING, 1);
            List<Process> attached = new ArrayList<>();
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith(QueueCrashProcess.ACKNOWLEDGED)) {
                    acknowledged.add(line.substring(QueueCrashProcess.ACKNOWLEDGED.length()));
                    if (acknowledged.size() == 1) {
                        attached.add(attached(place, "forever"));
                    }
                    if (acknowledged.size() == MESSAGES) {
                        owner.toHandle().destroyForcibly(); // leaves the output readable
                    }
                }
            }
            assertThat(attached).hasSize(1);
            try (BufferedReader changes = attached.get(0).inputReader(StandardCharsets.UTF_8)) {
                awaitLines(changes, AttachedProcess.CHANGED, CHANGES);
            }
            attached.get(0).destroyForcibly().waitFor();
            assertThat(run(attached(place, "free"))).containsExactly(AttachedProcess.CHANGED);
            Set<String> underWay = new TreeSet<>();
            for (String line : run(owner(server, place, 10 * MESSAGES, 10 * MESSAGES))) {
                if (line.startsWith(QueueCrashProcess.UNDER_WAY)) {
                    underWay.add(line.substring(QueueCrashProcess.UNDER_WAY.length()));
                } else {
                    assertThat(line).isEqualTo(QueueCrashProcess.EMPTY);
                }
            }
            Map<String, Integer> arrived = arrivals(server);
            assertThat(arrived.keySet()).containsAll(acknowledged);
            if (inAFile) {
                Set<String> twice = new TreeSet<>(arrived.keySet());
                twice.removeIf(message -> arrived.getOrDefault(message, 0) == 1);
                assertThat(underWay).containsAll(twice);
            }
        } finally {
            killAll();
        }
    }

    private MailQueue attach(Path file) throws MessagingException {
        return MailQueue.attach(Session.getInstance(AttachedProcess.properties(file.toString())));
    }

    private void assertRefused(Path file, String why) throws IOException {
        List<Path> before = files();
        assertThatThrownBy(() -> attach(file))
                .isInstanceOf(MessagingException.class)
                .hasMessageStartingWith("There is no queue in " + file)
                .hasMessageContaining(why);
        assertThat(files()).isEqualTo(before);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.sorted().toList();
        }
    }

    @Test
    void queue_attachingCreatesNoFile() throws Exception {
        assertRefused(directory.resolve("queue.db"), "the file does not exist");
        assertRefused(directory.resolve("nowhere/queue.db"), "the file does not exist");
        assertRefused(Files.createDirectory(directory.resolve("sub")), "it is not a file");
        assertRefused(Files.createFile(directory.resolve("empty.db")), "the tables are missing");
        Path diary = Files.writeString(directory.resolve("diary"), "Dear diary, ".repeat(1000));
        assertThatThrownBy(() -> attach(diary))
                .isInstanceOf(MessagingException.class)
                .hasMessageStartingWith("The queue in " + diary + " cannot be read")
                .hasMessageContaining("not a database");
    }

    private Properties owning(Path file) {
        Properties properties = AttachedProcess.properties(file.toString());
        properties.setProperty("mail.transport.protocol.rfc822", "mxqueue");
        properties.setProperty("mail.mx.localhost", "client.test");
        return properties;
    }

    /** One JVM does not both deliver a queue in a file and attach to it. */
    @Test
    void queue_aJvmThatHasTheQueueOpenDoesNotAttachToItsFile() throws Exception {
        Path file = directory.resolve("queue.db");
        Session session = Session.getInstance(owning(file));
        try (MailQueue queue = MailQueue.open(session)) {
            assertThat(queue.size()).isZero();
            assertThatThrownBy(() -> attach(file))
                    .isInstanceOf(MessagingException.class)
                    .hasMessageContaining("is open in this JVM. Use MailQueue.open");
        }
        try (MailQueue attached = attach(file);
                MailQueue second = attach(file)) {
            second.close();
            assertThat(attached.size()).isZero();
            assertThatThrownBy(() -> MailQueue.open(session))
                    .isInstanceOf(MessagingException.class)
                    .hasMessageContaining("this JVM is attached to it (MailQueue.attach); close that handle first");
        }
        MailQueue.open(session).close();
    }

    @Test
    void queue_anAttachedHandleSendsNothing() throws Exception {
        Path file = directory.resolve("queue.db");
        Session session = Session.getInstance(owning(file));
        MailQueue.open(session).close();
        try (MailQueue attached = attach(file)) {
            MimeMessage message = new MimeMessage(session);
            assertThatThrownBy(() -> attached.send(message, new Address[0], QueueOptions.NONE))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("sends nothing; use MailQueue.open");
            assertThat(attached.select(QueueFilter.to(Domain.parse("one.test")))
                            .count()
                            .deliveries())
                    .isZero();
        }
    }
}
