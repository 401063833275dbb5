// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.postroad.provider.MailQueue;
import org.postroad.provider.QueueSelection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The commands that change messages. */
final class QueueChangeCommands {

    private static final String SELECTION =
            "Messages that are named by ids are changed at once. With options, those deliveries are changed that match: with"
                    + " --domain, not those of the same message to other domains. The command then says what it would change,"
                    + " and changes nothing without @|bold --yes|@.";

    private QueueChangeCommands() {}

    /** Holds messages. */
    @Command(
            name = "hold",
            header = "Holds messages until they are released.",
            description = {
                "%nHeld messages are not tried, and wait however old they are. A delivery in progress finishes. "
                        + SELECTION + "%n"
            },
            footerHeading = "%nExamples:%n",
            footer = {
                "  postroad queue hold 0MG7JC1Q2...",
                "  postroad queue hold --sender news@example.net          says how many",
                "  postroad queue hold --sender news@example.net --yes    holds them"
            })
    static final class Hold extends QueueChange {

        Hold() {
            super("hold", "held");
        }

        @Override
        int change(MailQueue queue, String id) throws InterruptedException {
            return queue.hold(id);
        }

        @Override
        long change(QueueSelection selection) throws InterruptedException {
            return selection.hold();
        }
    }

    /** Releases held messages. */
    @Command(
            name = "release",
            header = "Releases messages that are held, in doubt or damaged.",
            description = {"%nThey are due at once, or at the time at which they are to be sent. " + SELECTION + "%n"},
            footerHeading = "%nExamples:%n",
            footer = {
                "  postroad queue release 0MG7JC1Q2...",
                "  postroad queue release --state held --domain example.org --yes"
            })
    static final class Release extends QueueChange {

        Release() {
            super("release", "released");
        }

        @Override
        int change(MailQueue queue, String id) throws InterruptedException {
            return queue.release(id);
        }

        @Override
        long change(QueueSelection selection) throws InterruptedException {
            return selection.release();
        }
    }

    /** Makes messages due. */
    @Command(
            name = "retry",
            header = "Has messages delivered now, whatever their schedule.",
            description = {
                "%nHeld messages stay held. The process that has the queue open delivers, within mail.mx.queue.poll. "
                        + SELECTION + "%n"
            },
            footerHeading = "%nExamples:%n",
            footer = {
                "  postroad queue retry 0MG7JC1Q2...",
                "  postroad queue retry --domain example.org --yes",
                "  postroad queue retry --reason greylist --yes"
            })
    static final class Retry extends QueueChange {

        Retry() {
            super("retry", "retried");
        }

        @Override
        int change(MailQueue queue, String id) throws InterruptedException {
            return queue.retry(id);
        }

        @Override
        long change(QueueSelection selection) throws InterruptedException {
            return selection.retry();
        }
    }

    /** Removes messages. */
    @Command(
            name = "remove",
            header = "Removes messages without a notice to their senders.",
            description = {
                "%nA delivery in progress finishes. What became of the message stays in the history. " + SELECTION
                        + "%n"
            },
            footerHeading = "%nExamples:%n",
            footer = {
                "  postroad queue remove 0MG7JC1Q2...",
                "  postroad queue remove '<1234@app.example.net>'",
                "  postroad queue remove --sender spammer@example.net --yes"
            })
    static final class Remove extends QueueChange {

        Remove() {
            super("remove", "removed");
        }

        @Override
        int change(MailQueue queue, String id) throws InterruptedException {
            return queue.remove(id);
        }

        @Override
        long change(QueueSelection selection) throws InterruptedException {
            return selection.remove();
        }
    }

    /** Gives up messages with a notice. */
    @Command(
            name = "bounce",
            header = "Gives up messages now: their senders receive a notice.",
            description = {
                "%nA delivery in progress finishes. The notice is sent by the process that has the queue open, as mail.mx.queue.bounces says. "
                        + SELECTION + "%n"
            },
            footerHeading = "%nExamples:%n",
            footer = {
                "  postroad queue bounce 0MG7JC1Q2...",
                "  postroad queue bounce --domain example.org --older-than 2d --yes"
            })
    static final class Bounce extends QueueChange {

        Bounce() {
            super("bounce", "bounced");
        }

        @Override
        int change(MailQueue queue, String id) throws InterruptedException {
            return queue.bounce(id);
        }

        @Override
        long change(QueueSelection selection) throws InterruptedException {
            return selection.bounce();
        }
    }

    /** Sets when messages are given up. */
    @Command(
            name = "expire",
            header = "Sets when messages are given up.",
            description = {
                "%nOne last attempt is made at that time. The end is that of the whole message. " + SELECTION + "%n"
            },
            footerHeading = "%nExamples:%n",
            footer = {
                "  postroad queue expire 0MG7JC1Q2... --in 2d",
                "  postroad queue expire 0MG7JC1Q2... --at 2026-03-01T08:30:00Z",
                "  postroad queue expire --domain example.org --in 12h --yes"
            })
    static final class Expire extends QueueChange {

        @Option(
                names = "--in",
                paramLabel = "TIME",
                converter = Times.DurationReader.class,
                description = "After this time from now, such as 12h (s, m, h, d).")
        private @Nullable Duration in;

        @Option(
                names = "--at",
                paramLabel = "TIME",
                converter = Times.InstantReader.class,
                description = "At this time in UTC, such as 2026-03-01T08:30:00Z.")
        private @Nullable Instant at;

        Expire() {
            super("expire", "given a new end");
        }

        @Override
        void check() {
            super.check();
            if ((in == null) == (at == null)) {
                throw wrong("Give one of --in and --at");
            }
        }

        @Override
        String counted(long number) {
            return number(number, "message", "messages");
        }

        private Instant end() {
            return at != null ? at : Instant.now().plus(in == null ? Duration.ZERO : in);
        }

        @Override
        int change(MailQueue queue, String id) throws InterruptedException {
            return queue.expire(id, end()) ? 1 : 0;
        }

        @Override
        long change(QueueSelection selection) throws InterruptedException {
            return selection.expire(end());
        }
    }
}
