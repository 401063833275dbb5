// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import java.util.List;
import java.util.Optional;
import org.postroad.api.Domain;
import org.postroad.api.Host;
import org.postroad.api.Mailbox;

/**
 * One delivery status notification: one for each message and event, about every recipient concerned.
 *
 * @param event what happened to all of them
 * @param reporter who says so: our own host (Reporting-MTA)
 * @param submission the message; from the null sender only where there is a postmaster
 * @param recipients at least one, each with a status that goes with the event
 * @param postmaster who receives it if the message is from the null sender
 */
public record DeliveryNotice(
        Event event,
        Host reporter,
        Submission submission,
        List<RecipientStatus> recipients,
        Optional<Mailbox> postmaster) {

    private static final String POSTMASTER = "MAILER-DAEMON";

    /** For a message that has a sender. */
    public DeliveryNotice(Event event, Host reporter, Submission submission, List<RecipientStatus> recipients) {
        this(event, reporter, submission, recipients, Optional.empty());
    }

    public DeliveryNotice {
        recipients = List.copyOf(recipients);
        if (submission.envelope().sender().isEmpty() && postmaster.isEmpty()) {
            throw new IllegalArgumentException("A message from the null sender <> is never reported on: it may be a"
                    + " notice itself, and notices about notices would never end (RFC 5321 §6.1)");
        }
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("A notice is about at least one recipient");
        }
        for (RecipientStatus recipient : recipients) {
            check(event, recipient);
        }
    }

    /** To whom it goes: the reverse-path of the message, else the postmaster. It is sent from the null sender. */
    public Mailbox addressee() {
        return submission.envelope().sender().or(() -> postmaster).orElseThrow();
    }

    /** Whether it is about a message from the null sender, mostly a notice, and goes to the postmaster. */
    boolean isDoubleBounce() {
        return submission.envelope().sender().isEmpty();
    }

    /** From whom it is, for whoever reads its header. No {@link Mailbox}: the name of a host may be longer than fits into one. */
    String author() {
        return POSTMASTER + "@" + new Domain(reporter);
    }

    private static void check(Event event, RecipientStatus recipient) {
        if (!event.goesWith(recipient.status())) {
            throw new IllegalArgumentException(
                    "The status " + recipient.status() + " does not go with the action " + event.action());
        }
        if (recipient.retryUntil().isPresent() && event != Event.DELAYED) {
            throw new IllegalArgumentException("Only what is delayed is tried again; this is " + event.action());
        }
    }
}
