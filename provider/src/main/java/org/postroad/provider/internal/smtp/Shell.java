// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import org.postroad.api.Deadline;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;
import org.postroad.api.Reply;
import org.postroad.api.Stage;

/**
 * Does what the dialogues say, on a wire. What goes wrong there ends as {@link SmtpDialogue#lost}, never as an exception; what a
 * caller's own code throws passes through, and leaves the wire closed: the server waits for the rest of something.
 */
final class Shell {

    /** Octets of a message that are written at once. */
    static final int BLOCK = 16_384;

    /** For a server that takes no more of what we write to say why. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final Wire wire;
    private final SmtpSettings settings;
    private final DialogueLog log;

    Shell(Wire wire, SmtpSettings settings, DialogueLog log) {
        this.wire = wire;
        this.settings = settings;
        this.log = log;
    }

    /** Whether the wire is still of use after the dialogue; else it is closed. */
    boolean run(SmtpDialogue dialogue, Deadline deadline) {
        return run(dialogue, new Run(dialogue, deadline));
    }

    /** The same for a dialogue with a gate and a message. */
    boolean run(SmtpDialogue.WithContent transaction, RecipientGate gate, Deadline deadline) {
        return run(transaction, new ContentRun(transaction, gate, deadline));
    }

    private boolean run(SmtpDialogue dialogue, Run run) {
        boolean sound = false;
        try {
            while (!run.over && !(dialogue.next() instanceof SmtpDialogue.Done)) {
                dialogue.next().perform(run);
                run.over |= dialogue.isBroken();
            }
            sound = !run.over;
        } catch (IOException e) {
            dialogue.lost(detail(e));
        } finally {
            if (!sound) {
                wire.close();
            }
        }
        return sound;
    }

    static String detail(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** The steps that every dialogue has. */
    private class Run implements SmtpDialogue.Performer {

        private final SmtpDialogue dialogue;
        final Deadline deadline;
        private boolean over;

        Run(SmtpDialogue dialogue, Deadline deadline) {
            this.dialogue = dialogue;
            this.deadline = deadline;
        }

        @Override
        public void send(List<Command> flight) throws IOException {
            // A reply that nobody asked for must not pass for the answer to what is said next.
            if (wire.hasSpoken()) {
                throw new BadReplyException("something that nobody asked for");
            }
            flight.forEach(command -> log.client(Printable.clean(command.shown())));
            byte[] octets = Command.octets(flight);
            wire.write(octets, 0, octets.length, deadline.orAfter(settings.writeTimeout()));
            for (int i = 0; i < flight.size() && !dialogue.isBroken(); i++) {
                tell(settings.replyTimeout());
            }
        }

        @Override
        public void await(Stage stage) throws IOException {
            tell(stage == Stage.END_OF_DATA ? settings.finalReplyTimeout() : settings.replyTimeout());
        }

        @Override
        public void askGate(List<Mailbox> accepted) {
            throw new IllegalStateException("This dialogue has no gate");
        }

        @Override
        public void sendContent(MessageContent content) throws IOException {
            throw new IllegalStateException("This dialogue has no content");
        }

        void tell(Duration patience) throws IOException {
            Reply reply = wire.read(deadline.orAfter(patience));
            log.server(reply.toString());
            dialogue.reply(reply);
        }

        /** The server takes no more of what we write; perhaps it says why, and that is what the dialogue is told. */
        void tellLastWords(IOException failure) throws IOException {
            try {
                tell(LAST_WORDS);
            } catch (IOException e) {
                failure.addSuppressed(e);
                throw failure;
            }
            over = true;
        }
    }

    /** The steps of a transaction. */
    private final class ContentRun extends Run {

        private final SmtpDialogue.WithContent transaction;
        private final RecipientGate gate;

        ContentRun(SmtpDialogue.WithContent transaction, RecipientGate gate, Deadline deadline) {
            super(transaction, deadline);
            this.transaction = transaction;
            this.gate = gate;
        }

        @Override
        public void askGate(List<Mailbox> accepted) {
            transaction.gateSaid(gate.proceed(accepted));
        }

        @Override
        public void sendContent(MessageContent content) throws IOException {
            log.client("(message of " + content.size() + " octets)");
            Blocks blocks = new Blocks(deadline);
            try {
                BufferedOutputStream buffered = new BufferedOutputStream(blocks, BLOCK);
                DotStuffing stuffing = new DotStuffing(buffered, content.size());
                content.writeTo(stuffing);
                stuffing.end();
                buffered.flush();
            } catch (IOException e) {
                if (blocks.isRefused()) {
                    tellLastWords(e);
                    return;
                }
                throw e;
            }
            transaction.contentSent();
        }
    }

    /** The message on its way, block by block. */
    private final class Blocks extends OutputStream {

        private final Deadline deadline;
        private boolean refused;

        Blocks(Deadline deadline) {
            this.deadline = deadline;
        }

        /** Whether it was the server who would not have it. */
        boolean isRefused() {
            return refused;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            for (int done = 0; done < length; done += BLOCK) {
                block(octets, offset + done, Math.min(BLOCK, length - done));
            }
        }

        /** A reply that comes now is none to the end of data, and must not be taken for it: the final dot is never sent. */
        private void block(byte[] octets, int offset, int length) throws IOException {
            refused = true;
            if (wire.hasSpoken()) {
                throw new BadReplyException("a reply before the end of data");
            }
            wire.write(octets, offset, length, deadline.orAfter(settings.writeTimeout()));
            refused = false;
        }
    }
}
