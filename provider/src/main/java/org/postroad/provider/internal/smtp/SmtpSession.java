// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.postroad.api.Credentials;
import org.postroad.api.Deadline;
import org.postroad.api.Mailbox;
import org.postroad.api.Outcome;
import org.postroad.api.Printable;
import org.postroad.api.Reply;
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

    private static final int READ_BUFFER = 8192;
    private static final int WRITE_BUFFER = 16_384;
    private static final Duration QUIT_PATIENCE = Duration.ofSeconds(2);

    private final SmtpSettings settings;
    private final Watchdog watchdog;
    private final DialogueLog log;
    private ReplyParser parser = new ReplyParser();
    private ByteBuffer unread = ByteBuffer.allocate(0);
    private Socket socket;
    private TlsSummary tls;
    private Extensions extensions = Extensions.NONE;
    private boolean usable = true;
    private boolean resetNeeded;

    private SmtpSession(SecuredSocket connection, SmtpSettings settings, Watchdog watchdog, DialogueLog log) {
        this.socket = connection.socket();
        this.tls = connection.tls();
        this.settings = settings;
        this.watchdog = watchdog;
        this.log = log;
    }

    /** Waits for the greeting and says EHLO. Where that fails, the socket is closed. */
    public static Opening open(
            SecuredSocket connection, SmtpSettings settings, Watchdog watchdog, DialogueLog log, Deadline deadline) {
        SmtpSession session = new SmtpSession(connection, settings, watchdog, log);
        Optional<SmtpFailure> failure = session.hello(HelloDialogue.fromGreeting(settings.self()), deadline);
        if (failure.isPresent()) {
            session.close();
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
            SecuredSocket secured = starter.secure(socket, deadline);
            socket = secured.socket();
            tls = secured.tls();
        } catch (IOException e) {
            usable = false;
            return Optional.of(new SmtpFailure(Stage.STARTTLS, new Outcome.BadConnection(detail(e))));
        }
        // What came before the handshake could be anybody's.
        parser = new ReplyParser();
        unread = ByteBuffer.allocate(0);
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
        Optional<AuthDialogue> auth = AuthDialogue.with(credentials, extensions.authMechanisms());
        auth.ifPresent(dialogue -> run(dialogue, deadline));
        return auth.isPresent()
                ? auth.get().failure()
                : Optional.of(AuthDialogue.noMechanism(extensions.authMechanisms()));
    }

    /** One transaction. */
    public SendResult send(Envelope envelope, ContentChoice choice, RecipientGate gate, Deadline deadline) {
        TransactionDialogue transaction = new TransactionDialogue(envelope, extensions, choice);
        if (resetNeeded) {
            CommandDialogue reset = new CommandDialogue(Command.rset());
            run(reset, deadline);
            reset.failure().ifPresent(failure -> {
                usable = false;
                transaction.lost("RSET failed: " + failure.outcome().describe());
            });
            resetNeeded = false;
        }
        if (usable) {
            run(transaction, gate, deadline);
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
            try {
                write(List.of(Command.quit()), Deadline.after(QUIT_PATIENCE));
            } catch (IOException e) {
                log.client("QUIT was not sent: " + detail(e));
            }
        }
        close();
    }

    /** Closes the connection; idempotent, from any thread. */
    @Override
    public void close() {
        closeQuietly(socket);
    }

    static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            System.getLogger(SmtpSession.class.getName())
                    .log(System.Logger.Level.DEBUG, "Closing a connection failed", e);
        }
    }

    private void run(SmtpDialogue dialogue, Deadline deadline) {
        run(dialogue, new Shell(dialogue, deadline));
    }

    private void run(TransactionDialogue transaction, RecipientGate gate, Deadline deadline) {
        run(transaction, new Shell(transaction, deadline) {
            @Override
            public void askGate(List<Mailbox> accepted) {
                transaction.gateSaid(gate.proceed(accepted));
            }

            @Override
            public void sendContent(MessageContent content) throws IOException {
                write(content, deadline);
                transaction.contentSent();
            }
        });
    }

    private void run(SmtpDialogue dialogue, SmtpDialogue.Performer shell) {
        try {
            while (usable && !(dialogue.next() instanceof SmtpDialogue.Done)) {
                dialogue.next().perform(shell);
                usable = !dialogue.isBroken();
            }
        } catch (IOException e) {
            usable = false;
            dialogue.lost(detail(e));
        }
        if (!usable) {
            close();
        }
    }

    /** Does the steps that every dialogue has. */
    private class Shell implements SmtpDialogue.Performer {

        private final SmtpDialogue dialogue;
        private final Deadline deadline;

        Shell(SmtpDialogue dialogue, Deadline deadline) {
            this.dialogue = dialogue;
            this.deadline = deadline;
        }

        @Override
        public void send(List<Command> flight) throws IOException {
            write(flight, deadline);
            for (int i = 0; i < flight.size() && !dialogue.isBroken(); i++) {
                dialogue.reply(read(settings.replyTimeout(), deadline));
            }
        }

        @Override
        public void await(Stage stage) throws IOException {
            Duration patience = stage == Stage.END_OF_DATA ? settings.finalReplyTimeout() : settings.replyTimeout();
            dialogue.reply(read(patience, deadline));
        }

        @Override
        public void askGate(List<Mailbox> accepted) {
            throw new IllegalStateException("This dialogue has no gate");
        }

        @Override
        public void sendContent(MessageContent content) throws IOException {
            throw new IllegalStateException("This dialogue has no content");
        }
    }

    /** A reply that nobody asked for must not pass for the answer to what is said next. */
    private void refuseUnsolicitedReply() throws IOException {
        if (unread.hasRemaining()
                || parser.isWithinReply()
                || socket.getInputStream().available() > 0) {
            throw new BadReplyException("the server said something that nobody asked for");
        }
    }

    private void write(List<Command> flight, Deadline deadline) throws IOException {
        refuseUnsolicitedReply();
        flight.forEach(command -> log.client(Printable.clean(command.shown())));
        byte[] octets = Command.octets(flight);
        guarded(deadline, () -> socket.getOutputStream().write(octets));
    }

    private void write(MessageContent content, Deadline deadline) throws IOException {
        refuseUnsolicitedReply();
        OutputStream guarded = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] octets, int offset, int length) throws IOException {
                for (int done = 0; done < length; done += WRITE_BUFFER) {
                    int from = offset + done;
                    int count = Math.min(WRITE_BUFFER, length - done);
                    guarded(deadline, () -> socket.getOutputStream().write(octets, from, count));
                }
            }
        };
        log.client("(message of " + content.size() + " octets)");
        BufferedOutputStream buffered = new BufferedOutputStream(guarded, WRITE_BUFFER);
        DotStuffing wire = new DotStuffing(buffered, content.size());
        content.writeTo(wire);
        wire.end();
        buffered.flush();
    }

    private void guarded(Deadline deadline, Watchdog.Write write) throws IOException {
        Deadline limit = deadline.orAfter(settings.writeTimeout());
        if (limit.hasPassed()) {
            throw new SocketTimeoutException("the time for this delivery is over");
        }
        watchdog.guard(socket, limit.remaining(), write);
    }

    private Reply read(Duration patience, Deadline deadline) throws IOException {
        Deadline limit = deadline.orAfter(patience);
        while (true) {
            Optional<Reply> reply = parser.feed(unread);
            if (reply.isPresent()) {
                log.server(reply.get().toString());
                return reply.get();
            }
            unread = ByteBuffer.wrap(readSome(limit));
        }
    }

    private byte[] readSome(Deadline limit) throws IOException {
        if (limit.hasPassed()) {
            throw new SocketTimeoutException("the server did not reply in time");
        }
        socket.setSoTimeout(limit.remainingMillis());
        byte[] buffer = new byte[READ_BUFFER];
        int count = socket.getInputStream().read(buffer);
        if (count < 0) {
            throw new EOFException(
                    parser.isWithinReply()
                            ? "the server closed the connection within a reply"
                            : "the server closed the connection");
        }
        return Arrays.copyOf(buffer, count);
    }

    private static String detail(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
