// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postroad.api.Deadline;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Mailbox;
import org.postroad.api.Outcome;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.Stage;
import org.postroad.provider.internal.route.ErrorPolicy;
import org.postroad.provider.internal.smtp.RecipientGate;
import org.postroad.provider.internal.smtp.SendResult;
import org.postroad.provider.internal.smtp.SmtpSession;

/**
 * The offer of a message to one server for some recipients, in as many transactions as it takes, on one session after another where
 * the server wants no more of them on one.
 */
final class Offer {

    private final MailObject mail;
    private final Agreement agreement;
    private final Deadline deadline;
    private final int maxRecipients;
    private final Map<Mailbox, RecipientOutcome> decided = new LinkedHashMap<>();
    private List<Mailbox> due;

    Offer(MailObject mail, DomainDelivery.Terms terms, int maxRecipients, List<Mailbox> open) {
        this.mail = mail;
        this.agreement = terms.agreement();
        this.deadline = terms.deadline();
        this.maxRecipients = maxRecipients;
        this.due = open;
        open.forEach(mailbox -> decided.put(
                mailbox, new RecipientOutcome(mailbox, Stage.MAIL, new Outcome.BadConnection("not reached"))));
    }

    /** TRY-08: recipients that were too many for one transaction go into another, as long as each takes some. */
    void make(SmtpSession session) {
        while (!due.isEmpty() && session.isUsable() && !session.isExhausted()) {
            List<Mailbox> offered = due.subList(0, Math.min(due.size(), mostRecipients(session)));
            SendResult result = session.send(mail.envelope().only(offered), mail.content(), gate(offered), deadline);
            result.outcomes().forEach(outcome -> decided.put(outcome.recipient(), outcome));
            result.withdrawn().forEach(mailbox -> decided.put(mailbox, heldBack(mailbox)));
            List<Mailbox> rest = new ArrayList<>();
            if (result.withdrawn().isEmpty()) {
                rest.addAll(tooMany(result.outcomes()));
                rest.addAll(due.subList(offered.size(), due.size()));
            }
            due = rest;
        }
    }

    /** Whether there is somebody whom the server would take on another session only. */
    boolean needsAnother(SmtpSession session) {
        return !due.isEmpty() && session.isUsable() && session.isExhausted();
    }

    /** What was decided so far; whoever was not reached has a bad connection. */
    List<RecipientOutcome> outcomes() {
        return List.copyOf(decided.values());
    }

    /** All at once where all or none are to get the message; else no more than the server says that it takes (RFC 9422). */
    private int mostRecipients(SmtpSession session) {
        if (!agreement.isReached()) {
            return Integer.MAX_VALUE;
        }
        long limit = session.extensions().limit("RCPTMAX").orElse(Long.MAX_VALUE);
        return (int) Math.max(1, Math.min(maxRecipients, limit));
    }

    /** Open where each domain is on its own; else a server that does not take all of them is not the one. */
    private RecipientGate gate(List<Mailbox> offered) {
        return agreement.isReached()
                ? RecipientGate.OPEN
                : accepted -> accepted.size() == offered.size() && agreement.await(deadline);
    }

    private static RecipientOutcome heldBack(Mailbox mailbox) {
        return new RecipientOutcome(
                mailbox,
                Stage.RCPT,
                new Outcome.Unfit(EnhancedStatus.UNDEFINED_4_0_0, "held back: not every recipient was accepted"));
    }

    private static List<Mailbox> tooMany(List<RecipientOutcome> outcomes) {
        boolean accepted = false;
        List<Mailbox> tooMany = new ArrayList<>();
        for (RecipientOutcome result : outcomes) {
            if (ErrorPolicy.isTooManyRecipients(result.stage(), result.outcome(), accepted)) {
                tooMany.add(result.recipient());
            }
            accepted |= result.stage().compareTo(Stage.RCPT) > 0;
        }
        return tooMany;
    }
}
