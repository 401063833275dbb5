// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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

    /** Octets of a big message that are written at once. */
    static final int BLOCK = 16_384;

    /** Chunks on their way without a reply. */
    static final int MAX_UNANSWERED_CHUNKS = 4;

    /** Octets in the command before a chunk, at most. */
    private static final int MAX_BDAT = 32;

    /** For a server that takes no more of what we write to say why, and for one that said that it closes to say the rest. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final Wire wire;
    private final SmtpSettings settings;
    private final DialogueLog log;
    private boolean rested;
    private boolean answered;
    private boolean closing;

    /** @param rested whether the wire was at rest for a while, and the server may have hung up since */
    Shell(Wire wire, SmtpSettings settings, DialogueLog log, boolean rested) {
        this.wire = wire;
        this.settings = settings;
        this.log = log;
        this.rested = rested;
    }

    /** Whether the wire is still of use after the dialogue; else it is closed. */
    boolean run(SmtpDialogue dialogue, Deadline deadline) {
        return run(dialogue, new Run(dialogue, deadline));
    }

    /** The same for a dialogue with a gate and a message. */
    boolean run(SmtpDialogue.WithContent transaction, Clearance clearance, Deadline deadline) {
        return run(transaction, new ContentRun(transaction, clearance, deadline));
    }

    private boolean run(SmtpDialogue dialogue, Run run) {
        boolean sound = false;
        try {
            while (!run.over && !(dialogue.next() instanceof SmtpDialogue.Done)) {
                dialogue.next().perform(run);
                run.over |= dialogue.isBroken();
            }
            sound = !run.over;
        } catch (FencedException e) {
            log.client("(the connection is closed: " + Printable.clean(e.why) + ")");
            dialogue.withdrawn(e.why);
        } catch (IOException e) {
            String detail = wire.secrets().redact(detail(e));
            log.client("(the connection is lost: " + Printable.clean(detail) + ")");
            Optional<Reply> heard = e instanceof BadReplyException bad ? bad.heard() : Optional.empty();
            heard.map(wire.secrets()::redact)
                    .ifPresentOrElse(reply -> dialogue.lost(detail, reply), () -> dialogue.lost(detail));
        } finally {
            if (!sound) {
                wire.close();
            }
        }
        return sound;
    }

    /** The content must not be sent any more. */
    private static final class FencedException extends IOException {

        private static final long serialVersionUID = 1L;

        private final String why;

        FencedException(String why) {
            super(why);
            this.why = why;
        }
    }

    private static void check(Fence fence) throws FencedException {
        Optional<String> refusal = fence.ask();
        if (refusal.isPresent()) {
            throw new FencedException(refusal.get());
        }
    }

    /** Whether the server ever said anything but that it closes the connection. */
    boolean wasAnswered() {
        return answered;
    }

    static String detail(IOException e) {
        return Printable.describe(e);
    }

    /** The steps that every dialogue has. */
    private class Run implements SmtpDialogue.Performer {

        private final SmtpDialogue dialogue;
        final Deadline deadline;
        boolean over;

        Run(SmtpDialogue dialogue, Deadline deadline) {
            this.dialogue = dialogue;
            this.deadline = deadline;
        }

        @Override
        public void send(List<Command> flight) throws IOException {
            byte[] octets = announced(flight);
            wire.write(octets, 0, octets.length, deadline.orAfter(settings.writeTimeout()));
            for (int i = 0; i < flight.size() && !dialogue.isBroken(); i++) {
                tell(settings.replyTimeout());
            }
        }

        /** The octets of a flight that is about to be sent. */
        byte[] announced(List<Command> flight) throws IOException {
            // A reply that nobody asked for must not pass for the answer to what is said next.
            if (rested ? wire.hasSpokenMeanwhile() : wire.hasSpoken()) {
                throw new BadReplyException("something that nobody asked for");
            }
            rested = false;
            for (Command command : flight) {
                log(command);
            }
            return Command.octets(flight);
        }

        void log(Command command) {
            if (log.isKept()) {
                log.client(Printable.clean(command.shown()));
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

        @Override
        public void sendChunks(SmtpDialogue.SendChunks step) throws IOException {
            throw new IllegalStateException("This dialogue has no content");
        }

        void tell(Duration patience) throws IOException {
            Reply asItCame = wire.read(deadline.orAfter(closing ? LAST_WORDS : patience));
            Reply reply = wire.secrets().redact(asItCame); // here, before anybody keeps or shows it
            if (log.isKept()) {
                log.server(reply.toString());
            }
            answered |= !reply.closesConnection();
            closing |= reply.closesConnection();
            dialogue.reply(reply, asItCame);
        }

        /** Whether nothing more is to be said or heard. */
        boolean isOver() {
            return dialogue.isBroken() || dialogue.next() instanceof SmtpDialogue.Done;
        }
    }

    /** The steps of a transaction. */
    private final class ContentRun extends Run {

        private final SmtpDialogue.WithContent transaction;
        private final Clearance clearance;

        ContentRun(SmtpDialogue.WithContent transaction, Clearance clearance, Deadline deadline) {
            super(transaction, deadline);
            this.transaction = transaction;
            this.clearance = clearance;
        }

        @Override
        public void askGate(List<Mailbox> accepted) {
            transaction.gateSaid(clearance.gate().proceed(accepted));
        }

        @Override
        public void sendContent(MessageContent content) throws IOException {
            check(clearance.fence());
            logOctets(content);
            Blocks blocks = new Blocks(this, wire.room(BLOCK));
            sendAll(blocks, () -> {
                DotStuffing stuffing = new DotStuffing(blocks);
                ContentGate.pass(content, stuffing);
                stuffing.end();
                check(clearance.fence());
                blocks.finish();
            });
        }

        @Override
        public void sendChunks(SmtpDialogue.SendChunks step) throws IOException {
            check(clearance.fence());
            byte[] commands = announced(step.flight());
            MessageContent content = step.content();
            boolean carried = content.size() <= TransactionDialogue.MAX_CARRIED_OCTETS;
            int room = carried ? commands.length + MAX_BDAT + (int) content.size() : BLOCK;
            Blocks blocks = new Blocks(this, wire.room(room));
            blocks.looked = true;
            blocks.owed = step.flight().size();
            // Of a message in many chunks some are on their way; one that is carried has a single chunk, and waits for
            // nothing.
            int window = step.flight().size() + (step.pipelined() ? MAX_UNANSWERED_CHUNKS : 1);
            sendAll(blocks, () -> {
                blocks.write(commands);
                ContentGate.pass(content, new Chunks(blocks, content.size(), bdat -> {
                    blocks.hearUntilFewerThan(window);
                    log(bdat);
                    blocks.owed++;
                }));
                check(clearance.fence());
                blocks.finish();
                logOctets(content);
            });
            while (blocks.owed > 0 && !isOver()) {
                blocks.owed--;
                tell(blocks.owed == 0 ? settings.finalReplyTimeout() : settings.replyTimeout());
            }
        }

        private void logOctets(MessageContent content) {
            log.client("(message of " + content.size() + " octets)");
        }

        /** All of it, or the server says why not. */
        private void sendAll(Blocks blocks, Watchdog.Wait writing) throws IOException {
            try {
                writing.run();
            } catch (IOException e) {
                if (blocks.isAtTheEnd() && Thread.currentThread().isInterrupted()) {
                    // TRY-05: the write says that it was interrupted, not whether it was done before.
                    transaction.contentSent();
                    throw e;
                }
                if (!blocks.isRefused()) {
                    throw e;
                }
                if (!isOver()) {
                    tellLastWords(blocks, e);
                }
                over = true;
                return;
            }
            transaction.contentSent();
        }

        /** The server takes no more of what we write; perhaps it says why, and that is what the dialogue is told. */
        private void tellLastWords(Blocks blocks, IOException failure) throws IOException {
            try {
                do {
                    blocks.owed--;
                    tell(LAST_WORDS);
                } while (blocks.owed > 0 && !isOver());
            } catch (BadReplyException e) {
                throw e; // in bad form, but words
            } catch (IOException e) {
                failure.addSuppressed(e);
                throw failure;
            }
            if (!isOver()) {
                throw failure;
            }
        }
    }

    /** The message on its way, in full blocks but for the last one. */
    private final class Blocks extends OutputStream {

        private final Run run;
        private final byte[] block;
        private int used;
        private int owed;
        private boolean looked;
        private boolean refused;
        private boolean atTheEnd;

        /** @param block room for one */
        Blocks(Run run, byte[] block) {
            this.run = run;
            this.block = block;
        }

        /** Whether it was the server who would not have it. */
        boolean isRefused() {
            return refused;
        }

        /** Whether the last block is on its way, or was. */
        boolean isAtTheEnd() {
            return atTheEnd;
        }

        /** Sends the last block, which is the only one that may not be full. */
        void finish() throws IOException {
            atTheEnd = true;
            flush();
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            int done = 0;
            while (done < length) {
                if (used == block.length) {
                    flush();
                }
                int now = Math.min(length - done, block.length - used);
                System.arraycopy(octets, offset + done, block, used, now);
                used += now;
                done += now;
            }
        }

        /** Nothing, where all was sent already: then a reply may be the one to its end. */
        @Override
        public void flush() throws IOException {
            if (used > 0) {
                refused = true;
                hearWhatWasSaid();
                wire.write(block, 0, used, run.deadline.orAfter(settings.writeTimeout()));
                used = 0;
                refused = false;
            }
        }

        /** A reply that comes too early is none to the end of data, and must not be taken for it: that end is never sent. */
        private void hearWhatWasSaid() throws IOException {
            while (!looked && wire.hasSpoken()) {
                if (owed == 0) {
                    throw new BadReplyException("a reply before the end of data");
                }
                hear();
            }
            looked = false;
        }

        /** Waits for replies until fewer than that many are owed. */
        void hearUntilFewerThan(int limit) throws IOException {
            if (owed >= limit) {
                flush(); // else the server would wait, too
                refused = true;
                while (owed >= limit) {
                    hear();
                }
                refused = false;
            }
        }

        private void hear() throws IOException {
            owed--;
            run.tell(settings.replyTimeout());
            if (run.isOver()) {
                throw new IOException("the server has said enough");
            }
        }
    }
}
