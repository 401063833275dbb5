// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postroad.api.Outcome;
import org.postroad.api.Reply;
import org.postroad.api.Stage;
import org.postroad.provider.internal.envelope.Envelope;

/**
 * One mail transaction (RFC 5321 §3.3) with an outcome for each recipient: MAIL, RCPT for each recipient, the {@link DataGate}, the
 * message with DATA or BDAT, and the end of data. The outcome of a recipient does not change once it is decided, except by a repetition
 * (see below).
 *
 * <p>With PIPELINING (RFC 2920), commands are sent in groups, including DATA if there is no gate. The replies come in order and mean the
 * same as without pipelining, but DATA may already be sent when no recipient is left.
 *
 * <p>With CHUNKING (RFC 3030) too, a small message is sent in the same group: one round trip for everything. A bigger one is sent only
 * after a recipient was accepted.
 *
 * <p>A refusal that concerns the form of a command and not its meaning ({@link RepetitionRules}) is not final: the command is repeated on
 * its own or without its optional parameters, each at most once, in this transaction or, if that has moved on, in a further one.
 */
final class TransactionDialogue implements SmtpDialogue.WithContent {

    /** Maximum octets of unanswered commands: the server's replies to them fit into the buffers of any system. */
    static final int MAX_GROUP_OCTETS = 8192;

    /** Maximum octets of a message that is sent along with its commands; no more are wasted if every recipient is refused. */
    static final int MAX_ALONG_OCTETS = 32_768;

    private enum TransactionState {
        /** A command group is to be sent or to be answered, perhaps with the message after it. */
        COMMANDS,
        GATE,
        CONTENT,
        CHUNKS,
        END_OF_DATA,
        /** Some recipients are offered again in a further transaction. */
        RESET,
        DONE
    }

    /**
     * Mode of a transaction.
     *
     * @param gated whether a {@link DataGate} must decide before the content
     * @param pipelined whether commands are sent without waiting for replies
     * @param chunked whether the message is sent with BDAT
     * @param sendsMessageAlong whether it is also sent along with the commands, if it is small enough. Losing the connection then leaves
     *     doubt (TRY-05), so the connection must be a reliable one
     * @param first whether this is the first transaction on the connection. If not, a refusal of MAIL or DATA concerns the session,
     *     and splitting the command group does not help (TRY-09)
     */
    record TransactionMode(
            boolean gated, boolean pipelined, boolean chunked, boolean sendsMessageAlong, boolean first) {}

    private final Extensions extensions;
    private final TransactionMode mode;
    private final CommandForm form;
    private final TransactionRecipients recipients;
    private final MessageContent content; // empty if no form of the message suits the server
    private TransactionState state = TransactionState.COMMANDS;
    private boolean mailAccepted;
    private List<Command> group = List.of();
    private int answered;
    private boolean sendsMessageAlong;
    private boolean allSent;
    private boolean contentTaken;
    private boolean withdrawn;
    private boolean broken;
    private boolean resetNeeded;
    private boolean closing;
    private Optional<Reply> pending421 = Optional.empty(); // a 421, as long as no other reply came after it

    TransactionDialogue(
            Envelope envelope,
            Extensions extensions,
            ContentChoice choice,
            TransactionMode mode,
            RepetitionRules rules) {
        this.extensions = extensions;
        this.mode = mode;
        this.recipients = new TransactionRecipients(envelope.recipients());
        this.content = choice.contentFor(extensions).fold(ContentChoice.Fit::content, unsuitable -> {
            recipients.decideOpen(Stage.MAIL, new Outcome.HostUnsuitable(unsuitable.status(), unsuitable.detail()));
            return MessageContent.EMPTY;
        });
        ExtensionCheck.refusal(envelope, content, extensions)
                .ifPresent(outcome -> recipients.decideOpen(Stage.MAIL, outcome));
        if (!extensions.smtpUtf8()) {
            recipients.decideBeyondAscii(ExtensionCheck.NON_ASCII_RECIPIENT);
        }
        Command.MailParameters parameters = new Command.MailParameters(
                content.size(), content.isEightBit(), ExtensionCheck.usesSmtpUtf8(envelope, content, extensions));
        this.form = new CommandForm(envelope, parameters, extensions, mode.pipelined(), rules);
        if (recipients.isAnyOpen()) {
            nextGroup(form.mail());
        } else {
            state = TransactionState.DONE;
        }
    }

    @Override
    public DialogueStep next() {
        return switch (state) {
            case COMMANDS -> sendsMessageAlong ? withChunks(group) : new Send(group);
            case GATE -> new AskGate(recipients.accepted());
            // A server that accepted DATA without any accepted recipient gets an empty message (RFC 2920 §3.1).
            case CONTENT -> new SendContent(recipients.isAnyOpen() ? content : MessageContent.EMPTY);
            case CHUNKS -> withChunks(List.of());
            case END_OF_DATA -> new Await(Stage.END_OF_DATA);
            case RESET -> new Send(Command.rset());
            case DONE -> new Done();
        };
    }

