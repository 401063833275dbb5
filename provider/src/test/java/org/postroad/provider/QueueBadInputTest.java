// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Domain;
import org.postroad.fixtures.ReceivedMessage;
import org.postroad.provider.internal.queue.store.Schema;

/** Broken disks and files lead to a clear error, and nothing is lost. */
@Timeout(300)
class QueueBadInputTest extends TransportTesting {

    private static final Domain V4 = Domain.parse("v4.test");

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void useTheQueue() {
        properties.setProperty("mail.transport.protocol.rfc822", "mxqueue");
        use(directory.resolve("queue.db"));
    }

    private void use(Path queue) {
        file = queue;
        properties.setProperty("mail.mx.queue.url", "jdbc:sqlite:" + queue);
    }

    private void assertRefused(String... complaints) throws MessagingException {
        MimeMessage message = message("a@v4.test");
        assertThatThrownBy(() -> Transport.send(message))
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContainingAll(complaints);
    }

    @ParameterizedTest
    @ValueSource(ints = {600, 5000, 100_000})
    void queue_aFileThatIsNotADatabaseIsNotChanged(int size) throws Exception {
        byte[] octets = new byte[size];
        new Random(size).nextBytes(octets);
        Files.write(file, octets);
        assertRefused("not a database");
        assertThat(Files.readAllBytes(file)).isEqualTo(octets);
    }

    @Test
    void queue_aTruncatedDatabaseIsNotChanged() throws Exception {
        Transport.send(message("a@v4.test"));
        Postroad.close();
        awaitNobodyReads();
        byte[] whole = Files.readAllBytes(file);
        byte[] half = java.util.Arrays.copyOf(whole, whole.length / 2);
        Files.write(file, half);
        assertRefused("malformed");
        assertThat(Files.readAllBytes(file)).isEqualTo(half);
    }

    /** Waits until no connection is open: a cancelled thread may hold one a moment longer. The last one removes the log of SQLite. */
    private void awaitNobodyReads() {
        while (Files.exists(Path.of(file + "-wal"))) {
            Thread.onSpinWait();
        }
    }

    @Test
    void queue_tablesOfAnotherVersionAreNotChanged() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            connection.createStatement().execute("CREATE TABLE postroad_schema (version INTEGER NOT NULL)");
            connection.createStatement().execute("INSERT INTO postroad_schema VALUES (7)");
        }
        assertRefused("have version 7", "requires version " + Schema.VERSION, "nothing was changed");
    }

    @Test
    void queue_missingTablesAreNotCreatedIfThatIsNotAllowed() throws Exception {
        properties.setProperty("mail.mx.queue.createschema", "false");
        assertRefused("schema-sqlite.sql", "mail.mx.queue.createschema=true");
    }

    @Test
    void queue_aDirectoryThatCannotBeCreatedIsNamed() throws Exception {
        Files.writeString(directory.resolve("file"), "x");
        use(directory.resolve("file/below/queue.db"));
        assertRefused("cannot be opened");
    }

    @Test
    void queue_anotherProcessOnTheSameFileIsRefused() throws Exception {
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            queue.pause(V4);
            List<String> command = ChildJvm.command(QueueCrashProcess.class);
            command.addAll(List.of(file.toString(), "25", "0", "1", "retry"));
            Process other =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(said)
                    .contains("The queue in " + file + " is in use by another process")
                    .contains("mail.mx.queue.datasource");
            Transport.send(message("a@v4.test"));
            assertThat(queue.size()).isEqualTo(1);
        }
    }

    @Test
    void queue_aReadOnlyDirectoryIsNamed() throws Exception {
        try (Mount mount = Mount.tmpfs(directory.resolve("disk"), "4m")) {
            use(mount.directory().resolve("queue.db"));
            mount.remount("ro");
            assertRefused("cannot be opened", "Read-only");
        }
    }

    @Test
    void queue_aFullDiskRefusesNewMessagesAndLosesNone() throws Exception {
        try (Mount mount = Mount.tmpfs(directory.resolve("disk"), "4m")) {
            use(mount.directory().resolve("queue.db"));
            MailQueue queue = MailQueue.open(Session.getInstance(properties));
            queue.pause(V4);
            int taken = 0;
            MessagingException refusal = null;
            while (refusal == null) {
                try {
                    Transport.send(big(taken));
                    taken++;
                } catch (MessagingException e) {
                    refusal = e;
                }
            }
            assertThat(taken).isPositive();
            assertThat(refusal).hasMessageContaining("nothing was stored").hasMessageContaining("full");
            assertThat(queue.size()).isEqualTo(taken);
            mount.remount("size=64m");
            Transport.send(big(taken));
            queue.resume(V4);
            assertThat(queue.drain(Duration.ofSeconds(60))).isTrue();
            assertThat(mx4.received())
                    .extracting(ReceivedMessage::text)
                    .hasSize(taken + 1)
                    .doesNotHaveDuplicates()
                    .allMatch(text -> text.length() > 100_000);
            queue.close();
        }
    }

    private MimeMessage big(int number) throws MessagingException {
        MimeMessage message = message("a@v4.test");
        message.setSubject("number " + number);
        message.setText("0123456789\n".repeat(10_000));
        return message;
    }

    /** A separate file system; only root can mount one. */
    private record Mount(Path directory) implements AutoCloseable {

        static Mount tmpfs(Path directory, String size) throws Exception {
            Files.createDirectories(directory);
            assumeThat(run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", directory.toString()))
                    .as("mounting, which only root may")
                    .isZero();
            return new Mount(directory);
        }

        void remount(String options) throws Exception {
            assertThat(run("mount", "-o", "remount," + options, directory.toString()))
                    .isZero();
        }

        @Override
        public void close() throws Exception {
            Postroad.close();
            assertThat(run("umount", directory.toString())).isZero();
        }

        private static int run(String... command) throws Exception {
            try {
                return new ProcessBuilder(command).inheritIO().start().waitFor();
            } catch (IOException absent) {
                return -1;
            }
        }
    }
}
