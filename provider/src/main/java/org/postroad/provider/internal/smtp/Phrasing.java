// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import org.postroad.api.Reply;
import org.postroad.provider.internal.envelope.Envelope;

/**
 * The form in which the commands of a transaction are sent: pipelined or one by one, with or without the optional parameters. It changes
 * after a refusal that concerns the form ({@link Repetition}): each change is made at most once and never undone.
 */
final class Phrasing {

    private final Envelope envelope;
    private final Extensions bare;
    private final Repetition repetition;
    private Extensions used;
    private boolean pipelined;

    Phrasing(Envelope envelope, Extensions offered, boolean pipelined, Repetition repetition) {
        this.envelope = envelope;
        this.bare = offered.withoutDispensable();
        this.repetition = repetition;
        this.used = offered;
        this.pipelined = pipelined;
    }

    boolean isPipelined() {
        return pipelined;
    }

    Command mail(Command.MailParameters facts) {
        return Command.mail(envelope, facts, used);
    }

    Command rcpt(Envelope.Recipient recipient, boolean utf8) {
        return Command.rcpt(recipient, utf8, used);
    }

    /** Returns whether the RCPT of this recipient has DSN parameters. */
    boolean hasDsnParameters(Envelope.Recipient recipient) {
        return Command.hasDsnParameters(recipient, used);
    }

    /** Returns whether MAIL must be repeated in another form after this reply, and changes the form if so. */
    boolean changesAfterMail(Reply reply, Command mail, Command.MailParameters facts, boolean together) {
        return changes(reply, !mail.equals(Command.mail(envelope, facts, bare)), together);
    }

    /**
     * Returns whether another command must be repeated in another form after this reply, and changes the form if so.
     *
     * @param parameters whether the command had optional parameters
     * @param together whether it was sent together with others
     */
    boolean changes(Reply reply, boolean parameters, boolean together) {
        if (reply.isPositive()) {
            return false;
        }
        if (parameters && repetition.ofParameters().test(reply)) {
            used = bare;
            return true;
        }
        if (together && repetition.ofCommand().test(reply)) {
            pipelined = false;
            return true;
        }
        return false;
    }
}
