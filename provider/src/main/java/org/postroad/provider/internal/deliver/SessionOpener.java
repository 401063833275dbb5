// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.io.IOException;
import java.net.Socket;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLSocket;
import org.postroad.api.Credentials;
import org.postroad.api.Deadline;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.IpAddress;
import org.postroad.api.Outcome;
import org.postroad.api.Printable;
import org.postroad.api.Relay;
import org.postroad.api.RemoteMta;
import org.postroad.api.Stage;
import org.postroad.api.TlsFailure;
import org.postroad.api.TlsFailure.Type;
import org.postroad.api.TlsSummary;
import org.postroad.provider.internal.jfr.FlightEvents;
import org.postroad.provider.internal.jfr.FlightSpan;
import org.postroad.provider.internal.smtp.DialogueLog;
import org.postroad.provider.internal.smtp.SecuredSocket;
import org.postroad.provider.internal.smtp.SmtpFailure;
import org.postroad.provider.internal.smtp.SmtpSession;
import org.postroad.provider.internal.smtp.SmtpSettings;
import org.postroad.provider.internal.smtp.StartTlsResult;
import org.postroad.provider.internal.smtp.Watchdog;
import org.postroad.provider.internal.tls.HandshakeFailure;
import org.postroad.provider.internal.tls.PeerAuthentication;
import org.postroad.provider.internal.tls.StartTls;
import org.postroad.provider.internal.tls.TlsHandshakes;

/** Turns a connection into a session that is ready for mail: implicit TLS or STARTTLS, EHLO or HELO, AUTH. */
final class SessionOpener {

    private final ContactTools tools;
    private final Deadline deadline;
    private final ContactEvents events;

    SessionOpener(ContactTools tools, Deadline deadline, ContactEvents events) {
        this.tools = tools;
        this.deadline = deadline;
        this.events = events;
    }

    /** Reports that a plaintext connection replaces one that lost TLS after its result had been reported. */
    void reportTlsLoss(Socket connection, RemoteMta remote, TlsFailure loss) {
        events.tlsConcluded(remote, IpAddress.of(connection.getLocalAddress()), Optional.of(loss));
    }

    /** Returns the TLS failure for a connection that was lost after the handshake. */
    static TlsFailure lossOfTls(Stage stage, Outcome outcome) {
        return tlsFailure(new SmtpFailure(stage, outcome));
    }

    /** Result of opening a session. */
    sealed interface OpenResult {}

    /** A session. The caller must close it. */
    record Ready(SmtpSession session) implements OpenResult {}

    /**
     * The session could not be opened. The connection is closed.
     *
     * @param helloInDoubt whether the handshake failed but may succeed with a smaller ClientHello, which this server is offered from now on
     */
    record OpenFailed(TlsSummary tls, SmtpFailure failure, boolean helloInDoubt) implements OpenResult {

        OpenFailed(TlsSummary tls, SmtpFailure failure) {
            this(tls, failure, false);
        }
    }

    /** @param use what the connection is used for; receives the end of each stage */
    OpenResult open(Socket connection, UsedConnection use, ConnectionSecurity security, SmtpSettings smtp) {
        RemoteMta remote = use.remote();
        DialogueLog log = tools.log().of(use.name());
        log.note(() ->
                "connected from " + IpAddress.of(connection.getLocalAddress()) + ", port " + connection.getLocalPort());
        SecuredSocket socket = SecuredSocket.plain(connection);
        if (security.implicit()) {
            Handshake handshake = new Handshake(remote, security);
            try {
                socket = handshake.perform(connection, deadline);
            } catch (IOException e) {
                log.note(() -> Printable.describe(e));
                return new OpenFailed(
                        TlsSummary.NONE,
                        unfit(EnhancedStatus.CRYPTOGRAPHIC_FAILURE_4_7_5, Printable.describe(e)),
                        handshake.helloInDoubt);
            } finally {
                use.times().ended(Stage.STARTTLS);
            }
        }
        IpAddress source = IpAddress.of(connection.getLocalAddress());
        SmtpSettings hiding = smtp.hiding(security.login().map(this::secrets).orElse(Set.of()));
        return SmtpSession.open(socket, hiding, tools.watchdog(), log, use.times(), deadline)
                .fold(
                        opened -> prepare(opened.session(), remote, source, security),
                        notOpened -> new OpenFailed(TlsSummary.NONE, notOpened.failure()));
    }

