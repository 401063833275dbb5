// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Mailbox;
import org.postroad.api.Outcome;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.Reply;
import org.postroad.api.Stage;

/**
 * One mail transaction (RFC 5321 §3.3), with a verdict for each recipient: MAIL, RCPT for each, the gate, DATA, the content, its
 * end. States never go backwards; a recipient's verdict, once there, stays.
 */
final class TransactionDialogue implements SmtpDialogue.WithContent {

    private enum State {
        MAIL(Stage.MAIL),
        RCPT(Stage.RCPT),
        GATE(Stage.RCPT),
        DATA(Stage.DATA),
        CONTENT(Stage.END_OF_DATA),
        END_OF_DATA(Stage.END_OF_DATA),
        DONE(Stage.END_OF_DATA);

        private final Stage stage;

        State(Stage stage) {
            this.stage = stage;
        }
    }

    private final Envelope envelope;
    private final Extensions extensions;
    private final Optional<MessageContent> content;
    private final boolean utf8;
    private final Recipients recipients;
    private State state = State.MAIL;
    private boolean withdrawn;
    private boolean broken;
    private boolean resetNeeded;

    TransactionDialogue(Envelope envelope, Extensions extensions, ContentChoice choice) {
        this.envelope = envelope;
        this.extensions = extensions;
        this.recipients = new Recipients(envelope.recipients());
        Optional<MessageContent> fit = choice.contentFor(extensions)
                .fold(chosen -> Optional.of(chosen.content()), unfit -> {
                    recipients.decideOpen(Stage.MAIL, new Outcome.Unfit(unfit.status(), unfit.detail()));
                    return Optional.empty();
                });
        this.content = fit;
        fit.ifPresent(this::checkFitness);
        this.utf8 = extensions.smtpUtf8()
                && (fit.filter(MessageContent::needsSmtpUtf8).isPresent() || hasUtf8Address());
        skipWhatIsDecided();
    }

    @Override
    public Step next() {
        return switch (state) {
            case MAIL -> new Send(Command.mail(envelope, facts(), extensions));
            case RCPT -> new Send(Command.rcpt(recipients.nextToOffer(), utf8, extensions));
            case GATE -> new AskGate(recipients.accepted());
            case DATA -> new Send(Command.data());
            case CONTENT -> new SendContent(content.orElseThrow());
            case END_OF_DATA -> new Await(Stage.END_OF_DATA);
            case DONE -> new Done();
        };
    }

    @Override
    public void reply(Reply reply) {
        if (state == State.DONE || state == State.GATE) {
            throw new IllegalStateException("A reply when none was asked for: " + reply);
        }
        Stage stage = state.stage;
        if (reply.closesConnection()) {
            // TRY-07
            broken = true;
            finish(new Outcome.Refused(reply));
            return;
        }
        switch (state) {
            case MAIL -> {
                resetNeeded = true;
                broken = reply.isIntermediate();
                proceedIf(reply.isPositive(), State.RCPT, reply);
            }
            case RCPT -> {
                recipients.answer(reply);
                if (reply.isIntermediate()) {
                    broken = true;
                    finish(new Outcome.BadConnection("the server answered a RCPT with " + reply));
                }
                skipWhatIsDecided();
            }
            case DATA -> {
                broken = reply.isPositive();
                proceedIf(reply.isIntermediate(), State.CONTENT, reply);
            }
            // The server would not wait for the end: what it says holds, if it is a no.
            case CONTENT -> {
                broken = true;
                finish(
                        reply.isPositive() || reply.isIntermediate()
                                ? new Outcome.BadConnection("the server answered before the end of data: " + reply)
                                : new Outcome.Refused(reply));
            }
            // TRY-01, TRY-02
            case END_OF_DATA -> {
                resetNeeded = false;
                broken = reply.isIntermediate();
                finish(reply.isPositive() ? new Outcome.Accepted(reply) : new Outcome.Refused(reply));
            }
            default -> throw new IllegalStateException("A reply at " + stage);
        }
    }

    @Override
    public void gateSaid(boolean proceed) {
        withdrawn = !proceed;
        state = proceed ? State.DATA : State.DONE;
    }

    @Override
    public void contentSent() {
        state = State.END_OF_DATA;
    }

