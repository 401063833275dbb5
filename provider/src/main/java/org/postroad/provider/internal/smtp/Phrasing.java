// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import org.postroad.api.Reply;

/**
 * How the commands of a transaction are said: together or each on its own, with the parameters that can be left out or without. It changes
 * where a refusal speaks of it ({@link Repetition}), each way once, and never back.
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

    Command mail(Command.Facts facts) {
        return Command.mail(envelope, facts, used);
    }

    Command rcpt(Envelope.Recipient recipient, boolean utf8) {
        return Command.rcpt(recipient, utf8, used);
    }

    /** Whether the RCPT of this one has wishes for reports in it. */
    boolean hasWishes(Envelope.Recipient recipient) {
        return Command.hasWishes(recipient, used);
    }

    /** Whether MAIL is to be said again, in another way, after this reply. */
    boolean changesAfterMail(Reply reply, Command mail, Command.Facts facts, boolean together) {
        return changes(reply, !mail.equals(Command.mail(envelope, facts, bare)), together);
    }

    /**
     * Whether another command is.
     *
     * @param parameters whether it had some that can be left out
     * @param together whether it came with others
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
