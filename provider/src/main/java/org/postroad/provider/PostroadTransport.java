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
import org.postroad.api.Mailbox;
import org.postroad.api.TlsDemand;
import org.postroad.provider.internal.config.ExecutorReader;
import org.postroad.provider.internal.config.Settings;
import org.postroad.provider.internal.config.Settings.Plugins;
import org.postroad.provider.internal.deliver.MailObject;
import org.postroad.provider.internal.deliver.MessageForms;
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
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.smtp.DialogueLog;
import org.postroad.provider.internal.smtp.Envelope;
import org.postroad.provider.internal.smtp.Envelope.Notify;

/** What the transports of Postroad have in common: who sends what to whom, and how the end is told. */
abstract class PostroadTransport extends Transport {

    private static final Address[] NONE = {};
    private static final SecureRandom RANDOM = new SecureRandom();

    PostroadTransport(Session session, URLName url) {
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

    @Override
    public void sendMessage(Message message, Address @Nullable [] addresses) throws MessagingException {
        if (!isConnected()) {
            throw new IllegalStateException("Not connected");
        }
        if (!(message instanceof MimeMessage mime)) {
            throw new MessagingException("The transports of Postroad send MimeMessage objects, not "
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
        Envelope envelope = envelope(mime, sender, recipients.mailboxes(), wishes, sending);
        boolean partial = wishes.partial().orElse(sending.partial());
        DeliveryReport report = partial || recipients.areAllValid()
                ? carry(new Outgoing(engine, envelope, mime, partial))
                : engine.holdBack(envelope, "Held back: not every recipient's address is valid");
        conclude(mime, Results.of(recipients, report), report, sending.reportSuccess());
    }

    /**
     * What is to be sent.
     *
     * @param partial whether some recipients may get it where others cannot
     */
    record Outgoing(Engine engine, Envelope envelope, MimeMessage message, boolean partial) {}

    /** Takes a message to where this transport takes messages; the report has every recipient of the envelope. */
    abstract DeliveryReport carry(Outgoing mail) throws MessagingException;

    private static Envelope envelope(
            MimeMessage message,
            Optional<Mailbox> sender,
            List<Mailbox> recipients,
            Wishes wishes,
            Settings.Sending sending)
            throws MessagingException {
        Set<Notify> reports = wishes.reports().orElse(sending.reports());
        return new Envelope(
                sender,
                recipients.stream()
                        .map(mailbox -> new Envelope.Recipient(mailbox, reports, Optional.empty()))
                        .toList(),
                wishes.returned().or(sending::returned),
                sending.envelopeId(),
                sending.requireTls() ? TlsDemand.REQUIRED : demand(message));
    }

    /** RFC 8689 §5. */
    private static TlsDemand demand(MimeMessage message) throws MessagingException {
        String value = message.getHeader("TLS-Required", ",");
        return value != null && value.strip().equalsIgnoreCase("no") ? TlsDemand.WAIVED : TlsDemand.NONE;
    }

    /** What the settings say; where they cannot be read, nothing is sent. */
    static <T> T read(Supplier<T> settings) throws MessagingException {
        try {
            return settings.get();
        } catch (IllegalArgumentException e) {
            throw new MessagingException(e.getMessage(), e);
        }
    }

    /** The message, written once, here, on the caller's thread; to be closed. */
    SpooledMessage spool(Outgoing mail, SpoolSettings settings) throws MessagingException {
        Optional<Mailbox> sender = mail.envelope().sender();
        Domain domain = sender.isPresent()
                ? sender.get().domain()
                : new Domain(OwnName.of(mail.engine().settings()));
        HeaderDefaults defaults = new HeaderDefaults(domain, Clock.systemUTC(), RANDOM);
        try {
            return MessageSpool.write(out -> write(mail.message(), out), defaults, settings);
        } catch (IOException e) {
            throw new MessagingException("The message cannot be written: " + e.getMessage(), e);
        }
    }

    /** How it is sent directly. */
    Manner manner(Outgoing mail, Plugins plugins) throws MessagingException {
        Optional<Executor> executor = read(() -> ExecutorReader.of(session.getProperties()));
        return new Manner(
                OwnName.of(mail.engine().settings()), mail.partial(), log(), plugins, executor, Manner.Retry.NONE);
    }

    /** Sends it directly. */
    static DeliveryReport send(Outgoing mail, MessageForms forms, Manner manner) throws MessagingException {
        try {
            return mail.engine().send(new MailObject(mail.envelope(), forms), manner);
        } catch (IllegalArgumentException e) {
            throw new MessagingException(e.getMessage(), e);
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
