// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Temporary files: names, permissions, concurrent readers and the removal of old ones. */
@Timeout(120)
class SpoolFileTest {

    /** Fails as on Windows, which cannot delete the name of an open file. */
    private static final SpoolFile.Unlinking KEEPS_NAMES = path -> {
        throw new IOException("in use");
    };

    @TempDir
    private Path directory;

    private final Instant now = Instant.now();

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private SpoolFile create(SpoolFile.Unlinking unlinking) throws IOException {
        SpoolFile file = SpoolFile.create(Optional.of(directory), unlinking);
        file.writer().write("whole ".getBytes(US_ASCII));
        file.writer().write("message".getBytes(US_ASCII));
        return file;
    }

    private static String text(SpoolFile file) throws IOException {
        try (InputStream in = file.open()) {
            return new String(in.readAllBytes(), US_ASCII);
        }
    }

    @Test
    void file_hasNoNameAfterItIsOpened() throws Exception {
        SpoolFile file = SpoolFile.create(Optional.of(directory));
        assertThat(files()).isEmpty();
        file.writer().write('a');
        assertThat(text(file)).isEqualTo("a");
        file.close();
    }

    @Test
    void file_isPrivateAndRemovedAtCloseIfItKeepsItsName() throws Exception {
        SpoolFile file = create(KEEPS_NAMES);
        assertThat(files()).singleElement().asString().startsWith("postroad-").endsWith(".eml");
        Path path = directory.resolve(files().get(0));
        if (Files.getFileStore(path).supportsFileAttributeView("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-------");
        }
        assertThat(text(file)).isEqualTo("whole message");
        file.close();
        assertThat(files()).isEmpty();
    }

    @Test
    void file_isReadToItsEndByAReaderOpenedBeforeTheClose() throws Exception {
        for (SpoolFile.Unlinking unlinking : List.<SpoolFile.Unlinking>of(Files::delete, KEEPS_NAMES)) {
            SpoolFile file = create(unlinking);
            InputStream early = file.open();
            assertThat(early.read()).isEqualTo('w');
            file.close();
            assertThat(new String(early.readAllBytes(), US_ASCII)).isEqualTo("hole message");
            assertThat(early.read()).isEqualTo(-1);
            early.close();
            early.close();
            assertThat(files()).isEmpty();
            assertThatIOException().isThrownBy(early::read);
            assertThatIOException().isThrownBy(file::open).withMessageContaining("closed");
        }
    }

    /** With a channel, an interrupt would close the file for every reader. */
    @Test
    void file_isReadByOthersAfterAnInterruptOfOneReader() throws Exception {
        SpoolFile file = create(Files::delete);
        Thread.currentThread().interrupt();
        String read = text(file);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(read).isEqualTo("whole message");
        assertThat(text(file)).isEqualTo("whole message");
        file.close();
    }

    @Test
    void file_ofAKilledProcessIsGone() throws Exception {
        Process child = child("unlinks");
        assertThat(files()).isEmpty();
        child.destroyForcibly().waitFor();
        assertThat(files()).isEmpty();
    }

    /** Files that are open in another process, are recent, or are not regular files of the spool, stay. */
    @Test
    void tidy_removesFilesOfADeadProcess() throws Exception {
        Process child = child("keeps names");
        String left = files().get(0);
        SpoolFile ours = create(KEEPS_NAMES);
        Path outside = Files.createFile(directory.resolve("other.eml"));
        Path link = Files.createSymbolicLink(directory.resolve("postroad-link.eml"), outside);
        Path folder = Files.createDirectory(directory.resolve("postroad-folder.eml"));
        List<String> before = files();
        Instant later = now.plus(SpoolFile.LOCKED_AFTER).plus(Duration.ofMinutes(1));

        SpoolFile.tidy(Optional.of(directory), later);
        assertThat(files()).isEqualTo(before);

        child.destroyForcibly().waitFor();
        SpoolFile.tidy(Optional.of(directory), now);
        assertThat(files()).isEqualTo(before);

        SpoolFile.tidy(Optional.of(directory), later);
        assertThat(files()).doesNotContain(left).hasSize(before.size() - 1);
        assertThat(text(ours)).isEqualTo("whole message");
        assertThat(outside).exists();
        assertThat(link).isSymbolicLink();
        assertThat(folder).isDirectory();
        ours.close();
    }

    @Test
    void tidy_ageLimitIsExact() throws Exception {
        Path file = Files.createFile(directory.resolve("postroad-1.eml"));
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_000_000)));
        Instant limit = Instant.ofEpochSecond(1_000_000).plus(SpoolFile.LOCKED_AFTER);
        SpoolFile.tidy(Optional.of(directory), limit);
        assertThat(file).exists();
        SpoolFile.tidy(Optional.of(directory), limit.plusNanos(1));
        assertThat(file).doesNotExist();
    }

    /** Starts a process that has a spool file with content open. */
    private Process child(String how) throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        directory.toString(),
                        how)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(child.inputReader().readLine()).isEqualTo("written");
        assertThat(child.isAlive()).isTrue();
        return child;
    }

    /** Waits to be killed; ends when the test process ends. */
    static final class Child {

        private Child() {}

        public static void main(String[] arguments) throws Exception {
            SpoolFile file = SpoolFile.create(
                    Optional.of(Path.of(arguments[0])), arguments[1].equals("unlinks") ? Files::delete : KEEPS_NAMES);
            file.writer().write("whole message".getBytes(US_ASCII));
            System.out.println("written");
            while (System.in.read() >= 0) {}
            file.close();
        }
    }
}
