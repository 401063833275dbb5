// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Outcome;
import org.postroad.api.Reply;
import org.postroad.api.Stage;
import org.postroad.api.TlsDemand;

/**
 * One mail transaction (RFC 5321 §3.3), with a verdict for each recipient: MAIL, RCPT for each, the gate, the message by DATA or BDAT,
 * its end. A recipient's verdict, once there, stays.
 *
 * <p>With PIPELINING (RFC 2920) the commands go in flights of many, DATA among them where nobody stands at the gate. The replies come in
 * order all the same, and mean what they would mean one by one; but DATA may be on its way when nobody is left to get the message.
 *
 * <p>With CHUNKING (RFC 3030) too, a message that is not big goes along in the same flight: one round trip for all. A bigger one waits
 * until it is known that somebody gets it.
 *
 * <p>A refusal that speaks of how a command was said, and not of what ({@link Repetition}), is no verdict yet: the command is said once more,
 * on its own, or without the parameters that can be left out, in this transaction or, where that went on, in one more.
 */
final class TransactionDialogue implements SmtpDialogue.WithContent {

    /** Octets of commands on their way without a reply: the server's replies to them fit into any system's buffers. */
    static final int MAX_FLIGHT_OCTETS = 8192;

    /** Octets of a message that goes along with its commands; no more are wasted where every recipient is refused. */
    static final int MAX_CARRIED_OCTETS = 32_768;

    private enum State {
        /** Commands are on their way, or are to be sent, the message perhaps behind them. */
        COMMANDS,
        GATE,
        CONTENT,
        CHUNKS,
        END_OF_DATA,
        /** Some are to be offered again, in a transaction of their own. */
        RESET,
        DONE
    }

    /**
     * How a transaction is held.
     *
     * @param gated somebody stands at the gate
     * @param pipelined commands go without waiting for replies
     * @param chunked the message goes by BDAT
     * @param carrying and along with the commands, where it is not too big. A connection that is lost then leaves doubt (TRY-05),
     *     so it must be a sound one
     * @param first the connection has carried no transaction before. On another one, a refusal of MAIL or DATA speaks of the session,
     *     and is not asked about again there (TRY-09)
     */
    record Manner(boolean gated, boolean pipelined, boolean chunked, boolean carrying, boolean first) {}

    private final Envelope envelope;
    private final Extensions extensions;
    private final Manner manner;
    private final Phrasing phrasing;
    private final Optional<MessageContent> content;
    private final boolean utf8;
    private final TransactionRecipients recipients;
    private State state = State.COMMANDS;
    private boolean mailAccepted;
    private List<Command> flight = List.of();
    private int answered;
    private boolean carries;
    private boolean allSent;
    private boolean contentTaken;
    private boolean withdrawn;
    private boolean broken;
    private boolean resetNeeded;
    private boolean closing;
    private Optional<Reply> lastWord = Optional.empty(); // a 421 behind which nothing came

    TransactionDialogue(
            Envelope envelope, Extensions extensions, ContentChoice choice, Manner manner, Repetition repetition) {
        this.envelope = envelope;
        this.extensions = extensions;
        this.manner = manner;
        this.phrasing = new Phrasing(envelope, extensions, manner.pipelined(), repetition);
        this.recipients = new TransactionRecipients(envelope.recipients());
        Optional<MessageContent> fit = choice.contentFor(extensions)
                .fold(chosen -> Optional.of(chosen.content()), unfit -> {
                    recipients.decideOpen(Stage.MAIL, new Outcome.Unfit(unfit.status(), unfit.detail()));
                    return Optional.empty();
                });
        this.content = fit;
        fit.ifPresent(this::checkFitness);
        this.utf8 = extensions.smtpUtf8()
                && (fit.filter(MessageContent::needsSmtpUtf8).isPresent() || hasUtf8Address());
        if (recipients.isAnyOpen()) {
            takeOff(phrasing.mail(facts()));
        } else {
            state = State.DONE;
        }
    }

    @Override
    public Step next() {
        return switch (state) {
            case COMMANDS -> carries ? chunksBehind(flight) : new Send(flight);
            case GATE -> new AskGate(recipients.accepted());
            // Where the server wants a message for nobody, it gets an empty one (RFC 2920 §3.1).
            case CONTENT -> new SendContent(recipients.isAnyOpen() ? content.orElseThrow() : MessageContent.EMPTY);
            case CHUNKS -> chunksBehind(List.of());
            case END_OF_DATA -> new Await(Stage.END_OF_DATA);
            case RESET -> new Send(Command.rset());
            case DONE -> new Done();
        };
    }

    private SendChunks chunksBehind(List<Command> commands) {
        return new SendChunks(commands, content.orElseThrow(), phrasing.isPipelined());
    }

