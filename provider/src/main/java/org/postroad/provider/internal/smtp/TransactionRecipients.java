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

/**
 * The recipients of one transaction: who was offered, who was answered, and what is decided for each; one address may stand there
 * twice.
 */
final class TransactionRecipients {

    private final List<Envelope.Recipient> all;
    private final List<Optional<RecipientOutcome>> decided = new ArrayList<>();
    private final Deque<Integer> unanswered = new ArrayDeque<>();
    private final Set<Integer> accepted = new TreeSet<>();
    private int next;
    private int open;

    TransactionRecipients(List<Envelope.Recipient> all) {
        this.all = all;
        this.open = all.size();
        all.forEach(recipient -> decided.add(Optional.empty()));
    }

    boolean isAnyOpen() {
        return open > 0;
    }

    boolean hasMoreToOffer() {
        while (next < all.size() && decided.get(next).isPresent()) {
            next++;
        }
        return next < all.size();
    }

    /** Who needs a RCPT next. */
    Envelope.Recipient next() {
        if (!hasMoreToOffer()) {
            throw new IllegalStateException("All recipients were offered");
        }
        return all.get(next);
    }

    /** The RCPT of that one is in the flight. */
    void offered() {
        unanswered.add(next++);
    }

    /** The reply to the oldest offer; it changes nothing where MAIL was refused before. */
    void answer(Reply reply) {
        int index = unanswered.remove();
        if (decided.get(index).isEmpty()) {
            if (reply.isPositive()) {
                accepted.add(index);
            } else {
                decide(index, Stage.RCPT, new Outcome.Refused(reply));
            }
        }
    }

    void decideOpen(Stage stage, Outcome outcome) {
        for (int i = 0; i < all.size(); i++) {
            if (decided.get(i).isEmpty()) {
                decide(i, stage, outcome);
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

    /** Those that the server took, and about whom nothing more was said. */
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