    private Set<Credentials> secrets(Relay relay) {
        Set<Credentials> secrets = new HashSet<>(tools.credentials().of(relay));
        relay.credentials().ifPresent(secrets::add);
        return secrets;
    }

    private OpenResult prepare(SmtpSession session, RemoteMta remote, IpAddress source, ConnectionSecurity security) {
        Handshake handshake = new Handshake(remote, security);
        Optional<SmtpFailure> failure = startTls(session, source, handshake)
                .or(() -> security.login()
                        .flatMap(relay -> new RelayLogin(session, tools.log(), tools.credentials())
                                .authenticate(
                                        relay, deadline.atMost(tools.smtp().replyTimeout()), deadline)));
        if (failure.isEmpty()) {
            return new Ready(session);
        }
        session.close();
        return new OpenFailed(session.tls(), failure.get(), handshake.helloInDoubt);
    }

    private Optional<SmtpFailure> startTls(SmtpSession session, IpAddress source, Handshake handshake) {
        RemoteMta remote = handshake.remote;
        ConnectionSecurity security = handshake.security;
        if (security.startTls() == StartTls.DISABLED || security.implicit()) {
            return Optional.empty();
        }
        if (!session.extensions().startTls()) {
            events.tlsConcluded(
                    remote,
                    source,
                    Optional.of(new TlsFailure(Type.STARTTLS_NOT_SUPPORTED, "STARTTLS is not offered")));
            return security.isRequired()
                    ? Optional.of(unfit(
                            tools.policy()
                                    .statusIfUnauthenticated(remote)
                                    .orElse(EnhancedStatus.SECURITY_FEATURE_4_7_4),
                            "TLS is required and not offered"))
                    : Optional.empty();
        }
        StartTlsResult result = session.startTls(handshake::perform, deadline);
        if (!handshake.helloInDoubt) { // otherwise another handshake follows, and its result counts
            events.tlsConcluded(remote, source, handshake.failure.or(() -> tlsFailure(result)));
        }
        return result.fold(
                secured -> Optional.empty(),
                // The session continues in plaintext unless TLS is required.
                refused -> security.isRequired() ? Optional.of(refused(remote, refused.failure())) : Optional.empty(),
                lost -> handshake
                        .failure
                        .filter(failure -> security.isRequired())
                        .map(failure -> unfit(handshake.status, failure.detail()))
                        .or(() -> Optional.of(lost.failure())),
                helloFailed -> Optional.of(helloFailed.failure()));
    }

    /** RFC 8689 §4.2.1: a host that permanently refuses STARTTLS is unsuitable for a message that requires TLS. */
    private SmtpFailure refused(RemoteMta remote, SmtpFailure failure) {
        Optional<EnhancedStatus> status = tools.policy().statusIfUnauthenticated(remote);
        boolean forGood = failure.outcome() instanceof Outcome.Refused refused
                && refused.reply().isPermanentFailure();
        return forGood && status.isPresent()
                ? unfit(status.get(), failure.outcome().describe())
                : failure;
    }

    /** Returns the TLS failure outside the handshake. A server that refuses EHLO over TLS has no TLS failure. */
    private static Optional<TlsFailure> tlsFailure(StartTlsResult result) {
        return result.fold(
                secured -> Optional.empty(),
                refused -> Optional.of(tlsFailure(refused.failure())),
                lost -> Optional.of(tlsFailure(lost.failure())),
                helloFailed -> Optional.of(helloFailed.failure())
                        .filter(failure -> failure.outcome() instanceof Outcome.BadConnection)
                        .map(SessionOpener::tlsFailure));
    }

