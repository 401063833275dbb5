// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.trial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.postroad.samples.benchmarks.report.Findings;
import org.postroad.samples.benchmarks.report.Table;

/**
 * Measures the queue (protocol mxqueue) in a file on disk: its speed, compared with Postfix, and its behaviour when full and
 * when idle.
 */
public final class QueueTrial implements Trial {

    private static final String REMARK = "Messages of 8 KiB, put in by " + QueueRates.THREADS
            + " threads with `Transport.send`, to a SQLite file; each is on disk"
            + " when the call returns. Postfix is Debian's with its defaults; the same number of threads write the same MimeMessage to it"
            + " over sockets that stay open, in one flight, so that they wait for Postfix only. It delivers the messages to the same"
            + " server. Both write a message to disk before they accept it (fsync). Medians (least to most).";

    private final Path folder;

    /** @param folder on a real disk, not in memory */
    public QueueTrial(Path folder) {
        this.folder = folder;
    }

    @Override
    public Findings run(Budget budget) throws Exception {
        Path directory = Files.createTempDirectory(
                folder.toAbsolutePath(),
                "queue",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        try {
            QueueFigures figures = QueueFigures.all(List.of(
                    QueueRates.measure(made(directory, "rates"), budget),
                    QueueDepth.measure(made(directory, "depth"), budget),
                    DeadDestination.measure(made(directory, "dead"), budget),
                    QueueLatency.measure(made(directory, "pulse"), budget)));
            return new Findings(
                    "The queue",
                    REMARK,
                    new Table(List.of("Figure", "Queue", "Beside it"), figures.rows()),
                    figures.goals());
        } finally {
            delete(directory);
        }
    }

    private static Path made(Path directory, String name) throws IOException {
        return Files.createDirectory(directory.resolve(name));
    }

    private static void delete(Path directory) throws IOException {
        List<Path> contentFirst;
        try (Stream<Path> all = Files.walk(directory)) {
            contentFirst = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : contentFirst) {
            Files.delete(path);
        }
    }
}
