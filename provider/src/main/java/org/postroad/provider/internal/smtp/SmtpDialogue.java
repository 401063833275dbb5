// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.IOException;
import java.util.List;
import org.postroad.api.Mailbox;
import org.postroad.api.Reply;
import org.postroad.api.Stage;

/**
 * A stretch of SMTP without sockets: it says what to do next, and is told what came of it. The shell asks, does and tells
 * until {@link Done}.
 *
 * <p>After {@link Send} comes one {@link #reply} for each command, in order; after {@link Await} comes one; after
 * {@link AskGate} and {@link SendContent} comes what {@link WithContent} has for them; after {@link SendChunks} comes both, replies
 * perhaps before all is written. In place of any of these,
 * {@link #lost} may come, and is the last that is told. A dialogue that is {@link #isBroken()} is told no more.
 */
interface SmtpDialogue {

    /** What to do now. Without side effects. */
    Step next();

    /** The reply to the oldest command that has none. */
    void reply(Reply reply);

    /**
     * The same.
     *
     * @param reply without what is secret
     * @param asItCame with it: not to be kept or shown
     */
    default void reply(Reply reply, Reply asItCame) {
        reply(reply);
    }

    /** The connection is lost. */
    void lost(String detail);

    /**
     * The connection is lost with a reply that did not come to its end, or has a bad form.
     *
     * @param heard what it says plainly all the same
     */
    default void lost(String detail, Reply heard) {
        lost(detail);
    }

    /** The content must not be sent any more, and the connection is closed before its end. */
    default void withdrawn(String why) {
        lost(why);
    }

    /** Whether the connection is of no use from now on: the server closes it (421), or said what fits nothing. */
    boolean isBroken();

    /** A dialogue that stops at a {@link RecipientGate} and sends a message. */
    interface WithContent extends SmtpDialogue {

        /** What the gate said to {@link AskGate}. */
        void gateSaid(boolean proceed);

        /** The last octet of the end of data was written. */
        void contentSent();
    }

    /** One step of the shell. */
    sealed interface Step {

        /** Does it. */
        void perform(Performer performer) throws IOException;
    }

    /** Who does the steps. */
    interface Performer {
        void send(List<Command> flight) throws IOException;

        void await(Stage stage) throws IOException;

        void askGate(List<Mailbox> accepted);

        void sendContent(MessageContent content) throws IOException;

        void sendChunks(SendChunks step) throws IOException;
    }

    /** Write these commands in one go, then read a reply to each. */
    record Send(List<Command> flight) implements Step {

        Send(Command command) {
            this(List.of(command));
        }

        @Override
        public void perform(Performer performer) throws IOException {
            performer.send(flight);
        }
    }

    /** Read a reply. */
    record Await(Stage stage) implements Step {
        @Override
        public void perform(Performer performer) throws IOException {
            performer.await(stage);
        }
    }

    /** Ask whether to go on to the data. */
    record AskGate(List<Mailbox> accepted) implements Step {
        @Override
        public void perform(Performer performer) {
            performer.askGate(accepted);
        }
    }

    /** Write the message and the final dot. */
    record SendContent(MessageContent content) implements Step {
        @Override
        public void perform(Performer performer) throws IOException {
            performer.sendContent(content);
        }
    }

    /**
     * Write these commands and behind them the message in chunks, then read a reply to each command and each chunk.
     *
     * @param pipelined whether a chunk may go before the one before it was answered
     */
    record SendChunks(List<Command> flight, MessageContent content, boolean pipelined) implements Step {
        @Override
        public void perform(Performer performer) throws IOException {
            performer.sendChunks(this);
        }
    }

    /** Nothing is left to do. */
    record Done() implements Step {
        @Override
        public void perform(Performer performer) {}
    }
}
