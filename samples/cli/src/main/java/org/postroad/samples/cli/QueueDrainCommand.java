// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import java.time.Duration;
import org.postroad.provider.MailQueue;
import org.postroad.samples.cli.TextOutput.Look;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Has everything delivered now. */
@Command(
        name = "drain",
        header = "Has everything delivered now, and waits until the queue is empty.",
        description = {
            "%nAll that is not held, paused or to be sent later is retried once, whatever its schedule. The process that has"
                    + " the queue open delivers; this command waits for it.%n"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  postroad queue drain",
            "  postroad queue drain --limit 10m",
            "  postroad queue drain --limit 1s        starts the retries, and does not wait",
            "",
            "The exit code is 0 if the queue is empty, otherwise 1."
        })
final class QueueDrainCommand extends QueueTask {

    @Option(
            names = "--limit",
            paramLabel = "TIME",
            converter = Times.DurationReader.class,
            description = "How long to wait, such as 30s or 10m. Default: 5m.")
    private Duration limit = Duration.ofMinutes(5);

    @Override
    int run(MailQueue queue) throws InterruptedException {
        long before = queue.size();
        boolean isEmpty;
        Watcher watcher = new Watcher(queue, progress());
        try {
            isEmpty = queue.drain(limit);
        } finally {
            watcher.end();
        }
        long after = isEmpty ? 0 : queue.size();
        if (json()) {
            print(new JsonLine()
                    .with("version", 1)
                    .with("empty", isEmpty)
                    .with("messagesBefore", before)
                    .with("messages", after)
                    .toString());
        } else {
            print(isEmpty, before, after);
        }
        return isEmpty ? ExitCode.OK : ExitCode.TEMPORARY;
    }

    private void print(boolean isEmpty, long before, long after) {
        String time = Times.words(limit);
        if (isEmpty) {
            text().line("The queue is empty", Look.GOOD);
        } else if (after >= before) {
            text().line(
                            "Nothing left the queue within " + time + ": " + waiting(after)
                                    + ". A process must have it open to deliver; postroad queue why says what mail waits for",
                            Look.TEMPORARY);
        } else {
            text().line(
                            messages(before - after) + " left the queue within " + time + "; " + waiting(after),
                            Look.TEMPORARY);
        }
    }

    private static String messages(long number) {
        return number + (number == 1 ? " message" : " messages");
    }

    private static String waiting(long number) {
        return messages(number) + (number == 1 ? " waits" : " wait");
    }

    /** Shows the size of the queue each second. */
    private static final class Watcher implements Runnable {

        private static final long SECOND = 1000;

        private final MailQueue queue;
        private final Progress progress;
        private final Thread thread;

        Watcher(MailQueue queue, Progress progress) {
            this.queue = queue;
            this.progress = progress;
            this.thread = new Thread(this, "postroad-drain-progress");
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public void run() {
            try {
                while (!Thread.currentThread().isInterrupted()) {
                    Thread.sleep(SECOND);
                    progress.show(waiting(queue.size()));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the drain is over
            }
        }

        void end() throws InterruptedException {
            thread.interrupt();
            thread.join();
            progress.end();
        }
    }
}
