// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.URLName;
import jakarta.mail.event.ConnectionEvent;
import jakarta.mail.event.TransportEvent;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postroad.api.DeliveryReport;
import org.postroad.api.Domain;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Mailbox;
import org.postroad.provider.internal.config.ExecutorReader;
import org.postroad.provider.internal.config.Settings;
import org.postroad.provider.internal.deliver.MailObject;
import org.postroad.provider.internal.deliver.MessageForms;
import org.postroad.provider.internal.engine.Discovery;
import org.postroad.provider.internal.engine.Engine;
import org.postroad.provider.internal.engine.Manner;
import org.postroad.provider.internal.mail.Recipients;
import org.postroad.provider.internal.mail.Results;
import org.postroad.provider.internal.mail.Results.Kind;
import org.postroad.provider.internal.mail.Results.Result;
import org.postroad.provider.internal.mail.SmtpTypes;
import org.postroad.provider.internal.mail.SmtpTypes.Wishes;
import org.postroad.provider.internal.message.HeaderDefaults;
import org.postroad.provider.internal.message.MessageSpool;
import org.postroad.provider.internal.message.SpoolSettings;
import org.postroad.provider.internal.smtp.DialogueLog;
import org.postroad.provider.internal.smtp.Envelope;
import org.postroad.provider.internal.smtp.Envelope.Notify;

/**
 * Sends straight to the recipients' mail exchangers. There is nothing to connect to: {@code connect} does no IO and ignores host, port,
 * user and password, which frameworks make up; what is not accepted shows in {@code sendMessage}.
 *
 * <p>As with every {@link Transport}, one instance serves one thread at a time. What is worth keeping between sends is kept for all
 * Sessions with equal {@code mail.mx.*} settings; see {@link Postroad#close()}.
 */
public class MxTransport extends Transport {

    private static final Address[] NONE = {};
    private static final SecureRandom RANDOM = new SecureRandom();

    /** As Jakarta Mail makes it. No IO, throws nothing. */
    public MxTransport(Session session, URLName url) {
        super(session, url);
    }

    /** Marks this as connected, whatever the arguments are. */
    @Override
    public void connect(@Nullable String host, int port, @Nullable String user, @Nullable String password) {
        if (isConnected()) {
            throw new IllegalStateException("already connected");
        }
        setConnected(true);
        notifyConnectionListeners(ConnectionEvent.OPENED);
    }

    /**
     * Sends, and returns when it is decided what became of each recipient. An interrupt ends the send; who has not got the message by
     * then is deferred, or in doubt where it may have arrived, and the thread stays interrupted.
     *
     * @throws MxSendFailedException if not every recipient's mail was accepted
     * @throws SendFailedException if nothing could be sent: no recipients, no sender
     * @throws MessagingException if the message cannot be written or a property not be read; nothing was sent to anybody
     */
    @Override
    public void sendMessage(Message message, Address @Nullable [] addresses) throws MessagingException {
        if (!isConnected()) {
            throw new IllegalStateException("Not connected");
        }
        if (!(message instanceof MimeMessage mime)) {
            throw new MessagingException("The mx transport sends MimeMessage objects, not "
                    + message.getClass().getName());
        }
        Recipients recipients = Recipients.read(addresses == null ? NONE : addresses);
        Properties properties = session.getProperties();
        Engine engine = read(() -> Postroad.engine(properties));
        Settings.Sending sending = engine.settings().sending();
        Wishes wishes = SmtpTypes.visible().wishes(mime);
        Optional<Mailbox> sender = sender(mime, wishes, engine.settings());
        if (recipients.mailboxes().isEmpty()) {
            DeliveryReport nothing = new DeliveryReport(List.of());
            conclude(mime, Results.of(recipients, nothing), nothing, false);
            return;
        }
        Envelope envelope = envelope(sender, recipients.mailboxes(), wishes, sending);
        DeliveryReport report;
        try (Discovery implementations = read(() -> new Discovery(properties))) {
            boolean partial = wishes.partial().orElse(sending.partial());
            Optional<Executor> executor = read(() -> ExecutorReader.of(properties));
            Manner manner = new Manner(
                    self(engine.settings()), partial, log(), implementations.plugins(), executor, Manner.Retry.NONE);
            report = partial || recipients.areAllValid()
                    ? send(engine, envelope, mime, manner)
                    : engine.holdBack(envelope, "Held back: not every recipient's address is valid");
        }
        conclude(mime, Results.of(recipients, report), report, sending.reportSuccess());
    }

    private static Envelope envelope(
            Optional<Mailbox> sender, List<Mailbox> recipients, Wishes wishes, Settings.Sending sending) {
        Set<Notify> reports = wishes.reports().orElse(sending.reports());
        return new Envelope(
                sender,
                recipients.stream()
                        .map(mailbox -> new Envelope.Recipient(mailbox, reports, Optional.empty()))
                        .toList(),
                wishes.returned().or(sending::returned),
                sending.envelopeId());
    }

