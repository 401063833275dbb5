// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.security.sasl.SaslException;
import org.postroad.api.Credentials;
import org.postroad.api.Deadline;
import org.postroad.api.Outcome;
import org.postroad.api.Printable;
import org.postroad.api.Stage;
import org.postroad.api.TlsSummary;
import org.postroad.provider.internal.envelope.Envelope;

/**
 * Blocking client session: one connection to one server. Every read and write is limited by the given deadline and by the time-outs of the
 * {@link SmtpSettings}, even if a server sends single octets slowly.
 *
 * <p>Errors are values: a lost connection is an {@link Outcome} at the {@link Stage} where it was lost, and makes the
 * session unusable.
 *
 * <p>Not thread-safe, except for {@link #close}.
 */
public final class SmtpSession implements AutoCloseable {

    /**
     * A server heard from this recently is assumed to be still connected. Some servers close an idle connection after a few seconds. If
     * this is noticed too late and the message was sent along with its commands, it is unknown whether it arrived (TRY-05).
     */
    static final Duration RECENTLY_HEARD = Duration.ofSeconds(5);

    private static final Duration QUIT_TIMEOUT = Duration.ofSeconds(2);

    private final SmtpConnection connection;
    private final Optional<ConnectionName> name;
    private SmtpSettings settings;
    private DialogueLog log;
    private StageTimes times;
    private DialogueRunner runner;
    private TlsSummary tls;
    private Extensions extensions = Extensions.NONE;
    private boolean usable = true;
    private boolean resetNeeded;
    private int transactions;
    private Instant heardAt = Instant.MIN;

    private SmtpSession(
            SecuredSocket socket, SmtpSettings settings, Watchdog watchdog, DialogueLog log, StageTimes times) {
        this.connection = new SmtpConnection(socket, watchdog);
        settings.secrets().forEach(connection.secrets()::add);
        this.times = times;
        this.runner = new DialogueRunner(connection, settings, log, times, false);
        this.tls = socket.tls();
        this.settings = settings;
        this.log = log;
        this.name = log.connection();
        if (tls.level() != TlsSummary.Level.NONE) {
            noteTls();
        }
    }

    /** Result of opening a session. */
    public sealed interface Opening {

        /** Returns the result of the function that matches this type. */
        default <R> R fold(Function<Opened, R> ifOpened, Function<NotOpened, R> ifNotOpened) {
            return this instanceof Opened opened ? ifOpened.apply(opened) : ifNotOpened.apply((NotOpened) this);
        }
    }

    /** The server accepted EHLO or HELO. The caller must close the session. */
    public record Opened(SmtpSession session) implements Opening {}

    /** Opening failed. The socket is closed. */
    public record NotOpened(SmtpFailure failure) implements Opening {}

    /**
     * Performs the TLS handshake after the server accepted STARTTLS. Implemented outside this package, which does not depend on the TLS
     * package.
     */
    @FunctionalInterface
    public interface TlsStarter {

        /**
         * Performs the handshake over the connection.
         *
         * @throws IOException if the handshake fails or takes too long; the connection is then unusable
         */
        SecuredSocket secure(Socket plain, Deadline deadline) throws IOException;
    }

    /**
     * Waits for the greeting and sends EHLO. Closes the socket on failure.
     *
     * @param times receives the end of each stage
     */
    public static Opening open(
            SecuredSocket socket,
            SmtpSettings settings,
            Watchdog watchdog,
            DialogueLog log,
            StageTimes times,
            Deadline deadline) {
        SmtpSession session = new SmtpSession(socket, settings, watchdog, log, times);
        Optional<SmtpFailure> failure = session.hello(HelloDialogue.fromGreeting(settings.self()), deadline);
        if (failure.isPresent()) {
            session.quit(); // a server that merely refused still gets QUIT (RFC 5321 §3.1)
            return new NotOpened(failure.get());
        }
        return new Opened(session);
    }

    private Optional<SmtpFailure> hello(HelloDialogue hello, Deadline deadline) {
        run(hello, deadline);
        extensions = hello.extensions();
        return hello.failure();
    }

