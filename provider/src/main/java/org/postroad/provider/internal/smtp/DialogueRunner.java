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
    private static final Duration FINAL_REPLY_WAIT = Duration.ofSeconds(1);

    private final SmtpConnection connection;
    private final SmtpSettings settings;
    private final DialogueLog log;
    private final StageTimes times;
    private boolean idleBefore;
    private boolean answered;
    private boolean closing;

    /** @param idleBefore whether the connection was idle for a while, so that the server may have closed it since */
    DialogueRunner(
            SmtpConnection connection, SmtpSettings settings, DialogueLog log, StageTimes times, boolean idleBefore) {
        this.connection = connection;
        this.settings = settings;
        this.log = log;
        this.times = times;
        this.idleBefore = idleBefore;
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
    boolean run(SmtpDialogue.WithContent transaction, ContentConditions conditions, Deadline deadline) {
        return run(transaction, new ContentRun(transaction, conditions, deadline));
    }

    /**
     * Runs a dialogue up to the question whether to send the message, and answers no. No content can be sent.
     *
     * @return whether the connection is still usable; if not, it is closed
     */
    boolean probe(SmtpDialogue.WithContent transaction, Deadline deadline) {
        return run(transaction, new ProbeRun(transaction, deadline));
    }

    private boolean run(SmtpDialogue dialogue, DialogueRun run) {
        boolean usable = false;
        try {
            while (!run.over && !(dialogue.next() instanceof SmtpDialogue.Done)) {
                dialogue.next().perform(run);
                run.over |= dialogue.isBroken();
            }
            usable = !run.over;
        } catch (FencedException e) {
            log.client("(the connection is closed: " + Printable.clean(e.why) + ")");
            dialogue.withdrawn(e.why);
        } catch (IOException e) {
            String detail = connection.secrets().redact(Printable.describe(e));
            times.ended(dialogue.stage());
            log.client("(the connection is lost: " + Printable.clean(detail) + ")");
            Optional<Reply> plainReply = e instanceof BadReplyException bad ? bad.plainReply() : Optional.empty();
            plainReply
                    .map(connection.secrets()::redact)
                    .ifPresentOrElse(reply -> dialogue.lost(detail, reply), () -> dialogue.lost(detail));
        } finally {
            if (!usable) {
                connection.close();
            }
        }
        return usable;
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
        public void send(List<Command> group) throws IOException {
            byte[] octets = checkedOctets(group);
            connection.write(octets, 0, octets.length, deadline.atMost(settings.writeTimeout()));
            for (int i = 0; i < group.size() && !dialogue.isBroken(); i++) {
                readReply(settings.replyTimeout());
            }
        }

        /** Logs a command group and returns its octets. Must be called directly before sending it. */
        byte[] checkedOctets(List<Command> group) throws IOException {
            // An unsolicited reply must not be taken for the reply to the next command.
            if (idleBefore ? connection.hasUnreadAfterIdle() : connection.hasUnread()) {
                throw new BadReplyException("an unsolicited reply");
            }
            idleBefore = false;
            for (Command command : group) {
                log(command);
            }
            return Command.octets(group);
        }

        void log(Command command) {
            if (log.isEnabled()) {
                log.client(Printable.clean(command.shown()));
            }
        }

        @Override
        public void await(Stage stage) throws IOException {
            readReply(stage == Stage.END_OF_DATA ? settings.finalReplyTimeout() : settings.replyTimeout());
        }

        @Override
        public void askGate(List<Mailbox> accepted) {
            throw new IllegalStateException("This dialogue has no check before DATA");
        }

        @Override
        public void sendContent(MessageContent content) throws IOException {
            throw new IllegalStateException("This dialogue has no content");
        }

        @Override
        public void sendChunks(SmtpDialogue.SendChunks step) throws IOException {
            throw new IllegalStateException("This dialogue has no content");
        }

        void readReply(Duration timeout) throws IOException {
            Reply unredacted = connection.read(deadline.atMost(closing ? FINAL_REPLY_WAIT : timeout));
            times.ended(dialogue.stage());
            Reply reply = connection.secrets().redact(unredacted); // before it is stored or logged
            if (log.isEnabled()) {
                log.server(reply.toString());
            }
            answered |= !reply.closesConnection();
            closing |= reply.closesConnection();
            dialogue.reply(reply, unredacted);
        }

        /** Returns whether nothing more is to be sent or read. */
        boolean isOver() {
            return dialogue.isBroken() || dialogue.next() instanceof SmtpDialogue.Done;
        }
    }

    /** The steps of a transaction without content: DATA and BDAT are a defect. */
    private final class ProbeRun extends DialogueRun {

        private final SmtpDialogue.WithContent transaction;

        ProbeRun(SmtpDialogue.WithContent transaction, Deadline deadline) {
            super(transaction, deadline);
            this.transaction = transaction;
        }

        @Override
        public void send(List<Command> group) throws IOException {
            for (Command command : group) {
                if (command.stage() != Stage.MAIL && command.stage() != Stage.RCPT) {
                    throw new IllegalStateException("A probe sends no " + command.shown());
                }
            }
            super.send(group);
        }

        @Override
        public void askGate(List<Mailbox> accepted) {
            transaction.gateDecided(false);
        }
    }

    /** The steps of a transaction. */
    private final class ContentRun extends DialogueRun {

        private final SmtpDialogue.WithContent transaction;
        private final ContentConditions conditions;

        ContentRun(SmtpDialogue.WithContent transaction, ContentConditions conditions, Deadline deadline) {
            super(transaction, deadline);
            this.transaction = transaction;
            this.conditions = conditions;
        }

        @Override
        public void askGate(List<Mailbox> accepted) {
            transaction.gateDecided(conditions.gate().proceed(accepted));
        }

        @Override
        public void sendContent(MessageContent content) throws IOException {
            check(conditions.fence());
            logOctets(content);
            BlockWriter blocks = new BlockWriter(this, connection.writeBuffer(BLOCK));
            sendAll(blocks, () -> {
                DotStuffing stuffing = new DotStuffing(blocks);
                ContentCheck.pass(content, stuffing);
                stuffing.end();
                check(conditions.fence());
                blocks.finish();
            });
        }

        @Override
        public void sendChunks(SmtpDialogue.SendChunks step) throws IOException {
            check(conditions.fence());
            byte[] commands = checkedOctets(step.group());
            MessageContent content = step.content();
            boolean sentAlong = content.size() <= TransactionDialogue.MAX_ALONG_OCTETS;
            int bufferSize = sentAlong ? commands.length + MAX_BDAT + (int) content.size() : BLOCK;
            BlockWriter blocks = new BlockWriter(this, connection.writeBuffer(bufferSize));
            blocks.inputChecked = true;
            blocks.pendingReplies = step.group().size();
            // Several chunks of a big message may be unanswered. A message sent along with its commands has a single
            // chunk and never waits here.
            int window = step.group().size() + (step.pipelined() ? MAX_UNANSWERED_CHUNKS : 1);
            sendAll(blocks, () -> {
                blocks.write(commands);
                ContentCheck.pass(content, new Chunks(blocks, content.size(), bdat -> {
                    blocks.awaitFewerPending(window);
                    log(bdat);
                    blocks.pendingReplies++;
                }));
                check(conditions.fence());
                blocks.finish();
                logOctets(content);
            });
            while (blocks.pendingReplies > 0 && !isOver()) {
                blocks.pendingReplies--;
                readReply(blocks.pendingReplies == 0 ? settings.finalReplyTimeout() : settings.replyTimeout());
            }
        }

        private void logOctets(MessageContent content) {
            log.client("(message of " + content.size() + " octets)");
        }

        /** Sends everything. If the server does not accept it, reads the replies that give the reason. */
        private void sendAll(BlockWriter blocks, Watchdog.BlockingOperation writing) throws IOException {
            try {
                writing.run();
            } catch (IOException e) {
                if (blocks.isAtLastBlock() && Thread.currentThread().isInterrupted()) {
                    // TRY-05: the exception reports the interrupt, not whether the write was completed before it.
                    transaction.contentSent();
                    throw e;
                }
                if (!blocks.isRefused()) {
                    throw e;
                }
                if (!isOver()) {
                    readFinalReplies(blocks, e);
                }
                over = true;
                return;
            }
            transaction.contentSent();
        }

        /** Reads the replies that may explain why the server stopped reading, and passes them to the dialogue. */
        private void readFinalReplies(BlockWriter blocks, IOException failure) throws IOException {
            try {
                do {
                    blocks.pendingReplies--;
                    readReply(FINAL_REPLY_WAIT);
                } while (blocks.pendingReplies > 0 && !isOver());
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
    private final class BlockWriter extends OutputStream {

        private final DialogueRun run;
        private final byte[] block;
        private int used;
        private int pendingReplies;
        private boolean inputChecked;
        private boolean refused;
        private boolean atLastBlock;

        /** @param block the buffer for one block */
        BlockWriter(DialogueRun run, byte[] block) {
            this.run = run;
            this.block = block;
        }

        /** Returns whether the failure came from the server or the connection and not from the content. */
        boolean isRefused() {
            return refused;
        }

        /** Returns whether sending of the last block has begun. */
        boolean isAtLastBlock() {
            return atLastBlock;
        }

        /** Sends the last block, the only one that may be partly filled. */
        void finish() throws IOException {
            atLastBlock = true;
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
                readEarlyReplies();
                connection.write(block, 0, used, run.deadline.atMost(settings.writeTimeout()));
                used = 0;
                refused = false;
            }
        }

        /**
         * Reads replies that have already arrived. A reply that is not pending must not be taken for the reply to the end of data, so the
         * exception prevents that end from being sent.
         */
        private void readEarlyReplies() throws IOException {
            while (!inputChecked && connection.hasUnread()) {
                if (pendingReplies == 0) {
                    throw new BadReplyException("a reply before the end of data");
                }
                readPending();
            }
            inputChecked = false;
        }

        /** Waits until fewer than this number of replies are pending. */
        void awaitFewerPending(int limit) throws IOException {
            if (pendingReplies >= limit) {
                flush(); // else the server would wait for us too
                refused = true;
                while (pendingReplies >= limit) {
                    readPending();
                }
                refused = false;
            }
        }

        private void readPending() throws IOException {
            pendingReplies--;
            run.readReply(settings.replyTimeout());
            if (run.isOver()) {
                throw new IOException("nothing more is to be sent");
            }
        }
    }
}