    /** The next flight: this command, and with PIPELINING what may be said before there is a reply to it. */
    private void takeOff(Command first) {
        List<Command> commands = new ArrayList<>(List.of(first));
        boolean all = phrasing.isPipelined() && addRecipients(commands) && !manner.gated();
        if (all && !manner.chunked()) {
            commands.add(Command.data());
        }
        carries = all && manner.chunked() && manner.carrying() && size() <= MAX_CARRIED_OCTETS;
        flight = List.copyOf(commands);
        answered = 0;
    }

    /** The message, now that there is somebody who gets it. */
    private void startContent() {
        answered = 0;
        if (manner.chunked()) {
            state = State.CHUNKS;
        } else {
            state = State.COMMANDS;
            flight = List.of(Command.data());
        }
    }

    private long size() {
        return content.orElseThrow().size();
    }

    /** Whether all of them found room. */
    private boolean addRecipients(List<Command> commands) {
        int octets = commands.stream().mapToInt(Command::octets).sum();
        while (recipients.hasMoreToOffer()) {
            Command rcpt = rcpt();
            octets += rcpt.octets();
            if (octets > MAX_FLIGHT_OCTETS) {
                return false;
            }
            offered();
            commands.add(rcpt);
        }
        return true;
    }

    private Command rcpt() {
        return phrasing.rcpt(recipients.next(), utf8);
    }

    private void offered() {
        recipients.offered(phrasing.hasWishes(recipients.next()));
    }

    @Override
    public void reply(Reply reply) {
        if (state == State.DONE || state == State.GATE) {
            throw new IllegalStateException("A reply when none was asked for: " + reply);
        }
        Stage stage = stage();
        lastWord = Optional.of(reply).filter(Reply::closesConnection);
        if (lastWord.isPresent()) {
            // TRY-07
            closing = true;
            boolean messageIsBehind = carries && state == State.COMMANDS;
            if (!messageIsBehind) {
                finish(stage, new Outcome.Refused(reply));
                return;
            }
            // A server that goes on all the same may take the message that is on its way (TRY-06).
        }
        switch (state) {
            case COMMANDS -> replyToCommand(stage, reply);
            case CHUNKS -> replyToChunk(reply);
            case RESET -> replyToReset(reply);
            // The server would not wait for the end: what it says holds, if it is a no.
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
                    if (phrasing.changesAfterMail(reply, flight.get(0), facts(), isTogether() && manner.first())) {
                        recipients.repeatOpen();
                    }
                    recipients.decideOpen(Stage.MAIL, new Outcome.Refused(reply));
                }
            }
            case RCPT -> {
                boolean wishes = recipients.isAnsweredWithWishes();
                recipients.answer(reply, mailAccepted && phrasing.changes(reply, wishes, isTogether()));
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
        if (answered == flight.size()) {
            landed();
        }
    }

    private void replyToChunk(Reply reply) {
        answered++;
        boolean last = answered == Chunks.count(size());
        contentTaken |= reply.isPositive();
        // A server that refused a chunk wants RSET, or in the midst of others our leave.
        resetNeeded = !reply.isPositive();
        broken = reply.isIntermediate() || (!last && !reply.isPositive());
        if (!reply.isPositive()) {
            finish(last ? Stage.END_OF_DATA : Stage.DATA, new Outcome.Refused(reply));
        } else if (last && !allSent) {
            // It cannot have what it says that it took.
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
            state = State.CONTENT;
        } else {
            if (recipients.isAnyOpen() && phrasing.changes(reply, false, isTogether() && manner.first())) {
                recipients.repeatOpen();
            }
            finish(Stage.DATA, new Outcome.Refused(reply));
        }
    }

    /** Whether the commands of the flight came together. */
    private boolean isTogether() {
        return flight.size() > 1;
    }

    private void replyToReset(Reply reply) {
        if (reply.isPositive()) {
            resetNeeded = false;
            state = State.COMMANDS;
            takeOff(phrasing.mail(facts()));
        } else {
            broken = true;
            finish(Stage.MAIL, new Outcome.BadConnection("the server refused RSET: " + reply));
        }
    }

    /** All replies to a flight without DATA have come. */
    private void landed() {
        if (carries) {
            state = State.CHUNKS;
            answered = 0;
            return;
        }
        if (mailAccepted && !recipients.hasMoreToOffer()) {
            recipients.reopen(); // nothing was said yet that ends the transaction
        }
        if (!recipients.isAnyOpen()) {
            conclude();
        } else if (recipients.hasMoreToOffer()) {
            Command rcpt = rcpt();
            offered();
            takeOff(rcpt);
        } else if (manner.gated()) {
            state = State.GATE;
        } else {
            startContent();
        }
    }

    @Override
    public void gateSaid(boolean proceed) {
        withdrawn = !proceed;
        if (proceed) {
            startContent();
        } else {
            state = State.DONE;
        }
    }

    @Override
    public void contentSent() {
        allSent = true;
        if (state == State.CONTENT) {
            state = State.END_OF_DATA;
        }
    }