    private SendChunks withChunks(List<Command> commands) {
        return new SendChunks(commands, content, form.isPipelined());
    }

    /** Prepares the next command group: this command, and with PIPELINING those that can be sent before it is answered. */
    private void nextGroup(Command first) {
        List<Command> commands = new ArrayList<>(List.of(first));
        boolean all = form.isPipelined() && addRecipients(commands) && !mode.gated();
        if (all && !mode.chunked()) {
            commands.add(Command.data());
        }
        sendsMessageAlong = all && mode.chunked() && mode.sendsMessageAlong() && size() <= MAX_ALONG_OCTETS;
        group = List.copyOf(commands);
        answered = 0;
    }

    /** Starts sending the message, now that a recipient was accepted. */
    private void startContent() {
        answered = 0;
        if (mode.chunked()) {
            state = TransactionState.CHUNKS;
        } else {
            state = TransactionState.COMMANDS;
            group = List.of(Command.data());
        }
    }

    private long size() {
        return content.size();
    }

    /**
     * Adds the RCPT commands that fit into the group.
     *
     * @return whether all of them fit
     */
    private boolean addRecipients(List<Command> commands) {
        int octets = commands.stream().mapToInt(Command::octets).sum();
        while (recipients.hasMoreToOffer()) {
            Command rcpt = rcpt();
            octets += rcpt.octets();
            if (octets > MAX_GROUP_OCTETS) {
                return false;
            }
            offered();
            commands.add(rcpt);
        }
        return true;
    }

    private Command rcpt() {
        return form.rcpt(recipients.next());
    }

    private void offered() {
        recipients.offered(form.hasDsnParameters(recipients.next()));
    }

    @Override
    public void reply(Reply reply) {
        if (state == TransactionState.DONE || state == TransactionState.GATE) {
            throw new IllegalStateException("A reply although no command is outstanding: " + reply);
        }
        Stage stage = stage();
        pending421 = Optional.of(reply).filter(Reply::closesConnection);
        if (pending421.isPresent()) {
            // TRY-07
            closing = true;
            boolean messageFollows = sendsMessageAlong && state == TransactionState.COMMANDS;
            if (!messageFollows) {
                finish(stage, new Outcome.Refused(reply));
                return;
            }
            // A server that continues in spite of its 421 may accept the message that was already sent (TRY-06).
        }
        switch (state) {
            case COMMANDS -> replyToCommand(stage, reply);
            case CHUNKS -> replyToChunk(reply);
            case RESET -> replyToReset(reply);
            // A reply before the end of data: it counts only if it is a refusal.
            case CONTENT -> {
                broken = true;
                finish(
                        stage,
                        reply.isPositive() || reply.isIntermediate() ? tooEarly(reply) : new Outcome.Refused(reply));
            }
            // TRY-01, TRY-02
            case END_OF_DATA -> {
                resetNeeded = false;
                broken = reply.isIntermediate();
                if (reply.isPositive()) {
                    deliver(reply);
                } else {
                    finish(stage, new Outcome.Refused(reply));
                }
            }
            default -> throw new IllegalStateException("A reply at " + stage);
        }
    }

    private void replyToCommand(Stage stage, Reply reply) {
        answered++;
        switch (stage) {
            case MAIL -> {
                resetNeeded = true;
                broken = reply.isIntermediate();
                mailAccepted = reply.isPositive();
                if (!reply.isPositive()) {
                    if (form.repeatsMail(reply, group.get(0), isTogether() && mode.first())) {
                        recipients.repeatOpen();
                    }
                    recipients.decideOpen(Stage.MAIL, new Outcome.Refused(reply));
                }
            }
            case RCPT -> {
                boolean parameters = recipients.isAnsweredWithDsnParameters();
                recipients.answer(reply, mailAccepted && form.repeats(reply, parameters, isTogether()));
                if (reply.isIntermediate()) {
                    lost("the server answered a RCPT with " + reply);
                    return;
                }
            }
            default -> {
                replyToData(reply);
                return;
            }
        }
        if (answered == group.size()) {
            groupAnswered();
        }
    }

    private void replyToChunk(Reply reply) {
        answered++;
        boolean last = answered == Chunks.count(size());
        contentTaken |= reply.isPositive();
        // After a refused chunk the server needs RSET; if more chunks were to follow, the connection is given up.
        resetNeeded = !reply.isPositive();
        broken = reply.isIntermediate() || (!last && !reply.isPositive());
        if (!reply.isPositive()) {
            finish(last ? Stage.END_OF_DATA : Stage.DATA, new Outcome.Refused(reply));
        } else if (last && !allSent) {
            // The server cannot have accepted a message that was not completely sent.
            broken = true;
            finish(Stage.END_OF_DATA, tooEarly(reply));
        } else if (last) {
            deliver(reply);
        }
    }

