// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postroad.api.Attempt;
import org.postroad.api.Mailbox;
import org.postroad.api.Outcome;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.RemoteMta;
import org.postroad.api.Stage;
import org.postroad.api.TlsSummary;
import org.postroad.provider.internal.connect.DialResult;
import org.postroad.provider.internal.smtp.SmtpFailure;

/** Reports the attempts of one contact, each with its results in the order of the recipients. Used by one thread. */
final class AttemptRecorder {

    private final ContactEvents events;
    private final InstantSource clock;
    private final List<Mailbox> recipients;
    private final Map<Mailbox, Integer> positions = new HashMap<>();
    private boolean connectedOnce;

    /** @param recipients all recipients of the contact */
    AttemptRecorder(ContactEvents events, InstantSource clock, List<Mailbox> recipients) {
        this.events = events;
        this.clock = clock;
        this.recipients = recipients;
        recipients.forEach(recipient -> positions.putIfAbsent(recipient, positions.size()));
    }

    /** Returns this failure as the outcome of every recipient. */
    static List<RecipientOutcome> forAll(List<Mailbox> recipients, SmtpFailure failure) {
        return recipients.stream()
                .map(mailbox -> new RecipientOutcome(mailbox, failure.stage(), failure.outcome()))
                .toList();
    }

    /** Returns whether an attempt on a connection was recorded. */
    boolean hasConnected() {
        return connectedOnce;
    }

    /** Records results that decide. */
    void conclusive(UsedConnection connection, TlsSummary tls, List<RecipientOutcome> outcomes) {
        record(connection, tls, outcomes, false);
    }

    /** Records results that do not decide, because the same address is contacted once more. */
    void superseded(UsedConnection connection, TlsSummary tls, List<RecipientOutcome> outcomes) {
        record(connection, tls, outcomes, true);
    }

    private void record(
            UsedConnection connection, TlsSummary tls, List<RecipientOutcome> outcomes, boolean superseded) {
        if (!outcomes.isEmpty()) {
            connectedOnce = true;
            List<RecipientOutcome> inOrder = new ArrayList<>(outcomes);
            inOrder.sort(Comparator.comparing(outcome -> positions.get(outcome.recipient())));
            Duration took = Duration.between(connection.startedAt(), clock.instant());
            events.attempted(new Attempt(connection.remote(), connection.startedAt(), took, tls, inOrder, superseded)
                    .withConnection(connection.use()));
        }
    }

    /** Records for all recipients that addresses did not answer while another one of the host did. */
    void lostRace(List<DialResult.Failure> failures) {
        noAnswer(failures, recipients);
    }

    /** Records for these recipients that addresses did not answer. */
    void noAnswer(List<DialResult.Failure> failures, List<Mailbox> due) {
        for (DialResult.Failure failure : failures) {
            SmtpFailure noAnswer = new SmtpFailure(Stage.CONNECT, new Outcome.NoAnswer(failure.detail()));
            events.attempted(new Attempt(
                    failure.remote(), failure.startedAt(), failure.took(), TlsSummary.NONE, forAll(due, noAnswer)));
        }
    }

    /** Records that time ran out before another connection to this address could be made. */
    void timeRanOut(RemoteMta remote, List<Mailbox> due) {
        SmtpFailure failure =
                new SmtpFailure(Stage.CONNECT, new Outcome.BadConnection("no time was left for another connection"));
        events.attempted(new Attempt(remote, clock.instant(), Duration.ZERO, TlsSummary.NONE, forAll(due, failure)));
    }
}
