// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import java.util.List;
import java.util.Optional;
import org.postroad.api.Domain;
import org.postroad.api.Host;
import org.postroad.api.Mailbox;

/**
 * A delivery status notification: one per message and event, listing all recipients concerned.
 *
 * @param event what happened to all recipients
 * @param reporter this host, the Reporting-MTA
 * @param submission the message; its sender may be the null sender only if there is a postmaster
 * @param recipients at least one, each with a status that matches the event
 * @param postmaster the addressee if the message is from the null sender
 */
public record DeliveryNotice(
        Event event,
        Host reporter,
        Submission submission,
        List<RecipientStatus> recipients,
        Optional<Mailbox> postmaster) {

    private static final String POSTMASTER = "MAILER-DAEMON";

    /** Creates a notice for a message that has a sender. */
    public DeliveryNotice(Event event, Host reporter, Submission submission, List<RecipientStatus> recipients) {
        this(event, reporter, submission, recipients, Optional.empty());
    }

    public DeliveryNotice {
        recipients = List.copyOf(recipients);
        if (submission.envelope().sender().isEmpty() && postmaster.isEmpty()) {
            throw new IllegalArgumentException("A notice about a message from the null sender <> needs a"
                    + " postmaster: notices about notices would never end (RFC 5321 §6.1)");
        }
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("A notice is about at least one recipient");
        }
        for (RecipientStatus recipient : recipients) {
            check(event, recipient);
        }
    }

    /**
     * Returns the addressee: the reverse-path of the message or, for the null sender, the postmaster. The notice itself is sent from the
     * null sender.
     */
    public Mailbox addressee() {
        return submission.envelope().sender().or(() -> postmaster).orElseThrow();
    }

    /** Returns whether the message is from the null sender (usually a notice itself), so that this notice goes to the postmaster. */
    boolean isDoubleBounce() {
        return submission.envelope().sender().isEmpty();
    }

    /** Returns the address for the From field. Not a {@link Mailbox}, because the name of a host can be longer than a mailbox allows. */
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
