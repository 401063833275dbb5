// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
 * Obtains sessions with one host: the kept one that came with the lease, and new ones, all at the address that answered first. A failure to
 * open a session is retried at the same address
 *
 * <ol>
 *   <li>if the handshake failed and hybrid groups were offered: once, without hybrid groups;
 *   <li>if TLS failed and is not required: once, in plaintext (TLS-02).
 * </ol>
 *
 * <p>Used for one contact, by one thread.
 */
final class SessionSource {

    private final ContactTools tools;
    private final SendScope scope;
    private final ContactEvents events;
    private final AttemptRecorder attempts;
    private final SessionOpener opener;
    private final Lease lease;
    private final List<DialResult.Failure> lostRace = new ArrayList<>();

    private ConnectionSecurity security;
    private List<RemoteMta> targets;
    private boolean withoutChunking;
    private boolean withoutPipelining;
    private boolean hasSmallerHello;
    private Optional<TlsFailure> lossOfTls = Optional.empty();

    SessionSource(
            ContactTools tools,
            SendScope scope,
            ContactEvents events,
            AttemptRecorder attempts,
            Lease lease,
            ConnectionSecurity security) {
        this.tools = tools;
        this.scope = scope;
        this.events = events;
        this.attempts = attempts;
        this.opener = new SessionOpener(tools, scope.deadline(), events);
        this.lease = lease;
        this.security = security;
        this.targets = lease.remotes();
    }

    /** A session with the server at this address. The caller must close it or give it back. */
    record ObtainedSession(SmtpSession session, UsedConnection connection) {

        RemoteMta remote() {
            return connection.remote();
        }
    }

    /** Waits for room in the pool. Returns empty if the deadline passed before. */
    static Optional<Lease> lease(
            ContactTools tools, SendScope scope, List<RemoteMta> remotes, ConnectionSecurity security)
            throws InterruptedException {
        List<ConnectionKey> keys = new ArrayList<>();
        for (RemoteMta remote : tools.dialler().inOrder(remotes)) {
            keys.add(tools.key(remote, security));
        }
        // With all-or-nothing delivery, domains hold connections until all are ready, so they must not wait for one
        // another's connections.
        boolean waitForRoom = scope.allOrNothing().isReached();
        ConnectionWaits waits = scope.mail().waits();
        waits.began();
        try {
            return tools.connections().lease(keys, waitForRoom, scope.deadline());
        } finally {
            waits.ended();
        }
    }

    /** Returns the kept session that came with the lease. To be called once. */
    Optional<ObtainedSession> kept() {
        if (lease.session().isEmpty()) {
            return Optional.empty();
        }
        SmtpSession session = lease.session().get();
        RemoteMta remote = targets.get(0);
        events.connecting(remote);
        UsedConnection connection = UsedConnection.kept(session, tools.clock());
        session.checkOut(tools.smtpFor(remote), tools.watchdog(), tools.log(), connection.times());
        return Optional.of(new ObtainedSession(session, connection));
    }

    /**
     * Opens a session. Failures are recorded.
     *
     * @param due the recipients that the failures concern
     * @return empty if no session could be opened
     */
    Optional<ObtainedSession> open(List<Mailbox> due) throws InterruptedException {
        while (true) {
            RemoteMta first = targets.get(0);
            events.connecting(first);
            DialResult dialled = tools.dialler().dial(targets, scope.deadline());
            attempts.noAnswer(dialled.failures(), due);
            if (dialled.connection().isEmpty()) {
                if (dialled.failures().isEmpty() && attempts.hasConnected()) {
                    attempts.timeRanOut(first, due);
                }
                return Optional.empty();
            }
            Socket socket = dialled.connection().get().socket();
            UsedConnection connection =
                    UsedConnection.dialled(dialled.connection().get(), tools.clock());
            RemoteMta remote = connection.remote();
            lease.connectedTo(remote);
            lostRace.addAll(dialled.lostRace());
            targets = List.of(remote);
            lossOfTls.ifPresent(loss -> opener.reportTlsLoss(socket, remote, loss));
            SessionOpener.OpenResult opened = opener.open(socket, connection, security, settingsFor(remote));
            if (opened instanceof SessionOpener.Ready ready) {
                return Optional.of(new ObtainedSession(ready.session(), connection));
            }
            if (!isRetried((SessionOpener.OpenFailed) opened, connection, due)) {
                return Optional.empty();
            }
        }
    }

    private SmtpSettings settingsFor(RemoteMta remote) {
        SmtpSettings settings = tools.smtpFor(remote);
        return settings.with(settings.pipelining() && !withoutPipelining, settings.chunking() && !withoutChunking);
    }

    /** Records the failure. Returns whether another session may succeed at the same address. */
    private boolean isRetried(SessionOpener.OpenFailed failed, UsedConnection connection, List<Mailbox> due) {
        SmtpFailure failure = failed.failure();
        RemoteMta remote = connection.remote();
        lease.recordBehaviour(remote, !ErrorPolicy.isConnectionLost(failure.outcome()));
        List<RecipientOutcome> outcomes = AttemptRecorder.forAll(due, failure);
        boolean underTls = failure.stage() == Stage.STARTTLS || failed.tls().level() != TlsSummary.Level.NONE;
        if (failed.helloInDoubt() && !hasSmallerHello) {
            hasSmallerHello = true; // from now on, this server is offered the smaller hello
        } else if (underTls && failure.outcome() instanceof Outcome.BadConnection && mayGoWithoutTls()) {
            security = ConnectionSecurity.NONE;
        } else {
            attempts.conclusive(connection, failed.tls(), outcomes);
            return false;
        }
        attempts.superseded(connection, failed.tls(), outcomes);
        return true;
    }

    /** Returns whether the session uses PIPELINING or CHUNKING, and none without them was obtained yet. */
    boolean usesExtensions(SmtpSession session) {
        return !withoutChunking && (session.isChunked() || session.isPipelined());
    }

    /**
     * Opens the next sessions without CHUNKING.
     *
     * @param pipelining whether they still use PIPELINING
     */
    void avoidExtensions(boolean pipelining) {
        withoutChunking = true;
        withoutPipelining = !pipelining;
    }

    /** Returns whether to fall back to plaintext at the same address (opportunistic security, RFC 7435). */
    boolean mayGoWithoutTls() {
        return tools.policy().fallback() && !security.isRequired() && !security.equals(ConnectionSecurity.NONE);
    }

    /** Opens the next sessions in plaintext, because a session was lost over TLS. */
    void avoidTls(TlsFailure loss) {
        security = ConnectionSecurity.NONE;
        lossOfTls = Optional.of(loss);
    }

    /** Returns the addresses that did not answer before another one did. */
    List<DialResult.Failure> lostRace() {
        return lostRace;
    }

    /** Gives the session back to the pool. From then on it may belong to another send. */
    void release(ObtainedSession obtained) {
        lease.release(tools.key(obtained.remote(), security), obtained.session());
    }
}
