// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.postroad.api.Domain;
import org.postroad.api.IpAddress;
import org.postroad.api.MailContext;
import org.postroad.api.Mailbox;
import org.postroad.api.Priority;
import org.postroad.api.QueuedMail.State;
import org.postroad.provider.internal.envelope.Envelope;

/**
 * One recipient domain of a message: the unit of work.
 *
 * @param message the message
 * @param domain the recipients' domain
 * @param state the current state
 * @param dueAt when it is tried next
 * @param attempts the number of attempts begun
 * @param inDoubt whether an attempt ended without a known result, and may have delivered (TRY-05)
 * @param warned whether the sender was notified of the delay
 * @param hint the address that the next attempt begins with
 * @param priority its precedence over others that are due
 * @param firstDueAt when it was due for the first time
 * @param recipients the pending recipients, in the order of the envelope
 */
public record QueuedDelivery(
        QueuedMessage message,
        Domain domain,
        State state,
        Instant dueAt,
        int attempts,
        boolean inDoubt,
        boolean warned,
        Optional<IpAddress> hint,
        Priority priority,
        Instant firstDueAt,
        List<Envelope.Recipient> recipients) {

    public QueuedDelivery {
        recipients = List.copyOf(recipients);
    }

    /** Returns the mailboxes of the pending recipients. */
    public List<Mailbox> mailboxes() {
        return recipients.stream().map(Envelope.Recipient::mailbox).toList();
    }

    /** Returns the context of the current or last attempt, for events. */
    public MailContext context() {
        return message.context(attempts);
    }

    /** Returns this delivery with these recipients. */
    public QueuedDelivery to(List<Envelope.Recipient> others) {
        return new QueuedDelivery(
                message, domain, state, dueAt, attempts, inDoubt, warned, hint, priority, firstDueAt, others);
    }
}
