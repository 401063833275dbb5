// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import javax.security.sasl.SaslException;
import org.postroad.api.Credentials;
import org.postroad.api.Deadline;
import org.postroad.api.Outcome;
import org.postroad.api.Printable;
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

    /**
     * A server that spoke so lately has not grown tired of us. Some hang up after a few seconds; where we notice that too late, and
     * the message went along, nobody knows whether it arrived (TRY-05).
     */
    static final Duration SOUND = Duration.ofSeconds(5);

    private static final Duration QUIT_PATIENCE = Duration.ofSeconds(2);

    private final Wire wire;
    private final Optional<ConnectionName> name;
    private SmtpSettings settings;
    private DialogueLog log;
    private Shell shell;
    private TlsSummary tls;
    private Extensions extensions = Extensions.NONE;
    private boolean usable = true;
    private boolean resetNeeded;
    private int transactions;
    private Instant heardAt = Instant.MIN;

    private SmtpSession(SecuredSocket connection, SmtpSettings settings, Watchdog watchdog, DialogueLog log) {
        this.wire = new Wire(connection, watchdog);
        settings.secrets().forEach(wire.secrets()::add);
        this.shell = new Shell(wire, settings, log, false);
        this.tls = connection.tls();
        this.settings = settings;
        this.log = log;
        this.name = log.connection();
        if (tls.level() != TlsSummary.Level.NONE) {
            noteTls();
        }
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

    /**
     * STARTTLS, the handshake, and EHLO again (RFC 3207 §4.2). The session goes on after {@link StartTlsResult.Secured} and {@link
     * StartTlsResult.Refused} only.
     */
    public StartTlsResult startTls(TlsStarter starter, Deadline deadline) {
        CommandDialogue command = new CommandDialogue(Command.startTls());
        run(command, deadline);
        if (command.failure().isPresent()) {
            SmtpFailure failure = command.failure().get();
            return usable ? new StartTlsResult.Refused(failure) : new StartTlsResult.Lost(failure);
        }
        try {
            SecuredSocket secured = starter.secure(wire.raw(), deadline);
            wire.secure(secured.socket());
            tls = secured.tls();
            noteTls();
        } catch (IOException e) {
            usable = false;
            close();
            log.note(() -> Shell.detail(e));
            return new StartTlsResult.Lost(new SmtpFailure(Stage.STARTTLS, new Outcome.BadConnection(Shell.detail(e))));
        }
        return hello(HelloDialogue.fromEhlo(settings.self()), deadline)
                .<StartTlsResult>map(StartTlsResult.HelloFailed::new)
                .orElseGet(StartTlsResult.Secured::new);
    }

    private void noteTls() {
        String names = tls.handshake()
                .map(agreed -> ", certificate of " + String.join(", ", agreed.names()))
                .orElse("");
        log.note(() -> "TLS: " + tls + names);
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
            auth = AuthDialogue.with(credentials, extensions.authMechanisms(), wire.secrets(), deadline);
        } catch (SaslException e) {
            return Optional.of(AuthDialogue.unfit(Printable.describe(e)));
        }
        auth.ifPresent(dialogue -> run(dialogue, deadline));
        return auth.isPresent()
                ? auth.get().failure()
                : Optional.of(AuthDialogue.noMechanism(extensions.authMechanisms()));
    }

    /** One transaction, of a message that is nobody else's to send. */
    public SendResult send(Envelope envelope, ContentChoice choice, RecipientGate gate, Deadline deadline) {
        return send(envelope, choice, new Clearance(gate, Fence.NONE), deadline);
    }

    /** One transaction. */
    public SendResult send(Envelope envelope, ContentChoice choice, Clearance clearance, Deadline deadline) {
        TransactionDialogue transaction = new TransactionDialogue(
                envelope, extensions, choice, manner(clearance.isGated(), deadline.clock()), settings.repetition());
        Optional<String> noReset = reset(deadline);
        if (noReset.isPresent()) {
            transaction.lost(noReset.get());
        } else {
            usable = false; // for as long as it runs, and if the gate or the content throws
            transactions++;
            usable = shell.run(transaction, clearance, deadline);
            heardAt = deadline.clock().instant();
        }
        resetNeeded = transaction.isResetNeeded();
        return transaction.result();
    }

    /** RSET where it is needed. Returns why the session is of no further use, if so: a server that refuses RSET takes no MAIL either. */
    private Optional<String> reset(Deadline deadline) {
        if (!resetNeeded) {
            return usable ? Optional.empty() : Optional.of("the connection is closed");
        }
        resetNeeded = false;
        CommandDialogue reset = new CommandDialogue(Command.rset());
        run(reset, deadline);
        if (reset.failure().isPresent()) {
            quit();
        }
        return reset.failure().map(failure -> "RSET: " + failure.outcome().describe());
    }

    private TransactionDialogue.Manner manner(boolean gated, InstantSource clock) {
        // The first one after another could be one too many for the server; a message that went along with it might be
        // in doubt.
        boolean sound =
                transactions == 0 || (transactions > 1 && clock.instant().isBefore(heardAt.plus(SOUND)));
        return new TransactionDialogue.Manner(gated, isPipelined(), isChunked(), sound, transactions == 0);
    }

    /** Whether commands go without waiting for replies. */
    public boolean isPipelined() {
        return settings.pipelining() && extensions.pipelining();
    }

    /** Whether messages go by BDAT. */
    public boolean isChunked() {
        return settings.chunking() && extensions.chunking();
    }

    /** The number of transactions that the server takes on this connection: MAILMAX of LIMITS (RFC 9422), at least 1. */
    public long mostTransactions() {
        return Math.max(1, extensions.limit("MAILMAX").orElse(Long.MAX_VALUE));
    }

    /** The number of transactions begun on this connection. */
    public int transactions() {
        return transactions;
    }

    /** Goes on in another send, for as long as it lasts. */
    public void passTo(SmtpSettings settingsThere, Watchdog watchdog, DialogueLog logThere) {
        settings = settingsThere;
        log = name.map(logThere::of).orElse(logThere);
        log.note(() -> "kept connection, used again; messages so far: " + transactions);
        wire.passTo(watchdog);
        shell = new Shell(wire, settings, log, true);
    }

    /** Belongs to no send until it is passed to the next: what the last one brought along is let go. */
    public void rest() {
        log.note(() -> "kept for the next message");
        log = DialogueLog.NONE;
        wire.rest();
        shell = new Shell(wire, settings, log, true);
    }

    /** Whether the server has replied, with anything but 421, since the connection was opened or {@link #passTo} was called. */
    public boolean wasAnswered() {
        return shell.wasAnswered();
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
