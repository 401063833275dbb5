// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import org.postroad.api.Reply;
import org.postroad.provider.internal.envelope.Envelope;

/**
 * The form in which the commands of a transaction are sent: pipelined or one by one, with or without the optional parameters. It changes
 * after a refusal that concerns the form ({@link RepetitionRules}): each change is made at most once and never undone.
 */
final class CommandForm {

    private final Envelope envelope;
    private final Command.MailParameters parameters;
    private final Extensions bare;
    private final RepetitionRules rules;
    private Extensions used;
    private boolean pipelined;

    CommandForm(
            Envelope envelope,
            Command.MailParameters parameters,
            Extensions offered,
            boolean pipelined,
            RepetitionRules rules) {
        this.envelope = envelope;
        this.parameters = parameters;
        this.bare = offered.withoutOptionalParameters();
        this.rules = rules;
        this.used = offered;
        this.pipelined = pipelined;
    }

    boolean isPipelined() {
        return pipelined;
    }

    Command mail() {
        return Command.mail(envelope, parameters, used);
    }

    Command rcpt(Envelope.Recipient recipient) {
        return Command.rcpt(recipient, parameters.utf8(), used);
    }

    /** Returns whether the RCPT of this recipient has DSN parameters. */
    boolean hasDsnParameters(Envelope.Recipient recipient) {
        return Command.hasDsnParameters(recipient, used);
    }

    /** Returns whether MAIL must be repeated in another form after this reply, and changes the form if so. */
    boolean repeatsMail(Reply reply, Command mail, boolean together) {
        return repeats(reply, !mail.equals(Command.mail(envelope, parameters, bare)), together);
    }

    /**
     * Returns whether another command must be repeated in another form after this reply, and changes the form if so.
     *
     * @param optionalParameters whether the command had optional parameters
     * @param together whether it was sent together with others
     */
    boolean repeats(Reply reply, boolean optionalParameters, boolean together) {
        if (reply.isPositive()) {
            return false;
        }
        if (optionalParameters && rules.ofParameters().test(reply)) {
            used = bare;
            return true;
        }
        if (together && rules.ofCommand().test(reply)) {
            pipelined = false;
            return true;
        }
        return false;
    }
}
