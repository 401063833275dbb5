// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.api.Family;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.Transcript;

/** Commands on a queue that another process has open and delivers. */
@Timeout(300)
class QueueInUseTest extends QueueCliTesting {

    @Test
    void queue_anotherProcessDeliversWhatTheCommandsLetGo() throws Exception {
        try (FakeSmtpServer server = FakeSmtpServer.start("mx", Family.IPV4, new Transcript());
                QueueOwnerProcess owner = QueueOwnerProcess.start(file(), server.port())) {
            String id = owner.id();
            assertThat(queue("list").out()).contains(id, "a@paused.test").hasLineCount(2);
            assertThat(queue("status").out()).contains("messages     1", "paused       paused.test");
            assertThat(queue("shape").out()).contains("paused.test");

            Result stuck = queue("drain", "--limit=1s");
            assertThat(stuck.out())
                    .startsWith("Nothing left the queue within 1 s: 1 message waits. ")
                    .hasLineCount(1);
            assertThat(stuck.code()).isEqualTo(ExitCode.TEMPORARY);
            assertThat(server.received()).isEmpty();

            assertThat(queue("resume", "paused.test").out())
                    .isEqualTo("paused.test is resumed" + System.lineSeparator());
            Result drained = queue("drain", "--limit=1m");
            assertThat(drained.out()).isEqualTo("The queue is empty" + System.lineSeparator());
            assertThat(drained.code()).isEqualTo(ExitCode.OK);
            assertThat(server.received()).hasSize(1);
            assertThat(queue("history", id).out()).contains("<a@paused.test> DELIVERED at ");
        }
    }

    @Test
    void send_aFileThatAnotherProcessHasOpenIsRefused() throws Exception {
        Path message = folder.resolve("message.eml");
        Files.writeString(message, "From: me@client.test\n\nHello");
        try (FakeSmtpServer server = FakeSmtpServer.start("mx", Family.IPV4, new Transcript());
                QueueOwnerProcess owner = QueueOwnerProcess.start(file(), server.port())) {
            Result result = bare(
                    "send",
                    message.toString(),
                    "--to=b@paused.test",
                    "--queue",
                    file().toString(),
                    "-s=mail.mx.localhost=client.test");
            assertThat(result.err())
                    .startsWith("postroad send: The queue in " + file() + " is in use by another process")
                    .hasLineCount(1);
            assertThat(result.code()).isEqualTo(ExitCode.USAGE);
            assertThat(queue("list").out()).contains(owner.id()).hasLineCount(2);
        }
    }
}
