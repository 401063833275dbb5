// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.postroad.api.Mailbox;
import org.postroad.api.Outcome;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.Reply;
import org.postroad.api.Stage;
import org.postroad.provider.internal.envelope.Envelope;

/**
 * The recipients of one transaction: which were offered, which were answered, and what was decided for each. The same address may occur
 * twice.
 */
final class TransactionRecipients {

    private final List<Envelope.Recipient> all;
    private final List<Optional<RecipientOutcome>> decided = new ArrayList<>();
    private final Deque<Integer> toOffer = new ArrayDeque<>();
    private final Deque<Integer> unanswered = new ArrayDeque<>();
    private final Set<Integer> accepted = new TreeSet<>();
    private final Set<Integer> toRepeat = new TreeSet<>();
    private final Set<Integer> withoutDsnParameters = new TreeSet<>();
    private int open;

    TransactionRecipients(List<Envelope.Recipient> all) {
        this.all = all;
        this.open = all.size();
        for (int i = 0; i < all.size(); i++) {
            decided.add(Optional.empty());
            toOffer.add(i);
        }
    }

    boolean isAnyOpen() {
        return open > 0;
    }

    boolean hasMoreToOffer() {
        while (!toOffer.isEmpty() && decided.get(toOffer.element()).isPresent()) {
            toOffer.remove();
        }
        return !toOffer.isEmpty();
    }

    /** Returns the recipient of the next RCPT. */
    Envelope.Recipient next() {
        if (!hasMoreToOffer()) {
            throw new IllegalStateException("All recipients were offered");
        }
        return all.get(toOffer.element());
    }

    /**
     * Records that the RCPT of the next recipient is in the command group.
     *
     * @param hasDsnParameters whether it has DSN parameters
     */
    void offered(boolean hasDsnParameters) {
        int index = toOffer.remove();
        unanswered.add(index);
        if (hasDsnParameters) {
            withoutDsnParameters.remove(index);
        } else {
            withoutDsnParameters.add(index);
        }
    }

    /** Returns whether the oldest unanswered RCPT has DSN parameters. */
    boolean isAnsweredWithDsnParameters() {
        return !withoutDsnParameters.contains(unanswered.element());
    }

    /**
     * Records the reply to the oldest unanswered RCPT. Has no effect if the recipient was decided before, because MAIL was refused.
     *
     * @param repeated whether to offer the recipient again if it is refused
     */
    void answer(Reply reply, boolean repeated) {
        int index = unanswered.remove();
        if (decided.get(index).isEmpty()) {
            if (reply.isPositive()) {
                accepted.add(index);
                return;
            }
            if (repeated) {
                toRepeat.add(index);
            }
            decide(index, Stage.RCPT, new Outcome.Refused(reply));
        }
    }

    /** Marks the pending recipients to be offered again: the decision that follows is not final. */
    void repeatOpen() {
        for (int i = 0; i < all.size(); i++) {
            if (decided.get(i).isEmpty()) {
                toRepeat.add(i);
            }
        }
    }

    boolean isAnyToRepeat() {
        return !toRepeat.isEmpty();
    }

    /** Makes the recipients marked for repetition pending again. */
    void reopen() {
        for (int index : toRepeat) {
            if (decided.set(index, Optional.empty()).isPresent()) {
                open++;
            }
        }
        accepted.removeAll(toRepeat);
        toOffer.removeAll(toRepeat);
        toOffer.addAll(toRepeat);
        toRepeat.clear();
    }

    void decideOpen(Stage stage, Outcome outcome) {
        for (int i = 0; i < all.size(); i++) {
            if (decided.get(i).isEmpty()) {
                decide(i, stage, outcome);
            }
        }
    }

    /**
     * Records that the server accepted the message for all pending recipients. For those whose RCPT had no DSN parameters it will not send
     * the requested reports.
     */
    void deliverOpen(Reply reply, boolean dsn) {
        Outcome known = new Outcome.Accepted(reply, dsn);
        Outcome unknown = new Outcome.Accepted(reply, false);
        for (int i = 0; i < all.size(); i++) {
            if (decided.get(i).isEmpty()) {
                decide(i, Stage.END_OF_DATA, withoutDsnParameters.contains(i) ? unknown : known);
            }
        }
    }

    void decideBeyondAscii(Outcome outcome) {
        for (int i = 0; i < all.size(); i++) {
            if (!all.get(i).mailbox().isAscii() && decided.get(i).isEmpty()) {
                decide(i, Stage.RCPT, outcome);
            }
        }
    }

    /** Returns the recipients that the server accepted and that are still pending. */
    List<Mailbox> accepted() {
        return accepted.stream()
                .filter(index -> decided.get(index).isEmpty())
                .map(index -> all.get(index).mailbox())
                .toList();
    }

    List<RecipientOutcome> outcomes() {
        List<RecipientOutcome> outcomes = new ArrayList<>();
        decided.forEach(outcome -> outcome.ifPresent(outcomes::add));
        return List.copyOf(outcomes);
    }

    private void decide(int index, Stage stage, Outcome outcome) {
        open--;
        decided.set(index, Optional.of(new RecipientOutcome(all.get(index).mailbox(), stage, outcome)));
    }
}
