// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.postroad.provider.internal.message.Samples.COMPLETE;
import static org.postroad.provider.internal.message.Samples.defaults;
import static org.postroad.provider.internal.message.Samples.octets;
import static org.postroad.provider.internal.message.Samples.settings;
import static org.postroad.provider.internal.message.Samples.spool;
import static org.postroad.provider.internal.message.Samples.text;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Storing messages in memory or in a file: thresholds, limits, failures and concurrent readers. */
final class MessageSpoolTest {

    private static final int THRESHOLD = 200;

    @TempDir
    private Path directory;

    @Test
    void message_upToTheThresholdIsHeldInMemory() throws IOException {
        for (int size : new int[] {THRESHOLD - 1, THRESHOLD}) {
            try (SpooledMessage message = spool(ofSize(size), settings(directory, THRESHOLD))) {
                assertThat(files()).isEmpty();
                assertThat(text(message)).isEqualTo(ofSize(size));
            }
        }
    }

    @Test
    void message_beyondTheThresholdIsAFileWithoutAName() throws IOException {
        SpooledMessage message = spool(ofSize(THRESHOLD + 1), settings(directory, THRESHOLD));
        assertThat(files()).isEmpty();
        assertThat(text(message)).isEqualTo(ofSize(THRESHOLD + 1));
        assertThat(text(message)).isEqualTo(ofSize(THRESHOLD + 1));
        message.close();
        message.close();
    }

    @Test
    void message_ofZeroThresholdIsAlwaysAFile() throws IOException {
        try (SpooledMessage message = spool("", settings(directory, 0))) {
            assertThat(text(message)).startsWith("Date: ");
        }
        assertThatThrownBy(() -> spool("", settings(directory.resolve("missing"), 0)))
                .hasRootCauseInstanceOf(NoSuchFileException.class);
    }

    @Test
    void message_largerThanAllBuffersIsReadCompletely() throws IOException {
        String big = COMPLETE + "\r\n" + ("y".repeat(900) + "\r\n").repeat(2000);
        try (SpooledMessage message = spool(big, settings(directory, 100_000))) {
            assertThat(text(message)).isEqualTo(big);
            assertThat(message.facts().size()).isEqualTo(big.length());
        }
    }

