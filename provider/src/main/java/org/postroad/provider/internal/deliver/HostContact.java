// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.postroad.api.Attempt;
import org.postroad.api.Deadline;
import org.postroad.api.Mailbox;
import org.postroad.api.Outcome;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.RemoteMta;
import org.postroad.api.Stage;
import org.postroad.api.TlsFailure;
import org.postroad.api.TlsSummary;
import org.postroad.provider.internal.connect.DialResult;
import org.postroad.provider.internal.deliver.ConnectionPool.Lease;
import org.postroad.provider.internal.route.ErrorPolicy;
import org.postroad.provider.internal.smtp.SmtpFailure;
import org.postroad.provider.internal.smtp.SmtpSession;
import org.postroad.provider.internal.smtp.SmtpSettings;

/**
 * Contacts one host: on the kept connection that came with the lease, and on new connections to one address as long as they can help. A new
 * connection is opened
 *
 * <ol>
 *   <li>if recipients are left that the server did not accept on the previous connection (TRY-08, TRY-11);
 *   <li>if the failure may be caused by a connection that had carried a transaction before, and not by the message (TRY-09);
 *   <li>if it may be caused by PIPELINING or CHUNKING: once, without them;
 *   <li>if the handshake failed and hybrid groups were offered: once, without hybrid groups;
 *   <li>if TLS failed and is not required: once, in plaintext (TLS-02).
 * </ol>
 *
 * <p>None of these counts against the host. Used once, by one thread.
 */
final class HostContact {

    private final ContactTools tools;
    private final SessionOpener opener;
    private final MessageOffer offer;
    private final Lease lease;
    private final Deadline deadline;
    private final Contacting.Log log;
    private final List<Mailbox> open;
    private final Map<Mailbox, Integer> positions = new HashMap<>();
    private final List<DialResult.Failure> lostRace = new ArrayList<>();

    private ConnectionSecurity security = ConnectionSecurity.NONE;
    private boolean withoutExtensions;
    private boolean withoutPipelining;
    private boolean hasSmallerHello;
    private boolean attempted;
    private boolean leavesOpen;
    private Optional<TlsFailure> lossOfTls = Optional.empty();
    private Optional<Dispute> dispute = Optional.empty();

    HostContact(
            ContactTools tools,
            SessionOpener opener,
            MessageOffer offer,
            Lease lease,
            Deadline deadline,
            Contacting.Log log) {
        this.tools = tools;
        this.opener = opener;
        this.offer = offer;
        this.lease = lease;
        this.deadline = deadline;
        this.log = log;
        this.open = offer.due();
        open.forEach(recipient -> positions.putIfAbsent(recipient, positions.size()));
    }

    /**
     * A failure that may be caused by the session, an extension or TLS, and not by the message.
     *
     * @param doubtful matches results of the next connection that leave the cause open
     * @param lesson records the cause; run when the next connection has another result
     */
    private record Dispute(BiPredicate<Stage, Outcome> doubtful, Runnable lesson) {}

    void run(ConnectionSecurity wanted) throws InterruptedException {
        security = wanted;
        List<RemoteMta> targets = lease.remotes();
        if (lease.session().isPresent()) {
            SmtpSession session = lease.session().get();
            RemoteMta remote = targets.get(0);
            log.connecting(remote);
            session.checkOut(tools.smtpFor(remote), tools.watchdog(), tools.log());
            converse(session, remote, tools.clock().instant());
        }
        while (!offer.due().isEmpty()) {
            log.connecting(targets.get(0));
            DialResult dialled = tools.dialler().dial(targets, deadline);
            recordAll(dialled.failures(), offer.due());
            if (dialled.connection().isEmpty()) {
                giveUp(targets.get(0), dialled.failures().isEmpty());
                return;
            }
            DialResult.Connection connection = dialled.connection().get();
            lease.connectedTo(connection.remote());
            lostRace.addAll(dialled.lostRace());
            converse(connection);
            targets = List.of(connection.remote());
        }
    }

