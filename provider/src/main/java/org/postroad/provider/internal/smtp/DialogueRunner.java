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
 * Runs dialogues on a connection. An I/O error becomes {@link SmtpDialogue#lost} and is not thrown. An exception thrown by the caller's own
 * code is passed on and closes the connection, because the server is left waiting for the rest.
 */
final class DialogueRunner {

    /** Size of one write of a big message, in octets. */
    static final int BLOCK = 16_384;

    /** Maximum number of chunks sent without a reply. */
    static final int MAX_UNANSWERED_CHUNKS = 4;

    /** Maximum length of the command before a chunk, in octets. */
    private static final int MAX_BDAT = 32;

    /** How long to wait for the reply of a server that stopped reading our data, or for further replies after 421. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final SmtpConnection wire;
    private final SmtpSettings settings;
    private final DialogueLog log;
    private boolean rested;
    private boolean answered;
    private boolean closing;

    /** @param rested whether the connection was idle for a while, so that the server may have closed it since */
    DialogueRunner(SmtpConnection wire, SmtpSettings settings, DialogueLog log, boolean rested) {
        this.wire = wire;
        this.settings = settings;
        this.log = log;
        this.rested = rested;
    }

    /**
     * Runs a dialogue.
     *
     * @return whether the connection is still usable; if not, it is closed
     */
    boolean run(SmtpDialogue dialogue, Deadline deadline) {
        return run(dialogue, new DialogueRun(dialogue, deadline));
    }

    /**
     * Runs a dialogue with a {@link DataGate} and a message.
     *
     * @return whether the connection is still usable; if not, it is closed
     */
    boolean run(SmtpDialogue.WithContent transaction, Clearance clearance, Deadline deadline) {
        return run(transaction, new ContentRun(transaction, clearance, deadline));
    }

    private boolean run(SmtpDialogue dialogue, DialogueRun run) {
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

    /** Signals that the content must not be sent any more. */
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

    /** Returns whether the server ever replied with anything but 421. */
    boolean wasAnswered() {
        return answered;
    }

    static String detail(IOException e) {
        return Printable.describe(e);
    }

    /** The steps common to all dialogues. */
    private class DialogueRun implements SmtpDialogue.Performer {

        private final SmtpDialogue dialogue;
        final Deadline deadline;
        boolean over;

        DialogueRun(SmtpDialogue dialogue, Deadline deadline) {
            this.dialogue = dialogue;
            this.deadline = deadline;
        }

        @Override
        public void send(List<Command> flight) throws IOException {
            byte[] octets = announced(flight);
            wire.write(octets, 0, octets.length, deadline.atMost(settings.writeTimeout()));
            for (int i = 0; i < flight.size() && !dialogue.isBroken(); i++) {
                tell(settings.replyTimeout());
            }
        }

        /** Logs a command group and returns its octets. Must be called directly before sending it. */
        byte[] announced(List<Command> flight) throws IOException {
            // An unsolicited reply must not be taken for the reply to the next command.
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
            Reply asItCame = wire.read(deadline.atMost(closing ? LAST_WORDS : patience));
            Reply reply = wire.secrets().redact(asItCame); // before it is stored or logged
            if (log.isKept()) {
                log.server(reply.toString());
            }
            answered |= !reply.closesConnection();
            closing |= reply.closesConnection();
            dialogue.reply(reply, asItCame);
        }

        /** Returns whether nothing more is to be sent or read. */
        boolean isOver() {
            return dialogue.isBroken() || dialogue.next() instanceof SmtpDialogue.Done;
        }
    }

    /** The steps of a transaction. */
    private final class ContentRun extends DialogueRun {

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
                ContentCheck.pass(content, stuffing);
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
            // Several chunks of a big message may be unanswered. A message sent along with its commands has a single
            // chunk and never waits here.
            int window = step.flight().size() + (step.pipelined() ? MAX_UNANSWERED_CHUNKS : 1);
            sendAll(blocks, () -> {
                blocks.write(commands);
                ContentCheck.pass(content, new Chunks(blocks, content.size(), bdat -> {
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

        /** Sends everything. If the server does not take it, reads the replies that give the reason. */
        private void sendAll(Blocks blocks, Watchdog.Wait writing) throws IOException {
            try {
                writing.run();
            } catch (IOException e) {
                if (blocks.isAtTheEnd() && Thread.currentThread().isInterrupted()) {
                    // TRY-05: the exception reports the interrupt, not whether the write was completed before it.
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

        /** Reads the replies that may explain why the server stopped reading, and passes them to the dialogue. */
        private void tellLastWords(Blocks blocks, IOException failure) throws IOException {
            try {
                do {
                    blocks.owed--;
                    tell(LAST_WORDS);
                } while (blocks.owed > 0 && !isOver());
            } catch (BadReplyException e) {
                throw e; // malformed, but a reply
            } catch (IOException e) {
                failure.addSuppressed(e);
                throw failure;
            }
            if (!isOver()) {
                throw failure;
            }
        }
    }

    /** Sends the message in full blocks, except for the last one. */
    private final class Blocks extends OutputStream {

        private final DialogueRun run;
        private final byte[] block;
        private int used;
        private int owed;
        private boolean looked;
        private boolean refused;
        private boolean atTheEnd;

        /** @param block the buffer for one block */
        Blocks(DialogueRun run, byte[] block) {
            this.run = run;
            this.block = block;
        }

        /** Returns whether the failure came from the server or the connection and not from the content. */
        boolean isRefused() {
            return refused;
        }

        /** Returns whether sending of the last block has begun. */
        boolean isAtTheEnd() {
            return atTheEnd;
        }

        /** Sends the last block, the only one that may be partly filled. */
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

        /** Does nothing if everything was sent: a reply that has arrived by then may answer the end of data. */
        @Override
        public void flush() throws IOException {
            if (used > 0) {
                refused = true;
                hearWhatWasSaid();
                wire.write(block, 0, used, run.deadline.atMost(settings.writeTimeout()));
                used = 0;
                refused = false;
            }
        }

        /**
         * Reads replies that have already arrived. A reply that is not owed must not be taken for the reply to the end of data, so the
         * exception prevents that end from being sent.
         */
        private void hearWhatWasSaid() throws IOException {
            while (!looked && wire.hasSpoken()) {
                if (owed == 0) {
                    throw new BadReplyException("a reply before the end of data");
                }
                hear();
            }
            looked = false;
        }

        /** Waits until fewer than this number of replies are owed. */
        void hearUntilFewerThan(int limit) throws IOException {
            if (owed >= limit) {
                flush(); // else the server would wait for us too
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