    @Test
    void message_closedCannotBeReadButKeepsItsFacts() throws IOException {
        for (int size : new int[] {THRESHOLD, THRESHOLD + 1}) {
            SpooledMessage message = spool(ofSize(size), settings(directory, THRESHOLD));
            message.close();
            assertThatThrownBy(() -> message.writeTo(new ByteArrayOutputStream()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("closed");
            assertThat(message.facts().size()).isEqualTo(size);
        }
    }

    @Test
    void message_maximumSizeIsExactToTheOctet() throws IOException {
        int limit = 300;
        SpoolSettings settings = new SpoolSettings(THRESHOLD, Optional.of(directory), limit);
        for (int size : new int[] {limit - 1, limit}) {
            try (SpooledMessage message = spool(ofSize(size), settings)) {
                assertThat(message.facts().size()).isEqualTo(size);
            }
        }
        assertThatThrownBy(() -> MessageSpool.write(out -> out.write(octets(ofSize(limit + 1))), defaults(), settings))
                .isInstanceOfSatisfying(
                        MessageTooLargeException.class,
                        e -> assertThat(e.limit()).isEqualTo(limit))
                .hasMessage("The message is larger than 300 octets");
        assertThat(files()).isEmpty();
    }

    @Test
    void message_maximumSizeStopsASourceThatIgnoresErrors() {
        SpoolSettings settings = new SpoolSettings(THRESHOLD, Optional.of(directory), 50_000);
        MessageSpool.ContentWriter stubborn = out -> {
            for (int i = 0; i < 100; i++) {
                try {
                    out.write(new byte[1000]);
                } catch (IOException ignored) {
                    assertThat(ignored).isInstanceOf(MessageTooLargeException.class);
                }
            }
        };
        assertThatThrownBy(() -> MessageSpool.write(stubborn, defaults(), settings))
                .isInstanceOf(MessageTooLargeException.class);
        assertThat(files()).isEmpty();
    }

    @Test
    void message_whoseSourceFailsLeavesNothing() {
        for (Throwable failure : List.of(
                new IOException("attachment gone"), new IllegalStateException("bug"), new StackOverflowError())) {
            MessageSpool.ContentWriter source = out -> {
                out.write(octets(ofSize(100_000)));
                MessageSpoolTest.<RuntimeException>sneak(failure);
            };
            assertThatThrownBy(() -> MessageSpool.write(source, defaults(), settings(directory, THRESHOLD)))
                    .isSameAs(failure);
            assertThat(files()).isEmpty();
        }
    }

    @Test
    void message_inAMissingDirectoryFailsWithItsName() {
        Path missing = directory.resolve("missing");
        assertThatThrownBy(() -> MessageSpool.write(
                        out -> out.write(octets(ofSize(THRESHOLD + 1))), defaults(), settings(missing, THRESHOLD)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("missing");
    }

    @Test
    void message_sourceMayFlushAndCloseItsStream() throws IOException {
        MessageSpool.ContentWriter source = out -> {
            out.write(octets(COMPLETE + "\r\nfirst"));
            out.flush();
            out.close();
            out.write(octets(" and second"));
        };
        try (SpooledMessage message = MessageSpool.write(source, defaults(), SpoolSettings.DEFAULTS)) {
            assertThat(text(message)).isEqualTo(COMPLETE + "\r\nfirst and second\r\n");
        }
    }

    @Test
    void message_isSerialisedOnceSoAChangingAttachmentIsHarmless() throws IOException {
        Path attachment = Files.writeString(Files.createTempFile(directory, "report", ".txt"), "a\r\n".repeat(2000));
        int[] serialised = new int[1];
        MessageSpool.ContentWriter source = out -> {
            serialised[0]++;
            out.write(octets(COMPLETE + "\r\n"));
            Files.copy(attachment, out);
        };
        for (int threshold : new int[] {0, 1 << 20}) {
            Files.writeString(attachment, "a\r\n".repeat(2000));
            try (SpooledMessage message = MessageSpool.write(source, defaults(), settings(directory, threshold))) {
                long announced = message.facts().size();
                for (int now : new int[] {9000, 10, 0}) {
                    Files.writeString(attachment, "b".repeat(now));
                    assertThat(text(message))
                            .hasSize((int) announced)
                            .isEqualTo(COMPLETE + "\r\n" + "a\r\n".repeat(2000));
                }
            }
        }
        assertThat(serialised[0]).isEqualTo(2);
    }

    @Test
    void message_isReadByManyThreadsConcurrently() throws Exception {
        String big = COMPLETE + "\r\n" + "0123456789abcdef\r\n".repeat(20_000);
        for (int threshold : new int[] {0, 1 << 20}) {
            try (SpooledMessage message = spool(big, settings(directory, threshold))) {
                int readers = 8;
                CyclicBarrier together = new CyclicBarrier(readers);
                ExecutorService pool = Executors.newFixedThreadPool(readers);
                try {
                    Callable<String> reader = () -> {
                        together.await();
                        return text(message);
                    };
                    List<Future<String>> results = new ArrayList<>();
                    for (int i = 0; i < readers; i++) {
                        results.add(pool.submit(reader));
                    }
                    for (Future<String> result : results) {
                        assertThat(result.get().equals(big)).isTrue();
                    }
                } finally {
                    pool.shutdownNow();
                }
            }
        }
    }

    @Test
    void message_interruptOfOneReaderDoesNotAffectAnother() throws IOException {
        String big = COMPLETE + "\r\n" + ("x".repeat(500) + "\r\n").repeat(200);
        try (SpooledMessage message = spool(big, settings(directory, 0));
                InputStream other = message.openStream()) {
            assertThat(other.read()).isEqualTo('D');
            Thread.currentThread().interrupt();
            try {
                message.writeTo(OutputStream.nullOutputStream());
            } catch (IOException interrupted) {
                assertThat(interrupted).isInstanceOf(java.nio.channels.ClosedByInterruptException.class);
            }
            assertThat(Thread.interrupted()).isTrue();
            assertThat(new String(other.readAllBytes(), US_ASCII)).isEqualTo(big.substring(1));
            assertThat(text(message)).isEqualTo(big);
        }
    }

    private static String ofSize(int size) {
        String start = COMPLETE + "\r\n";
        return start + "x".repeat(size - start.length() - 2) + "\r\n";
    }

    private List<Path> files() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable failure) throws T {
        throw (T) failure;
    }
}