    private static TlsFailure tlsFailure(SmtpFailure failure) {
        boolean refused = failure.outcome() instanceof Outcome.Refused;
        return new TlsFailure(
                refused ? Type.STARTTLS_NOT_SUPPORTED : Type.VALIDATION_FAILURE,
                failure.stage() + ": " + failure.outcome().describe());
    }

    /** One handshake. Stores why it failed, because the session only reports a lost connection, and flaws that do not stop it. */
    private final class Handshake {

        private final RemoteMta remote;
        private final ConnectionSecurity security;
        private Optional<TlsFailure> failure = Optional.empty();
        private EnhancedStatus status = EnhancedStatus.CRYPTOGRAPHIC_FAILURE_4_7_5;
        private boolean helloInDoubt;

        Handshake(RemoteMta remote, ConnectionSecurity security) {
            this.remote = remote;
            this.security = security;
        }

        SecuredSocket perform(Socket plain, Deadline until) throws IOException {
            FlightSpan<Object> span = FlightEvents.tlsHandshake(remote);
            try {
                SecuredSocket secured = handshake(plain, until);
                span.end(secured.tls());
                return secured;
            } catch (IOException e) {
                span.end(e);
                throw e;
            }
        }

        private SecuredSocket handshake(Socket plain, Deadline until) throws IOException {
            boolean verified = remote.role() == RemoteMta.Role.RELAY
                    && security.protection().proof() instanceof PeerAuthentication.Certificate;
            TlsHandshakes.Groups groups = tools.hellos().groupsFor(remote);
            Deadline limit = until.atMost(tools.smtp().replyTimeout());
            Optional<SSLSocket> started = Optional.empty();
            try {
                SSLSocket secured = verified
                        ? tools.tls().layerVerified(plain, remote.host(), groups)
                        : tools.tls()
                                .layerUnverified(plain, security.protection().serverName(remote.host()), groups);
                started = Optional.of(secured);
                tools.watchdog()
                        .guard(
                                plain,
                                TlsHandshakes.isHelloLarge(secured) ? HybridGroupFailures.limit(limit) : limit,
                                "the server did not complete the TLS handshake",
                                secured::startHandshake);
                TlsHandshakes.Established reached = verified
                        ? TlsHandshakes.checkVerified(secured, remote.host())
                        : tools.tls().check(secured, remote.host(), security.protection());
                failure = reached.flaw();
                return new SecuredSocket(plain, secured, noted(reached.tls(), groups));
            } catch (TlsHandshakes.PeerNotAuthenticatedException e) {
                failure = Optional.of(e.failure());
                status = tools.policy()
                        .statusIfUnauthenticated(remote)
                        .filter(demanded -> !e.isForLackOfTrust())
                        .orElse(status);
                Watchdog.drop(plain);
                throw e;
            } catch (IOException e) {
                String why = "TLS handshake failed: " + HandshakeFailure.reason(e);
                failure = Optional.of(new TlsFailure(Type.VALIDATION_FAILURE, why));
                learn(started.isPresent() && TlsHandshakes.isWorthSmallerHello(started.get(), e), groups);
                Watchdog.drop(plain);
                throw new IOException(helloInDoubt ? why + " (hybrid groups were offered)" : why, e);
            }
        }

        private TlsSummary noted(TlsSummary tls, TlsHandshakes.Groups groups) {
            String note = "hybrid groups failed here, and were not offered";
            return groups == TlsHandshakes.Groups.ALL
                    ? tls
                    : new TlsSummary(
                            tls.level(), tls.handshake(), tls.detail().isEmpty() ? note : tls.detail() + "; " + note);
        }

        private void learn(boolean inDoubt, TlsHandshakes.Groups groups) {
            helloInDoubt = inDoubt;
            if (inDoubt) {
                tools.hellos().failed(remote);
            } else if (groups == TlsHandshakes.Groups.CLASSICAL) {
                tools.hellos().sizeWasNotTheCause(remote);
            }
        }
    }

    private static SmtpFailure unfit(EnhancedStatus status, String detail) {
        return new SmtpFailure(Stage.STARTTLS, new Outcome.HostUnsuitable(status, detail));
    }
}