    /**
     * Performs STARTTLS, the handshake, and EHLO again (RFC 3207 §4.2). The session is usable only after {@link StartTlsResult.Secured} and
     * {@link StartTlsResult.Refused}.
     */
    public StartTlsResult startTls(TlsStarter starter, Deadline deadline) {
        CommandDialogue command = new CommandDialogue(Command.startTls());
        run(command, deadline);
        if (command.failure().isPresent()) {
            SmtpFailure failure = command.failure().get();
            return usable ? new StartTlsResult.Refused(failure) : new StartTlsResult.Lost(failure);
        }
        try {
            SecuredSocket secured = starter.secure(connection.raw(), deadline);
            times.ended(Stage.STARTTLS);
            connection.secure(secured.socket());
            tls = secured.tls();
            noteTls();
        } catch (IOException e) {
            times.ended(Stage.STARTTLS);
            usable = false;
            close();
            log.note(() -> Printable.describe(e));
            return new StartTlsResult.Lost(
                    new SmtpFailure(Stage.STARTTLS, new Outcome.BadConnection(Printable.describe(e))));
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
     * Performs AUTH.
     *
     * @return the failure; empty after success
     * @throws IllegalStateException if the connection is not verified TLS, the only kind over which credentials are sent (RELAY-04)
     */
    public Optional<SmtpFailure> authenticate(Credentials credentials, Deadline deadline) {
        if (tls.level() != TlsSummary.Level.VERIFIED) {
            throw new IllegalStateException("Credentials are only sent over verified TLS, this connection has " + tls);
        }
        Optional<AuthDialogue> auth;
        try {
            auth = AuthDialogue.with(credentials, extensions.authMechanisms(), connection.secrets(), deadline);
        } catch (SaslException e) {
            return Optional.of(AuthDialogue.ownFailure(Printable.describe(e)));
        }
        auth.ifPresent(dialogue -> run(dialogue, deadline));
        return auth.isPresent()
                ? auth.get().failure()
                : Optional.of(AuthDialogue.noMechanism(extensions.authMechanisms()));
    }

    /** Performs one transaction of a message that no other process can own. */
    public TransactionResult send(Envelope envelope, ContentChoice choice, DataGate gate, Deadline deadline) {
        return send(envelope, choice, new ContentConditions(gate, Fence.NONE), deadline);
    }

    /** Performs one transaction. */
    public TransactionResult send(
            Envelope envelope, ContentChoice choice, ContentConditions conditions, Deadline deadline) {
        TransactionDialogue transaction = new TransactionDialogue(
                envelope, extensions, choice, mode(conditions.isGated(), deadline.clock()), settings.repetition());
        Optional<String> noReset = reset(deadline);
        if (noReset.isPresent()) {
            transaction.lost(noReset.get());
        } else {
            usable = false; // while it runs, and if the gate or the content throws
            transactions++;
            usable = runner.run(transaction, conditions, deadline);
            heardAt = deadline.clock().instant();
        }
        resetNeeded = transaction.isResetNeeded();
        return transaction.result();
    }

    /**
     * Offers the sender and the recipients, one command after the other, and stops before any content. The recipients that the server
     * accepted are the withdrawn ones of the result.
     */
    public TransactionResult probe(Envelope envelope, Deadline deadline) {
        TransactionDialogue transaction = new TransactionDialogue(
                envelope,
                extensions,
                ContentChoice.only(MessageContent.EMPTY),
                new TransactionDialogue.TransactionMode(true, false, false, false, transactions == 0),
                settings.repetition());
        Optional<String> noReset = reset(deadline);
        if (noReset.isPresent()) {
            transaction.lost(noReset.get());
        } else {
            transactions++;
            resetNeeded = true;
            usable = runner.probe(transaction, deadline);
        }
        return transaction.result();
    }

    /**
     * Sends RSET if needed.
     *
     * @return why the session is not usable any more; empty if it is. A server that refuses RSET would also refuse MAIL
     */
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

    private TransactionDialogue.TransactionMode mode(boolean gated, InstantSource clock) {
        // The second transaction may be one more than the server allows on a connection, and a message sent along with
        // its commands might then be in doubt.
        boolean sendsMessageAlong =
                transactions == 0 || (transactions > 1 && clock.instant().isBefore(heardAt.plus(RECENTLY_HEARD)));
        return new TransactionDialogue.TransactionMode(
                gated, isPipelined(), isChunked(), sendsMessageAlong, transactions == 0);
    }

    /** Returns whether commands are sent without waiting for replies. */
    public boolean isPipelined() {
        return settings.pipelining() && extensions.pipelining();
    }

    /** Returns whether messages are sent with BDAT. */
    public boolean isChunked() {
        return settings.chunking() && extensions.chunking();
    }

    /** Returns the number of transactions that the server allows on this connection (MAILMAX of LIMITS, RFC 9422), at least 1. */
    public long mostTransactions() {
        return Math.max(1, extensions.limit("MAILMAX").orElse(Long.MAX_VALUE));
    }

    /**
     * Returns the name of the connection.
     *
     * @throws IllegalStateException if the session was opened without one
     */
    public ConnectionName name() {
        return name.orElseThrow(() -> new IllegalStateException("The connection has no name"));
    }

    /** Returns the number of transactions begun on this connection. */
    public int transactions() {
        return transactions;
    }

    /** Attaches a pooled session to another send, whose times begin now. */
    public void checkOut(SmtpSettings newSettings, Watchdog watchdog, DialogueLog newLog, StageTimes newTimes) {
        settings = newSettings;
        times = newTimes;
        log = name.map(newLog::of).orElse(newLog);
        log.note(() -> "kept connection, used again; messages so far: " + transactions);
        connection.checkOut(watchdog);
        runner = new DialogueRunner(connection, settings, log, times, true);
    }

    /** Detaches the session from its send before pooling; drops that send's log and watchdog. */
    public void checkIn() {
        log.note(() -> "kept for the next message");
        log = DialogueLog.NONE;
        connection.checkIn();
        runner = new DialogueRunner(connection, settings, log, times, true);
    }

    /** Returns whether the server has replied, with anything but 421, since the connection was opened or {@link #checkOut} was called. */
    public boolean wasAnswered() {
        return runner.wasAnswered();
    }

    /** Returns the extensions that the server offered in reply to the last EHLO. */
    public Extensions extensions() {
        return extensions;
    }

    /** Returns how the connection is protected. */
    public TlsSummary tls() {
        return tls;
    }

    /** Returns whether another transaction can be tried. */
    public boolean isUsable() {
        return usable;
    }

    /** Sends QUIT, does not wait for the reply, and closes the connection. */
    public void quit() {
        if (usable) {
            usable = false;
            byte[] quit = Command.octets(List.of(Command.quit()));
            Deadline soon = Deadline.after(QUIT_TIMEOUT);
            try {
                log.client("QUIT");
                connection.write(quit, 0, quit.length, soon);
                connection.closeGracefully(soon);
            } catch (IOException e) {
                log.client("QUIT was not sent: " + Printable.describe(e));
            }
        }
        close();
    }

    /** Closes the connection. Idempotent; may be called by any thread. */
    @Override
    public void close() {
        connection.close();
    }

    private void run(SmtpDialogue dialogue, Deadline deadline) {
        if (usable) {
            usable = runner.run(dialogue, deadline);
        }
    }
}
