// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.postroad.api.Mailbox;
import org.postroad.api.Outcome;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.RemoteMta;
import org.postroad.api.Stage;
import org.postroad.api.TlsSummary;
import org.postroad.provider.internal.deliver.ConnectionPool.Lease;
import org.postroad.provider.internal.deliver.MessageOffer.SessionResults;
import org.postroad.provider.internal.deliver.SessionSource.ObtainedSession;
import org.postroad.provider.internal.route.ErrorPolicy;
import org.postroad.provider.internal.smtp.SmtpSession;

/**
 * Contacts one host: offers the message on one session after another, as long as another one can help. That is the case
 *
 * <ol>
 *   <li>if recipients are left that the server did not accept on the previous session (TRY-08, TRY-11);
 *   <li>if the failure may be caused by a connection that had carried a transaction before, and not by the message (TRY-09);
 *   <li>if it may be caused by PIPELINING or CHUNKING: once, without them;
 *   <li>if a connection was lost over TLS, which is not required: once, in plaintext (TLS-02).
 * </ol>
 *
 * <p>None of these counts against the host. Used once, by one thread.
 */
final class HostContact {

    private final ContactTools tools;
    private final SendScope scope;
    private final ContactEvents events;
    private final MessageOffer offer;
    private final AttemptRecorder attempts;

    private boolean leavesOpen;
    private Optional<SuspectedCause> suspected = Optional.empty();

    HostContact(ContactTools tools, SendScope scope, ContactEvents events, List<Mailbox> recipients) {
        this.tools = tools;
        this.scope = scope;
        this.events = events;
        this.offer = new MessageOffer(scope, tools.maxRecipients(), recipients);
        this.attempts = new AttemptRecorder(events, tools.clock(), recipients);
    }

    /**
     * A failure that may be caused by the session, an extension or TLS, and not by the message.
     *
     * @param inDoubt matches results of the next session that leave the cause open
     * @param lesson records the cause; run when the next session has another result
     */
    private record SuspectedCause(BiPredicate<Stage, Outcome> inDoubt, Runnable lesson) {}

    /**
     * Contacts the host at the first of these addresses that answers. Every connection to an address produces one attempt. There is none if
     * the deadline passed before the limits left room for a connection.
     */
    void run(List<RemoteMta> remotes, ConnectionSecurity security) throws InterruptedException {
        Optional<Lease> lease = SessionSource.lease(tools, scope, remotes, security);
        if (lease.isPresent()) {
            try (Lease held = lease.get()) {
                offer(new SessionSource(tools, scope, events, attempts, held, security), held);
            }
        }
    }

    private void offer(SessionSource sessions, Lease lease) throws InterruptedException {
        sessions.kept().ifPresent(kept -> offerOn(kept, sessions, lease));
        while (!offer.due().isEmpty()) {
            Optional<ObtainedSession> opened = sessions.open(offer.due());
            if (opened.isEmpty()) {
                return;
            }
            offerOn(opened.get(), sessions, lease);
        }
    }

    private void offerOn(ObtainedSession obtained, SessionSource sessions, Lease lease) {
        SmtpSession session = obtained.session();
        RemoteMta remote = obtained.remote();
        boolean fresh = session.transactions() == 0;
        TlsSummary tls = session.tls();
        SessionResults results = transact(session, remote, sessions);
        boolean answered = fresh || session.wasAnswered();
        learn(results, obtained, sessions);
        leavesOpen |= results.hasSettled(
                (stage, outcome) -> ErrorPolicy.meaning(stage, outcome).isOpen());
        if (offer.due().isEmpty() && !leavesOpen) {
            // Addresses that lost the connection race count as contacted only once it is certain that they are not
            // dialled again (TRY-03).
            attempts.lostRace(sessions.lostRace());
        }
        attempts.conclusive(obtained.connection(), tls, results.settled());
        if (answered) { // otherwise the server had closed the connection before, and there was no dialogue
            attempts.superseded(obtained.connection(), tls, results.disputed());
        }
        if (!results.settled().isEmpty()) {
            lease.recordBehaviour(
                    remote, results.hasSettled((stage, outcome) -> !ErrorPolicy.isConnectionLost(outcome)));
        }
        if (offer.due().isEmpty()) {
            sessions.release(obtained);
        } else {
            session.quit();
        }
    }

    private SessionResults transact(SmtpSession session, RemoteMta remote, SessionSource sessions) {
        boolean returned = false;
        try {
            SessionResults results = offer.offerOn(
                    session,
                    tools.connections().mostTransactions(remote, session),
                    (stage, outcome) -> (sessions.usesExtensions(session) && isBroken(stage, outcome))
                            || isTlsInDoubt(session, sessions, outcome));
            returned = true;
            return results;
        } finally {
            if (!returned) {
                session.close();
            }
        }
    }

    /** Returns whether the failure is typical of a server that announces extensions but fails when they are used. */
    private static boolean isBroken(Stage stage, Outcome outcome) {
        return ErrorPolicy.isCommandRefused(stage, outcome) || outcome instanceof Outcome.BadConnection;
    }

    private static boolean isTlsInDoubt(SmtpSession session, SessionSource sessions, Outcome outcome) {
        return outcome instanceof Outcome.BadConnection
                && session.tls().level() != TlsSummary.Level.NONE
                && sessions.mayGoWithoutTls();
    }

    /** Evaluates the results of one session before the next is opened. */
    private void learn(SessionResults results, ObtainedSession obtained, SessionSource sessions) {
        suspected
                .filter(before -> results.hasSettled(before.inDoubt().negate()))
                .ifPresent(before -> before.lesson().run());
        suspected = results.disputed().isEmpty()
                ? Optional.empty()
                : Optional.of(cause(results, obtained.session(), obtained.remote(), sessions));
        if (obtained.session().isChunked()
                && results.hasSettled((stage, outcome) -> outcome instanceof Outcome.InDoubt)) {
            // In doubt: use DATA next time, so that at least the replies to RCPT are known before the content is sent.
            tools.broken().learn(obtained.remote(), true);
        }
    }

    /** Returns the suspected cause of the disputed results, and has the next session opened without it. */
    private SuspectedCause cause(
            SessionResults results, SmtpSession session, RemoteMta remote, SessionSource sessions) {
        if (results.carried()) {
            boolean refused = results.disputed().stream().anyMatch(each -> each.outcome() instanceof Outcome.Refused);
            int carried = session.transactions() - 1;
            return new SuspectedCause(
                    (stage, outcome) -> ErrorPolicy.mayConcernSession(stage, outcome, false),
                    // A lost connection can have any cause; only a refusal reveals the server's limit.
                    refused ? () -> tools.connections().learnMostTransactions(remote, carried) : () -> {});
        }
        if (sessions.usesExtensions(session)) {
            // If the connection was lost after a command group without a reply, PIPELINING may be the cause as well.
            boolean pipelining = session.isPipelined()
                    && results.disputed().stream()
                            .allMatch(each -> ErrorPolicy.isCommandRefused(each.stage(), each.outcome()));
            sessions.avoidExtensions(pipelining);
            return new SuspectedCause(
                    HostContact::isBroken, () -> tools.broken().learn(remote, pipelining));
        }
        RecipientOutcome lost = results.disputed().get(0);
        sessions.avoidTls(SessionOpener.lossOfTls(lost.stage(), lost.outcome()));
        return new SuspectedCause(HostContact::isBroken, () -> {});
    }
}