    /** What the settings say; where they cannot be read, nothing is sent. */
    private static <T> T read(Supplier<T> settings) throws MessagingException {
        try {
            return settings.get();
        } catch (IllegalArgumentException e) {
            throw new MessagingException(e.getMessage(), e);
        }
    }

    /** The message is written once, here, on the caller's thread, before anybody is contacted. */
    private DeliveryReport send(Engine engine, Envelope envelope, MimeMessage message, Manner manner)
            throws MessagingException {
        HeaderDefaults defaults = new HeaderDefaults(
                envelope.sender().map(Mailbox::domain).orElseGet(() -> new Domain(manner.self())),
                Clock.systemUTC(),
                RANDOM);
        try (MessageForms forms = new MessageForms(
                MessageSpool.write(out -> write(message, out), defaults, SpoolSettings.DEFAULTS),
                SpoolSettings.DEFAULTS)) {
            return engine.send(new MailObject(envelope, forms), manner);
        } catch (IllegalArgumentException e) {
            throw new MessagingException(e.getMessage(), e);
        } catch (IOException e) {
            throw new MessagingException("The message cannot be written: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MessagingException("The send was interrupted before anybody was contacted", e);
        }
    }

    private static void write(MimeMessage message, OutputStream out) throws IOException {
        try {
            message.writeTo(out);
        } catch (MessagingException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** What the message says, else {@code mail.mx.from}, else the From header; {@code <>} is the null sender. Nothing is guessed. */
    private static Optional<Mailbox> sender(MimeMessage message, Wishes wishes, Settings settings)
            throws MessagingException {
        Optional<String> configured = wishes.envelopeFrom().or(settings.identity()::from);
        if (configured.filter("<>"::equals).isPresent()) {
            return Optional.empty();
        }
        try {
            if (configured.isPresent()) {
                return Optional.of(Recipients.mailbox(configured.get()));
            }
            Address[] from = message.getFrom();
            if (from != null && from.length > 0 && from[0] instanceof InternetAddress internet) {
                return Optional.of(Recipients.mailbox(internet.getAddress()));
            }
        } catch (IllegalArgumentException e) {
            throw new SendFailedException("The sender cannot be used: " + e.getMessage(), e);
        }
        throw new SendFailedException("There is no sender: set mail.mx.from or the From header");
    }

    /** {@code mail.mx.localhost}, else the canonical name of this host if it is fully qualified. */
    private static HostName self(Settings settings) throws MessagingException {
        if (settings.identity().localHost().isPresent()) {
            return settings.identity().localHost().get();
        }
        try {
            String name = InetAddress.getLocalHost().getCanonicalHostName();
            HostName parsed = HostName.parse(name);
            if (name.indexOf('.') > 0 && IpAddress.tryParse(name).isEmpty()) {
                return parsed;
            }
        } catch (UnknownHostException | IllegalArgumentException e) {
            throw new MessagingException(
                    "This host has no usable name; set mail.mx.localhost to its fully qualified name", e);
        }
        throw new MessagingException(
                "This host has no fully qualified name; set mail.mx.localhost, such as mail.example.org");
    }

    private DialogueLog log() {
        if (!session.getDebug()) {
            return DialogueLog.NONE;
        }
        PrintStream out = session.getDebugOut();
        return new DialogueLog() {
            @Override
            public void client(String line) {
                out.println("mx> " + line);
            }

            @Override
            public void server(String line) {
                out.println("mx< " + line);
            }
        };
    }

    /** Exactly one event a send, and the exception where one is due. */
    private void conclude(MimeMessage message, Results results, DeliveryReport report, boolean reportSuccess)
            throws MxSendFailedException {
        List<Result> failures = results.failures();
        int type = failures.isEmpty()
                ? TransportEvent.MESSAGE_DELIVERED
                : failures.size() == results.all().size()
                        ? TransportEvent.MESSAGE_NOT_DELIVERED
                        : TransportEvent.MESSAGE_PARTIALLY_DELIVERED;
        notifyTransportListeners(
                type,
                results.addresses(Kind.VALID_SENT),
                results.addresses(Kind.VALID_UNSENT),
                results.addresses(Kind.INVALID),
                message);
        if (!failures.isEmpty() || reportSuccess) {
            throw new MxSendFailedException(results, reportSuccess ? results.all() : failures, report);
        }
    }

    /** Idempotent, throws nothing. */
    @Override
    public void close() {
        if (isConnected()) {
            setConnected(false);
            notifyConnectionListeners(ConnectionEvent.CLOSED);
        }
    }
}