    private void deliver(Reply reply) {
        recipients.deliverOpen(reply, extensions.dsn());
        conclude();
    }

    private static Outcome tooEarly(Reply reply) {
        return new Outcome.BadConnection("the server answered before the end of data: " + reply);
    }

    private void replyToData(Reply reply) {
        broken = reply.isPositive();
        if (reply.isIntermediate()) {
            contentTaken = true;
            state = TransactionState.CONTENT;
        } else {
            if (recipients.isAnyOpen() && form.repeats(reply, false, isTogether() && mode.first())) {
                recipients.repeatOpen();
            }
            finish(Stage.DATA, new Outcome.Refused(reply));
        }
    }

    /** Returns whether the command group has more than one command. */
    private boolean isTogether() {
        return group.size() > 1;
    }

    private void replyToReset(Reply reply) {
        if (reply.isPositive()) {
            resetNeeded = false;
            state = TransactionState.COMMANDS;
            nextGroup(form.mail());
        } else {
            broken = true;
            finish(Stage.MAIL, new Outcome.BadConnection("the server refused RSET: " + reply));
        }
    }

    /** Continues after all replies to a command group without DATA were received. */
    private void groupAnswered() {
        if (sendsMessageAlong) {
            state = TransactionState.CHUNKS;
            answered = 0;
            return;
        }
        if (mailAccepted && !recipients.hasMoreToOffer()) {
            recipients.reopen(); // the transaction is still open: no reply ended it
        }
        if (!recipients.isAnyOpen()) {
            conclude();
        } else if (recipients.hasMoreToOffer()) {
            Command rcpt = rcpt();
            offered();
            nextGroup(rcpt);
        } else if (mode.gated()) {
            state = TransactionState.GATE;
        } else {
            startContent();
        }
    }

    @Override
    public void gateDecided(boolean proceed) {
        withdrawn = !proceed;
        if (proceed) {
            startContent();
        } else {
            state = TransactionState.DONE;
        }
    }

    @Override
    public void contentSent() {
        allSent = true;
        if (state == TransactionState.CONTENT) {
            state = TransactionState.END_OF_DATA;
        }
    }

    @Override
    public void lost(String detail) {
        broken = true;
        if (pending421.isPresent()) {
            finish(Stage.RCPT, new Outcome.Refused(pending421.get()));
        } else if (allSent) {
            // TRY-05: the message may have arrived.
            finish(Stage.END_OF_DATA, new Outcome.InDoubt(detail));
        } else {
            finish(stage(), new Outcome.BadConnection(detail));
        }
    }

    /**
     * A malformed reply that decides on the message counts if its meaning is plain: a message that was accepted or refused is not in doubt.
     * A malformed reply to an earlier command is ignored, except for a refusal after the whole message was sent along with its commands.
     */
    @Override
    public void lost(String detail, Reply plainReply) {
        boolean verdict = switch (state) {
            case COMMANDS -> sendsMessageAlong && allSent && !plainReply.isPositive();
            case CHUNKS -> !plainReply.isPositive() || answered + 1 == Chunks.count(size());
            case CONTENT -> !plainReply.isPositive();
            case END_OF_DATA -> true;
            case GATE, RESET, DONE -> false;
        };
        if (verdict && !plainReply.isIntermediate()) {
            reply(plainReply);
        }
        broken = true;
        if (state != TransactionState.DONE) {
            lost(detail);
        }
    }

    /** Differs from {@link #lost}: neither the server nor the connection has failed. */
    @Override
    public void withdrawn(String why) {
        broken = true;
        finish(Stage.DATA, Fence.outcome(why));
    }

    @Override
    public boolean isBroken() {
        return broken || (closing && state == TransactionState.DONE);
    }

    /** Returns whether RSET must be sent before the next MAIL. */
    boolean isResetNeeded() {
        return resetNeeded;
    }

    /** Returns the result. Call only after the dialogue is done. */
    TransactionResult result() {
        return new TransactionResult(
                recipients.outcomes(), withdrawn ? recipients.accepted() : List.of(), contentTaken);
    }

    @Override
    public Stage stage() {
        return switch (state) {
            case COMMANDS -> group.get(Math.min(answered, group.size() - 1)).stage();
            case GATE -> Stage.RCPT;
            case RESET -> Stage.MAIL;
            case CONTENT, CHUNKS, END_OF_DATA, DONE -> Stage.END_OF_DATA;
        };
    }

    private void finish(Stage stage, Outcome outcome) {
        recipients.decideOpen(stage, outcome);
        conclude();
    }

    /** Ends the transaction, or starts a further one if recipients must be offered again. */
    private void conclude() {
        if (recipients.isAnyToRepeat() && !broken && !closing) {
            recipients.reopen();
            mailAccepted = false;
            sendsMessageAlong = false;
            allSent = false;
            state = TransactionState.RESET;
        } else {
            state = TransactionState.DONE;
        }
    }
}