    private void converse(DialResult.Connection connection) {
        RemoteMta remote = connection.remote();
        lossOfTls.ifPresent(loss -> opener.insteadOfTls(connection.socket(), remote, loss));
        SessionOpener.OpenResult opened = opener.open(connection.socket(), remote, security, settingsFor(remote));
        if (opened instanceof SessionOpener.Ready ready) {
            converse(ready.session(), remote, connection.startedAt());
        } else {
            notOpened((SessionOpener.OpenFailed) opened, connection);
        }
    }

    private SmtpSettings settingsFor(RemoteMta remote) {
        SmtpSettings settings = tools.smtpFor(remote);
        return settings.with(settings.pipelining() && !withoutPipelining, settings.chunking() && !withoutExtensions);
    }

    private void notOpened(SessionOpener.OpenFailed failed, DialResult.Connection connection) {
        SmtpFailure failure = failed.failure();
        RemoteMta remote = connection.remote();
        boolean lost = ErrorPolicy.isConnectionLost(failure.outcome());
        lease.concluded(remote, !lost);
        boolean underTls = failure.stage() == Stage.STARTTLS || failed.tls().level() != TlsSummary.Level.NONE;
        boolean superseded = underTls && failure.outcome() instanceof Outcome.BadConnection && mayGoWithoutTls();
        List<RecipientOutcome> outcomes = Contacting.forAll(offer.due(), failure);
        boolean smaller = failed.helloInDoubt() && !hasSmallerHello;
        if (smaller) {
            hasSmallerHello = true; // from now on, this server is offered the smaller hello
        } else if (superseded) {
            goWithoutTls();
        } else {
            offer.giveUp();
            leavesOpen = true;
        }
        record(remote, connection.startedAt(), failed.tls(), outcomes, smaller || superseded);
    }

    /** Offers the message on this session. */
    private void converse(SmtpSession session, RemoteMta remote, Instant startedAt) {
        boolean fresh = session.transactions() == 0;
        TlsSummary tls = session.tls();
        MessageOffer.Made made = make(session, remote);
        boolean answered = fresh || session.wasAnswered();
        learn(made, session, remote);
        leavesOpen |= made.hasSettled(
                (stage, outcome) -> ErrorPolicy.meaning(stage, outcome).isOpen());
        if (offer.due().isEmpty() && !leavesOpen) {
            // Addresses that lost the connection race count as contacted only once it is certain that they are not
            // dialled again (TRY-03).
            recordAll(lostRace, open);
        }
        record(remote, startedAt, tls, made.settled(), false);
        if (answered) { // otherwise the server had closed the connection before, and there was no dialogue
            record(remote, startedAt, tls, made.disputed(), true);
        }
        if (!made.settled().isEmpty()) {
            lease.concluded(remote, made.hasSettled((stage, outcome) -> !ErrorPolicy.isConnectionLost(outcome)));
        }
        if (offer.due().isEmpty()) {
            lease.release(tools.key(remote, security), session); // from here on, the session may belong to another send
        } else {
            session.quit();
        }
    }

    private MessageOffer.Made make(SmtpSession session, RemoteMta remote) {
        boolean made = false;
        try {
            MessageOffer.Made result = offer.make(
                    session,
                    tools.connections().mostTransactions(remote, session),
                    (stage, outcome) -> isExtensionInDoubt(session, stage, outcome) || isTlsInDoubt(session, outcome));
            made = true;
            return result;
        } finally {
            if (!made) {
                session.close();
            }
        }
    }

    /** Returns whether the failure is typical of a server that announces extensions but fails when they are used. */
    private boolean isExtensionInDoubt(SmtpSession session, Stage stage, Outcome outcome) {
        return usesExtensions(session) && isBroken(stage, outcome);
    }

    /** Returns whether the session uses PIPELINING or CHUNKING and no session without them was tried yet. */
    private boolean usesExtensions(SmtpSession session) {
        return !withoutExtensions && (session.isChunked() || session.isPipelined());
    }

    private static boolean isBroken(Stage stage, Outcome outcome) {
        return ErrorPolicy.isCommandRefused(stage, outcome) || outcome instanceof Outcome.BadConnection;
    }

