// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.util.Optional;
import org.postroad.api.Outcome;
import org.postroad.api.Reply;
import org.postroad.api.Stage;

/** A single command that the server accepts or refuses: STARTTLS, RSET. */
final class CommandDialogue implements SmtpDialogue {

    private final Command command;
    private boolean done;
    private boolean broken;
    private Optional<SmtpFailure> failure = Optional.empty();

    CommandDialogue(Command command) {
        this.command = command;
    }

    @Override
    public DialogueStep next() {
        return done ? new Done() : new Send(command);
    }

    @Override
    public Stage stage() {
        return command.stage();
    }

    @Override
    public void reply(Reply reply) {
        done = true;
        broken = reply.closesConnection() || reply.isIntermediate();
        if (!reply.isPositive()) {
            failure = Optional.of(new SmtpFailure(command.stage(), new Outcome.Refused(reply)));
        }
    }

    @Override
    public void lost(String detail) {
        done = true;
        broken = true;
        failure = Optional.of(new SmtpFailure(command.stage(), new Outcome.BadConnection(detail)));
    }

    @Override
    public boolean isBroken() {
        return broken;
    }

    Optional<SmtpFailure> failure() {
        return failure;
    }
}
