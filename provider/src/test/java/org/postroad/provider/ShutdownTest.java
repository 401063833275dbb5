// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Session;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postroad.api.Family;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.Transcript;

/** SIGTERM for a process that never closed its queue: running deliveries finish first and arrive once (RETRY-04). */
@Timeout(300)
class ShutdownTest {

    @TempDir
    Path directory;

    private FakeSmtpServer server;
    private final List<String> said = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        server = FakeSmtpServer.start("mx", Family.IPV4, new Transcript());
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        Postroad.close();
    }

    private String file() {
        return directory.resolve("queue.db").toString();
    }

    /** Sends SIGTERM while this many deliveries are running, which then continue. */
    private void run(int messages, boolean hook, String when) throws Exception {
        List<String> command = ChildJvm.command(ShutdownProcess.class, "-XX:TieredStopAtLevel=1");
        command.addAll(
                List.of(file(), String.valueOf(server.port()), String.valueOf(messages), String.valueOf(hook), when));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            await(out, ShutdownProcess.READY);
            for (int i = 0; i < messages; i++) {
                await(out, ShutdownProcess.BEGUN);
            }
            process.toHandle().destroy(); // SIGTERM
            await(out, ShutdownProcess.ENDING);
            if (hook) {
                process.getOutputStream().write('\n');
                process.getOutputStream().flush();
            }
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                said.add(line);
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private void await(BufferedReader out, String wanted) throws IOException {
        String line = out.readLine();
        while (line != null && !line.equals(wanted)) {
            said.add(line);
            line = out.readLine();
        }
        assertThat(line).as(String.join("\n", said)).isNotNull();
    }

    private void deliverTheRest() throws Exception {
        Properties properties = ShutdownProcess.properties(file(), String.valueOf(server.port()));
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            assertThat(queue.drain(Duration.ofMinutes(1))).isTrue();
        }
    }

    @Test
    void RETRY_04_afterSigtermRunningDeliveriesFinishAndArriveOnce() throws Exception {
        run(3, true, "never");
        assertThat(server.received()).as(String.join("\n", said)).hasSize(3);
        deliverTheRest();
        assertThat(server.received()).hasSize(3);
    }

    @Test
    void RETRY_04_withoutTheHookRunningDeliveriesAreInterruptedAndInDoubt() throws Exception {
        run(1, false, "never");
        assertThat(server.received()).isEmpty();
        Properties properties = ShutdownProcess.properties(file(), String.valueOf(server.port()));
        properties.setProperty("mail.mx.queue.indoubt", "hold");
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            assertThat(queue.drain(Duration.ofSeconds(2))).isFalse();
            assertThat(queue.size()).isEqualTo(1);
        }
    }

    /** Whether or not the queue was open before, the message is stored, and no delivery starts that the JVM shutdown would interrupt. */
    @Test
    void RETRY_04_aMessageSentDuringShutdownIsStored() throws Exception {
        run(0, true, "late");
        assertThat(said).as(String.join("\n", said)).contains(ShutdownProcess.STORED);
        run(1, true, "late");
        assertThat(said.stream().filter(ShutdownProcess.STORED::equals))
                .as(String.join("\n", said))
                .hasSize(2);
        int before = server.received().size();
        assertThat(before).isLessThanOrEqualTo(2);
        deliverTheRest();
        assertThat(server.received()).hasSize(3);
    }
}