    @Override
    public void lost(String detail) {
        broken = true;
        if (lastWord.isPresent()) {
            finish(Stage.RCPT, new Outcome.Refused(lastWord.get()));
        } else if (allSent) {
            // TRY-05: from here on the message may have arrived.
            finish(Stage.END_OF_DATA, new Outcome.InDoubt(detail));
        } else {
            finish(stage(), new Outcome.BadConnection(detail));
        }
    }

    /**
     * The message's fate is what the server says plainly, in whatever form: a mail that was taken, or refused, is not in doubt. What was
     * in bad form before has no say, but that a refused recipient of a message that went along is refused.
     */
    @Override
    public void lost(String detail, Reply heard) {
        boolean verdict = switch (state) {
            case COMMANDS -> carries && allSent && !heard.isPositive();
            case CHUNKS -> !heard.isPositive() || answered + 1 == Chunks.count(size());
            case CONTENT -> !heard.isPositive();
            case END_OF_DATA -> true;
            case GATE, RESET, DONE -> false;
        };
        if (verdict && !heard.isIntermediate()) {
            reply(heard);
        }
        broken = true;
        if (state != State.DONE) {
            lost(detail);
        }
    }

    /** Not {@link #lost}: neither the server nor the connection has failed. */
    @Override
    public void withdrawn(String why) {
        broken = true;
        finish(Stage.DATA, Fence.outcome(why));
    }

    @Override
    public boolean isBroken() {
        return broken || (closing && state == State.DONE);
    }

    /** Whether RSET must come before the next MAIL. */
    boolean isResetNeeded() {
        return resetNeeded;
    }

    /** Once it is done. */
    SendResult result() {
        return new SendResult(recipients.outcomes(), withdrawn ? recipients.accepted() : List.of(), contentTaken);
    }

    /** What the next reply speaks of. */
    private Stage stage() {
        return switch (state) {
            case COMMANDS -> flight.get(Math.min(answered, flight.size() - 1)).stage();
            case GATE -> Stage.RCPT;
            case RESET -> Stage.MAIL;
            case CONTENT, CHUNKS, END_OF_DATA, DONE -> Stage.END_OF_DATA;
        };
    }

    private void finish(Stage stage, Outcome outcome) {
        recipients.decideOpen(stage, outcome);
        conclude();
    }

    /** The transaction is over; those who are to be offered again have one more. */
    private void conclude() {
        if (recipients.isAnyToRepeat() && !broken && !closing) {
            recipients.reopen();
            mailAccepted = false;
            carries = false;
            allSent = false;
            state = State.RESET;
        } else {
            state = State.DONE;
        }
    }

    private void checkFitness(MessageContent fit) {
        long maximum = extensions.maximumSize().orElse(Long.MAX_VALUE);
        if (envelope.tls() == TlsDemand.REQUIRED && !extensions.requireTls()) {
            unfit(
                    EnhancedStatus.REQUIRETLS_SUPPORT_5_7_30,
                    "the message demands TLS all the way, and the server does not promise that");
        } else if (fit.size() > maximum) {
            unfit(
                    EnhancedStatus.MESSAGE_TOO_BIG_5_3_4,
                    "the message has " + fit.size() + " octets, the server takes at most " + maximum);
        } else if (fit.needsSmtpUtf8() && !extensions.smtpUtf8()) {
            unfit(EnhancedStatus.NON_ASCII_NOT_PERMITTED_5_6_7, "the headers need SMTPUTF8, the server lacks it");
        } else if (fit.isEightBit() && !extensions.eightBitMime()) {
            unfit(EnhancedStatus.CONVERSION_REQUIRED_5_6_3, "the message needs 8BITMIME, the server lacks it");
        } else if (!extensions.smtpUtf8()) {
            checkAddresses();
        }
    }

    /** Without SMTPUTF8, a sender beyond ASCII stops all, a recipient only itself (RFC 6531 §3.2). */
    private void checkAddresses() {
        if (envelope.sender().filter(sender -> !sender.isAscii()).isPresent()) {
            unfit(EnhancedStatus.NON_ASCII_NOT_PERMITTED_5_6_7, "the sender needs SMTPUTF8, the server lacks it");
        } else if (hasUtf8Recipient()) {
            recipients.decideBeyondAscii(new Outcome.Unfit(
                    EnhancedStatus.NON_ASCII_NOT_PERMITTED_5_6_7, "the address needs SMTPUTF8, the server lacks it"));
        }
    }

    private void unfit(EnhancedStatus status, String detail) {
        recipients.decideOpen(Stage.MAIL, new Outcome.Unfit(status, detail));
    }

    private boolean hasUtf8Address() {
        return envelope.sender().filter(sender -> !sender.isAscii()).isPresent() || hasUtf8Recipient();
    }

    private boolean hasUtf8Recipient() {
        for (Envelope.Recipient recipient : envelope.recipients()) {
            if (!recipient.mailbox().isAscii()) {
                return true;
            }
        }
        return false;
    }

    private Command.Facts facts() {
        MessageContent chosen = content.orElseThrow();
        return new Command.Facts(chosen.size(), chosen.isEightBit(), utf8);
    }
}