    private boolean isTlsInDoubt(SmtpSession session, Outcome outcome) {
        return outcome instanceof Outcome.BadConnection
                && session.tls().level() != TlsSummary.Level.NONE
                && mayGoWithoutTls();
    }

    /** Returns whether to fall back to plaintext at the same address (opportunistic security, RFC 7435). */
    private boolean mayGoWithoutTls() {
        return tools.policy().fallback() && !security.isRequired() && !security.equals(ConnectionSecurity.NONE);
    }

    private void goWithoutTls() {
        security = ConnectionSecurity.NONE;
    }

    /** Evaluates the results of one session before the next is opened. */
    private void learn(MessageOffer.Made made, SmtpSession session, RemoteMta remote) {
        dispute.filter(before -> made.hasSettled(before.doubtful().negate()))
                .ifPresent(before -> before.lesson().run());
        dispute = made.disputed().isEmpty() ? Optional.empty() : Optional.of(next(made, session, remote));
        if (session.isChunked() && made.hasSettled((stage, outcome) -> outcome instanceof Outcome.InDoubt)) {
            // In doubt: use DATA next time, so that at least the replies to RCPT are known before the content is sent.
            tools.broken().learn(remote, true);
        }
    }

    private Dispute next(MessageOffer.Made made, SmtpSession session, RemoteMta remote) {
        if (made.carried()) {
            boolean refused = made.disputed().stream().anyMatch(each -> each.outcome() instanceof Outcome.Refused);
            int carried = session.transactions() - 1;
            return new Dispute(
                    (stage, outcome) -> ErrorPolicy.mayConcernSession(stage, outcome, false),
                    // A lost connection can have any cause; only a refusal reveals the server's limit.
                    refused ? () -> tools.connections().learnMostTransactions(remote, carried) : () -> {});
        }
        if (usesExtensions(session)) {
            // If the connection was lost after a command group without a reply, PIPELINING may be the cause as well.
            boolean pipelining = session.isPipelined()
                    && made.disputed().stream()
                            .allMatch(each -> ErrorPolicy.isCommandRefused(each.stage(), each.outcome()));
            withoutExtensions = true;
            withoutPipelining = !pipelining;
            return new Dispute(HostContact::isBroken, () -> tools.broken().learn(remote, pipelining));
        }
        goWithoutTls();
        RecipientOutcome lost = made.disputed().get(0);
        lossOfTls = Optional.of(SessionOpener.lossOfTls(lost.stage(), lost.outcome()));
        return new Dispute(HostContact::isBroken, () -> {});
    }

    /**
     * Ends the contact because no further connection could be made. If time ran out after an earlier attempt, this is recorded as the
     * result of the recipients that are still due.
     */
    private void giveUp(RemoteMta remote, boolean timeIsOver) {
        List<Mailbox> given = offer.giveUp();
        if (timeIsOver && attempted) {
            SmtpFailure failure = new SmtpFailure(
                    Stage.CONNECT, new Outcome.BadConnection("no time was left for another connection"));
            record(remote, tools.clock().instant(), TlsSummary.NONE, Contacting.forAll(given, failure), false);
        }
    }

    private void recordAll(List<DialResult.Failure> failures, List<Mailbox> recipients) {
        for (DialResult.Failure failure : failures) {
            SmtpFailure noAnswer = new SmtpFailure(Stage.CONNECT, new Outcome.NoAnswer(failure.detail()));
            log.attempted(new Attempt(
                    failure.remote(),
                    failure.startedAt(),
                    failure.took(),
                    TlsSummary.NONE,
                    Contacting.forAll(recipients, noAnswer)));
        }
    }

    private void record(
            RemoteMta remote, Instant startedAt, TlsSummary tls, List<RecipientOutcome> outcomes, boolean superseded) {
        if (!outcomes.isEmpty()) {
            attempted = true;
            List<RecipientOutcome> inOrder = new ArrayList<>(outcomes);
            inOrder.sort(Comparator.comparing(outcome -> positions.get(outcome.recipient())));
            Duration took = Duration.between(startedAt, tools.clock().instant());
            log.attempted(new Attempt(remote, startedAt, took, tls, inOrder, superseded));
        }
    }
}
