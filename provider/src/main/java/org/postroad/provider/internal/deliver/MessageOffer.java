// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Mailbox;
import org.postroad.api.Outcome;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.Stage;
import org.postroad.provider.internal.jfr.FlightEvents;
import org.postroad.provider.internal.jfr.FlightSpan;
import org.postroad.provider.internal.route.ErrorPolicy;
import org.postroad.provider.internal.smtp.ContentConditions;
import org.postroad.provider.internal.smtp.DataGate;
import org.postroad.provider.internal.smtp.Fence;
import org.postroad.provider.internal.smtp.SmtpSession;
import org.postroad.provider.internal.smtp.TransactionResult;

/**
 * Offers a message to one server for a set of recipients, in as many transactions as necessary, on one session after another. Tracks the
 * recipients that are still due: those not offered yet, and those whose result may concern only the session.
 */
final class MessageOffer {

    private final SendScope scope;
    private final int maxRecipients;
    private List<Mailbox> due;

    MessageOffer(SendScope scope, int maxRecipients, List<Mailbox> recipients) {
        this.scope = scope;
        this.maxRecipients = maxRecipients;
        this.due = recipients;
    }

    /**
     * The results of one session. Each recipient is in at most one list.
     *
     * @param settled final results
     * @param disputed results of recipients that are due again
     * @param carried whether the session had carried a transaction before the disputed one (TRY-09)
     */
    record SessionResults(List<RecipientOutcome> settled, List<RecipientOutcome> disputed, boolean carried) {

        boolean hasSettled(BiPredicate<Stage, Outcome> test) {
            return settled.stream().anyMatch(result -> test.test(result.stage(), result.outcome()));
        }
    }

    /** Returns the recipients that need another session. */
    List<Mailbox> due() {
        return due;
    }

    /**
     * Runs transactions until no recipient is due or the session accepts no more of them. TRY-08: recipients that were too many for one
     * transaction go into another, as long as each transaction accepts some.
     *
     * @param mostTransactions on one connection to this server, at least 1
     * @param disputable matches results of the first transaction on a new connection that are not final; later transactions follow TRY-09
     */
    SessionResults offerOn(SmtpSession session, long mostTransactions, BiPredicate<Stage, Outcome> disputable) {
        MailObject mail = scope.mail();
        List<RecipientOutcome> settled = new ArrayList<>();
        while (!due.isEmpty() && session.isUsable() && session.transactions() < mostTransactions) {
            boolean carried = session.transactions() > 0;
            List<Mailbox> offered = due.subList(0, Math.min(due.size(), mostRecipients(session)));
            List<Mailbox> rest = due.subList(offered.size(), due.size());
            FlightSpan<List<RecipientOutcome>> span = FlightEvents.transaction(
                    session.name().remote(), session.name().number(), offered.size());
            TransactionResult result = session.send(
                    mail.envelope().only(offered),
                    mail.content(),
                    new ContentConditions(gate(offered), mail.fence()),
                    scope.deadline());
            span.end(result.outcomes());
            TransactionResults sorted = new TransactionResults(
                    result,
                    carried
                            ? (stage, outcome) -> ErrorPolicy.mayConcernSession(stage, outcome, result.contentTaken())
                            : disputable);
            settled.addAll(sorted.settled);
            due = join(sorted.due, rest);
            Optional<String> refusal = mail.fence().refusal();
            refusal.ifPresent(why -> giveUp().forEach(mailbox -> settled.add(withdrawn(mailbox, why))));
            if (!sorted.disputed.isEmpty()) {
                return new SessionResults(settled, sorted.disputed, carried);
            }
            if (!carried && result.outcomes().stream().anyMatch(each -> ErrorPolicy.isConnectionLost(each.outcome()))) {
                // A fresh connection was lost: the host has a problem, and the age of the session is not the cause.
                giveUp().forEach(mailbox -> settled.add(notOffered(mailbox)));
            }
        }
        return new SessionResults(settled, List.of(), false);
    }

    /** Gives up the recipients still due, because no further session follows, and returns them. */
    private List<Mailbox> giveUp() {
        List<Mailbox> given = due;
        due = List.of();
        return given;
    }

    /** The results of one transaction, sorted by what happens to their recipients. */
    private static final class TransactionResults {

        private final List<RecipientOutcome> settled = new ArrayList<>();
        private final List<RecipientOutcome> disputed = new ArrayList<>();
        private final List<Mailbox> due = new ArrayList<>();

        TransactionResults(TransactionResult result, BiPredicate<Stage, Outcome> disputable) {
            Set<Mailbox> tooMany = result.withdrawn().isEmpty() ? new HashSet<>(tooMany(result.outcomes())) : Set.of();
            for (RecipientOutcome each : result.outcomes()) {
                if (tooMany.contains(each.recipient())) {
                    due.add(each.recipient());
                } else if (disputable.test(each.stage(), each.outcome())) {
                    disputed.add(each);
                    due.add(each.recipient());
                } else {
                    settled.add(each);
                }
            }
            result.withdrawn().forEach(mailbox -> settled.add(heldBack(mailbox)));
        }
    }

    private static List<Mailbox> join(List<Mailbox> first, List<Mailbox> second) {
        List<Mailbox> both = new ArrayList<>(first);
        both.addAll(second);
        return both;
    }

    /**
     * Returns the maximum number of recipients in one transaction: unlimited for all-or-nothing delivery, otherwise the lower of our own
     * limit and the server's (RFC 9422).
     */
    private int mostRecipients(SmtpSession session) {
        if (!scope.allOrNothing().isReached()) {
            return Integer.MAX_VALUE;
        }
        long limit = session.extensions().limit("RCPTMAX").orElse(Long.MAX_VALUE);
        return (int) Math.max(1, Math.min(maxRecipients, limit));
    }

    /**
     * Returns the check before DATA: always open if each domain is delivered independently; otherwise the server must accept all recipients
     * and all domains must agree.
     */
    private DataGate gate(List<Mailbox> offered) {
        return scope.allOrNothing().isReached()
                ? DataGate.OPEN
                : accepted -> accepted.size() == offered.size()
                        && scope.allOrNothing().await(scope.deadline());
    }

    private static RecipientOutcome heldBack(Mailbox mailbox) {
        return new RecipientOutcome(
                mailbox,
                Stage.RCPT,
                new Outcome.HostUnsuitable(
                        EnhancedStatus.UNDEFINED_4_0_0, "held back: not every recipient was accepted"));
    }

    private static RecipientOutcome withdrawn(Mailbox mailbox, String why) {
        return new RecipientOutcome(mailbox, Stage.MAIL, Fence.outcome(why));
    }

    private static RecipientOutcome notOffered(Mailbox mailbox) {
        return new RecipientOutcome(
                mailbox, Stage.MAIL, new Outcome.BadConnection("not offered: the connection was lost before"));
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
