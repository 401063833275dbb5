// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.IOException;
import java.util.List;
import org.postroad.api.Mailbox;
import org.postroad.api.Reply;
import org.postroad.api.Stage;

/**
 * A part of an SMTP session without sockets: it decides the next step and receives the result. The dialogue runner performs the steps until
 * {@link Done}.
 *
 * <p>{@link Send} is followed by one {@link #reply} for each command, in order; {@link Await} by one. {@link AskGate} and {@link
 * SendContent} are followed by the corresponding method of {@link WithContent}. {@link SendChunks} is followed by both; replies may come
 * before everything is written. {@link #lost} may be called in place of any of these, and is then the last call. A dialogue that {@link
 * #isBroken()} receives no more calls.
 */
interface SmtpDialogue {

    /** Returns the next step. Has no side effects. */
    DialogueStep next();

    /** Returns the stage that the next reply concerns. */
    Stage stage();

    /** Receives the reply to the oldest unanswered command. */
    void reply(Reply reply);

    /**
     * Receives the reply to the oldest unanswered command.
     *
     * @param reply without secrets
     * @param unredacted with secrets: must not be stored or shown
     */
    default void reply(Reply reply, Reply unredacted) {
        reply(reply);
    }

    /** Called when the connection is lost. */
    void lost(String detail);

    /**
     * Called when the connection is lost with an incomplete or malformed reply.
     *
     * @param plainReply the plain meaning of that reply
     */
    default void lost(String detail, Reply plainReply) {
        lost(detail);
    }

    /** Called when the content must not be sent any more. The connection is closed before the end of the content. */
    default void withdrawn(String why) {
        lost(why);
    }

    /** Returns whether the connection is unusable from now on: the server closes it (421), or sent an unexpected reply. */
    boolean isBroken();

    /** A dialogue that asks a {@link DataGate} and sends a message. */
    interface WithContent extends SmtpDialogue {

        /** Receives the decision after {@link AskGate}. */
        void gateDecided(boolean proceed);

        /** Called when the last octet of the end of data was written. */
        void contentSent();
    }

    /** One step of a dialogue. */
    sealed interface DialogueStep {

        /** Performs the step. */
        void perform(Performer performer) throws IOException;
    }

    /** Performs the steps. */
    interface Performer {
        void send(List<Command> group) throws IOException;

        void await(Stage stage) throws IOException;

        void askGate(List<Mailbox> accepted);

        void sendContent(MessageContent content) throws IOException;

        void sendChunks(SendChunks step) throws IOException;
    }

    /** Sends these commands in one write, then reads a reply to each. */
    record Send(List<Command> group) implements DialogueStep {

        Send(Command command) {
            this(List.of(command));
        }

        @Override
        public void perform(Performer performer) throws IOException {
            performer.send(group);
        }
    }

    /** Reads a reply. */
    record Await(Stage stage) implements DialogueStep {
        @Override
        public void perform(Performer performer) throws IOException {
            performer.await(stage);
        }
    }

    /** Asks whether to send the content. */
    record AskGate(List<Mailbox> accepted) implements DialogueStep {
        @Override
        public void perform(Performer performer) {
            performer.askGate(accepted);
        }
    }

    /** Sends the message and the final dot. */
    record SendContent(MessageContent content) implements DialogueStep {
        @Override
        public void perform(Performer performer) throws IOException {
            performer.sendContent(content);
        }
    }

    /**
     * Sends these commands and then the message in chunks, and reads a reply to each command and each chunk.
     *
     * @param pipelined whether a chunk may be sent before the previous one was answered
     */
    record SendChunks(List<Command> group, MessageContent content, boolean pipelined) implements DialogueStep {
        @Override
        public void perform(Performer performer) throws IOException {
            performer.sendChunks(this);
        }
    }

    /** Nothing is left to do. */
    record Done() implements DialogueStep {
        @Override
        public void perform(Performer performer) {}
    }
}
