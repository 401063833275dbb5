// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.security.sasl.SaslException;
import org.postroad.api.Credentials;
import org.postroad.api.Deadline;
import org.postroad.api.Outcome;
import org.postroad.api.Stage;
import org.postroad.api.TlsSummary;

/**
 * The blocking shell around the dialogues: one connection to one server. Every read and write ends by the deadline given, and by
 * the time-outs of the {@link SmtpSettings}; a server that drips octets outlasts neither.
 *
 * <p>Errors are values: a lost connection is an {@link Outcome} at the {@link Stage} where it was lost, and leaves the session
 * unusable.
 */
public final class SmtpSession implements AutoCloseable {

    private static final Duration QUIT_PATIENCE = Duration.ofSeconds(2);

    private final SmtpSettings settings;
    private final DialogueLog log;
    private final Wire wire;
    private final Shell shell;
    private TlsSummary tls;
    private Extensions extensions = Extensions.NONE;
    private boolean usable = true;
    private boolean resetNeeded;

    private SmtpSession(SecuredSocket connection, SmtpSettings settings, Watchdog watchdog, DialogueLog log) {
        this.wire = new Wire(connection, watchdog);
        this.shell = new Shell(wire, settings, log);
        this.tls = connection.tls();
        this.settings = settings;
        this.log = log;
    }

    /** Waits for the greeting and says EHLO. Where that fails, the socket is closed. */
    public static Opening open(
            SecuredSocket connection, SmtpSettings settings, Watchdog watchdog, DialogueLog log, Deadline deadline) {
        SmtpSession session = new SmtpSession(connection, settings, watchdog, log);
        Optional<SmtpFailure> failure = session.hello(HelloDialogue.fromGreeting(settings.self()), deadline);
        if (failure.isPresent()) {
            session.quit(); // a server that only said no gets its goodbye (RFC 5321 §3.1)
            return new Opening.NotOpened(failure.get());
        }
        return new Opening.Opened(session);
    }

    private Optional<SmtpFailure> hello(HelloDialogue hello, Deadline deadline) {
        run(hello, deadline);
        extensions = hello.extensions();
        return hello.failure();
    }

    /** STARTTLS, the handshake, and EHLO again (RFC 3207 §4.2). After a failure the session is of no use, unless the server only said no. */
    public Optional<SmtpFailure> startTls(TlsStarter starter, Deadline deadline) {
        CommandDialogue command = new CommandDialogue(Command.startTls());
        run(command, deadline);
        if (command.failure().isPresent()) {
            return command.failure();
        }
        try {
            SecuredSocket secured = starter.secure(wire.raw(), deadline);
            wire.secure(secured.socket());
            tls = secured.tls();
        } catch (IOException e) {
            usable = false;
            close();
            return Optional.of(new SmtpFailure(Stage.STARTTLS, new Outcome.BadConnection(Shell.detail(e))));
        }
        return hello(HelloDialogue.fromEhlo(settings.self()), deadline);
    }

    /**
     * AUTH.
     *
     * @throws IllegalStateException if the connection is not verified TLS: credentials go nowhere else (RELAY-04)
     */
    public Optional<SmtpFailure> authenticate(Credentials credentials, Deadline deadline) {
        if (tls.level() != TlsSummary.Level.VERIFIED) {
            throw new IllegalStateException("Credentials are only sent over verified TLS, this connection has " + tls);
        }
        Optional<AuthDialogue> auth;
        try {
            auth = AuthDialogue.with(credentials, extensions.authMechanisms());
        } catch (SaslException e) {
            return Optional.of(AuthDialogue.unfit(String.valueOf(e.getMessage())));
        }
        auth.ifPresent(dialogue -> run(dialogue, deadline));
        return auth.isPresent()
                ? auth.get().failure()
                : Optional.of(AuthDialogue.noMechanism(extensions.authMechanisms()));
    }

    /** One transaction. */
    public SendResult send(Envelope envelope, ContentChoice choice, RecipientGate gate, Deadline deadline) {
        TransactionDialogue.Manner manner = new TransactionDialogue.Manner(
                !gate.equals(RecipientGate.OPEN), settings.pipelining() && extensions.pipelining());
        TransactionDialogue transaction = new TransactionDialogue(envelope, extensions, choice, manner);
        if (resetNeeded) {
            CommandDialogue reset = new CommandDialogue(Command.rset());
            run(reset, deadline);
            usable &= reset.failure().isEmpty();
            resetNeeded = false;
        }
        if (usable) {
            usable = false; // for as long as it runs, and if the gate or the content throws
            usable = shell.run(transaction, gate, deadline);
        } else {
            transaction.lost("the connection is closed");
        }
        resetNeeded = transaction.isResetNeeded();
        return transaction.result();
    }

    /** What the server offers, after the last EHLO. */
    public Extensions extensions() {
        return extensions;
    }

    /** How the connection is protected. */
    public TlsSummary tls() {
        return tls;
    }

    /** Whether another transaction may be tried. */
    public boolean isUsable() {
        return usable;
    }

    /** Says QUIT, does not wait for its reply, and closes. */
    public void quit() {
        if (usable) {
            usable = false;
            byte[] quit = Command.octets(List.of(Command.quit()));
            Deadline soon = Deadline.after(QUIT_PATIENCE);
            try {
                log.client("QUIT");
                wire.write(quit, 0, quit.length, soon);
                wire.hangUp(soon);
            } catch (IOException e) {
                log.client("QUIT was not sent: " + Shell.detail(e));
            }
        }
        close();
    }

    /** Closes the connection; idempotent, from any thread. */
    @Override
    public void close() {
        wire.close();
    }

    private void run(SmtpDialogue dialogue, Deadline deadline) {
        if (usable) {
            usable = shell.run(dialogue, deadline);
        }
    }
}