    @Override
    public void lost(String detail) {
        broken = true;
        // TRY-05: from here on the message may have arrived.
        finish(state == State.END_OF_DATA ? new Outcome.InDoubt(detail) : new Outcome.BadConnection(detail));
    }

    @Override
    public boolean isBroken() {
        return broken;
    }

    /** Whether RSET must come before the next MAIL. */
    boolean isResetNeeded() {
        return resetNeeded;
    }

    /** Once it is done. */
    SendResult result() {
        return new SendResult(recipients.outcomes(), withdrawn ? recipients.accepted() : List.of());
    }

    private void proceedIf(boolean yes, State following, Reply reply) {
        if (yes) {
            state = following;
        } else {
            finish(new Outcome.Refused(reply));
        }
    }

    private void finish(Outcome outcome) {
        recipients.decideOpen(state.stage, outcome);
        state = State.DONE;
    }

    /** Past recipients that need no RCPT, and past everything where nobody is left. */
    private void skipWhatIsDecided() {
        if (state == State.DONE) {
            return;
        }
        if (!recipients.isAnyOpen()) {
            state = State.DONE;
        } else if (state == State.RCPT && !recipients.hasMoreToOffer()) {
            state = State.GATE;
        }
    }

    private void checkFitness(MessageContent fit) {
        long maximum = extensions.maximumSize().orElse(Long.MAX_VALUE);
        if (fit.size() > maximum) {
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
        } else {
            recipients.decideBeyondAscii(new Outcome.Unfit(
                    EnhancedStatus.NON_ASCII_NOT_PERMITTED_5_6_7, "the address needs SMTPUTF8, the server lacks it"));
        }
    }

    private void unfit(EnhancedStatus status, String detail) {
        recipients.decideOpen(Stage.MAIL, new Outcome.Unfit(status, detail));
    }

    private boolean hasUtf8Address() {
        return envelope.sender().filter(sender -> !sender.isAscii()).isPresent()
                || envelope.recipients().stream()
                        .anyMatch(recipient -> !recipient.mailbox().isAscii());
    }

    private Command.Facts facts() {
        MessageContent chosen = content.orElseThrow();
        return new Command.Facts(chosen.size(), chosen.isEightBit(), utf8);
    }

    /** The recipients and what is decided for each; one address may stand there twice. */
    private static final class Recipients {

        private final List<Envelope.Recipient> all;
        private final List<Optional<RecipientOutcome>> decided = new ArrayList<>();
        private int offered;

        Recipients(List<Envelope.Recipient> all) {
            this.all = all;
            all.forEach(recipient -> decided.add(Optional.empty()));
        }

        boolean isAnyOpen() {
            return decided.stream().anyMatch(Optional::isEmpty);
        }

        boolean hasMoreToOffer() {
            while (offered < all.size() && decided.get(offered).isPresent()) {
                offered++;
            }
            return offered < all.size();
        }

        Envelope.Recipient nextToOffer() {
            if (!hasMoreToOffer()) {
                throw new IllegalStateException("All recipients were offered");
            }
            return all.get(offered);
        }

        void answer(Reply reply) {
            nextToOffer();
            if (!reply.isPositive()) {
                decide(offered, Stage.RCPT, new Outcome.Refused(reply));
            }
            offered++;
        }

        void decideOpen(Stage stage, Outcome outcome) {
            for (int i = 0; i < all.size(); i++) {
                if (decided.get(i).isEmpty()) {
                    decide(i, stage, outcome);
                }
            }
        }

        void decideBeyondAscii(Outcome outcome) {
            for (int i = 0; i < all.size(); i++) {
                if (!all.get(i).mailbox().isAscii() && decided.get(i).isEmpty()) {
                    decide(i, Stage.RCPT, outcome);
                }
            }
        }

        List<Mailbox> accepted() {
            List<Mailbox> accepted = new ArrayList<>();
            for (int i = 0; i < offered; i++) {
                if (decided.get(i).isEmpty()) {
                    accepted.add(all.get(i).mailbox());
                }
            }
            return accepted;
        }

        List<RecipientOutcome> outcomes() {
            return decided.stream().flatMap(Optional::stream).toList();
        }

        private void decide(int index, Stage stage, Outcome outcome) {
            decided.set(index, Optional.of(new RecipientOutcome(all.get(index).mailbox(), stage, outcome)));
        }
    }
}
