// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.URLName;
import jakarta.mail.event.ConnectionEvent;
import jakarta.mail.event.TransportEvent;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.postroad.api.DeliveryReport;
import org.postroad.api.Domain;
import org.postroad.api.MailContext;
import org.postroad.api.Mailbox;
import org.postroad.api.MessageWarning;
import org.postroad.api.Printable;
import org.postroad.api.TlsDemand;
import org.postroad.provider.internal.config.ExecutorReader;
import org.postroad.provider.internal.config.Settings;
import org.postroad.provider.internal.config.Settings.Plugins;
import org.postroad.provider.internal.config.SettingsException;
import org.postroad.provider.internal.deliver.MailObject;
import org.postroad.provider.internal.deliver.MessageForms;
import org.postroad.provider.internal.engine.Engine;
import org.postroad.provider.internal.engine.PluginDiscovery;
import org.postroad.provider.internal.engine.SendOptions;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.envelope.MessageId;
import org.postroad.provider.internal.envelope.Notify;
import org.postroad.provider.internal.jakarta.AvailableTypes;
import org.postroad.provider.internal.jakarta.BadSenderException;
import org.postroad.provider.internal.jakarta.DebugOutput;
import org.postroad.provider.internal.jakarta.ExplainedException;
import org.postroad.provider.internal.jakarta.FailureText;
import org.postroad.provider.internal.jakarta.HeaderWarnings;
import org.postroad.provider.internal.jakarta.MessageOptions;
import org.postroad.provider.internal.jakarta.Recipients;
import org.postroad.provider.internal.jakarta.Results;
import org.postroad.provider.internal.jakarta.Results.AddressResult;
import org.postroad.provider.internal.jakarta.Results.ResultKind;
import org.postroad.provider.internal.jakarta.UnsentReports;
import org.postroad.provider.internal.message.HeaderDefaults;
import org.postroad.provider.internal.message.MessageSpool;
import org.postroad.provider.internal.message.SpoolSettings;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.message.UnsendableMessageException;
import org.postroad.provider.internal.smtp.DialogueLog;

/** Common base of both transports: builds the envelope and reports the result as events and exceptions. */
abstract class PostroadTransport extends Transport {

    private static final Address[] NONE = {};
    private static final System.Logger LOGGER = System.getLogger(PostroadTransport.class.getName());

    /** The original URL. The URLName that Jakarta Mail keeps has the user of the operating system if none is given. */
    private final @Nullable URLName givenUrl;

    /** Result of the last {@code sendMessage}; null if it threw an exception. */
    private @Nullable SendResult result;

    PostroadTransport(Session session, @Nullable URLName url) {
        super(session, url);
        this.givenUrl = url;
    }

    /**
     * Checks the settings and marks this transport as connected, without network IO to mail servers. The arguments have no effect; if they
     * name a server, a warning says so.
     *
     * @param host ignored
     * @param port ignored
     * @param user ignored
     * @param password ignored, and not logged
     * @throws MessagingException if every send would fail, whatever its message; the message says why and what to do
     * @throws IllegalStateException if this transport is connected already
     */
    @Override
    public void connect(@Nullable String host, int port, @Nullable String user, @Nullable String password)
            throws MessagingException {
        if (isConnected()) {
            throw new IllegalStateException("already connected");
        }
        Properties properties = Engines.properties(session);
        Engines.asMessagingException(() -> {
            Engine engine = Engines.engine(properties);
            check(engine, properties);
            int usualPort = engine.settings().routes().port();
            UnusedServer.warning(properties, usualPort, givenUrl, host, port, user, password)
                    .ifPresent(warning -> OncePerSession.warn(LOGGER, session, UnusedServer.class.getName(), warning));
        });
        setConnected(true);
        notifyConnectionListeners(ConnectionEvent.OPENED);
    }

    @Override
    public void sendMessage(Message message, Address @Nullable [] addresses) throws MessagingException {
        result = null;
        if (!isConnected()) {
            throw new IllegalStateException("Not connected");
        }
        Engines.asMessagingException(() -> sendGuarded(message, addresses));
    }

    /**
     * Returns the result of the last {@code sendMessage}.
     *
     * @throws MessagingException if there is none, because a subclass replaced that method
     */
    SendResult result() throws MessagingException {
        if (result == null) {
            throw new MessagingException(
                    getClass().getName() + " did not call sendMessage of its superclass, so there is no result;"
                            + " whether the message was sent is unknown");
        }
        return result;
    }

    private void sendGuarded(Message message, Address @Nullable [] addresses) throws MessagingException {
        if (!(message instanceof MimeMessage mime)) {
            throw new MessagingException("The transports of Postroad send MimeMessage objects, not "
                    + message.getClass().getName());
        }
        Recipients recipients = Recipients.read(addresses == null ? NONE : addresses);
        Properties properties = Engines.properties(session);
        Engine engine = Engines.engine(properties);
        Settings.Sending sending = engine.settings().sending();
        MessageOptions options = AvailableTypes.smtp().options(mime);
        options.ignored().forEach(option -> OncePerSession.warn(LOGGER, session, "An SMTPMessage has " + option));
        List<MessageWarning> warnings = new ArrayList<>();
        SendResult sent;
        try {
            Optional<Mailbox> sender = sender(mime, options, engine.settings());
            boolean partial = options.partial().orElse(sending.partial());
            if (recipients.mailboxes().isEmpty()) {
                sent = new SendResult(new DeliveryReport(List.of()));
            } else if (partial || recipients.areAllValid()) {
                Envelope envelope = envelope(mime, sender, recipients.mailboxes(), options, sending);
                sent = dispatch(new OutgoingMail(engine, properties, envelope, mime, partial, warnings));
            } else {
                sent = new SendResult(UnsentReports.becauseOfInvalidRecipients(recipients.mailboxes()));
            }
        } catch (BadSenderException e) {
            sent = new SendResult(UnsentReports.becauseOfTheSender(recipients.mailboxes(), e.reason()));
        } catch (UnsendableException e) {
            sent = new SendResult(UnsentReports.becauseOfTheMessage(recipients.mailboxes(), e.reason));
        }
        sent = sent.withReport(
                sent.report().withInvalidRecipients(recipients.invalid()).withWarnings(warnings));
        reportResult(mime, recipients, sent, sending.reportSuccess());
        result = sent;
    }

    /** Thrown if the message has octets that SMTP cannot transfer. No server was contacted. */
    static final class UnsendableException extends MessagingException {

        private static final long serialVersionUID = 1;

        private final String reason;

        UnsendableException(UnsendableMessageException cause) {
            super(cause.reason(), cause);
            this.reason = cause.reason();
        }
    }

    /**
     * A message to be sent.
     *
     * @param properties of the Session
     * @param partial whether some recipients may get the message if others cannot
     * @param warnings collects the warnings about the message for the report
     */
    record OutgoingMail(
            Engine engine,
            Properties properties,
            Envelope envelope,
            MimeMessage message,
            boolean partial,
            List<MessageWarning> warnings) {

        /** {@return the same message for some of the recipients} */
        OutgoingMail only(List<Mailbox> recipients) {
            return new OutgoingMail(engine, properties, envelope.only(recipients), message, partial, warnings);
        }
    }

    /** Sends or stores a message. The report of the result has every recipient of the envelope. */
    abstract SendResult dispatch(OutgoingMail mail) throws MessagingException;

    /** {@return what a deferred recipient means with this transport, for the text of the exception} */
    abstract String deferralHint();

    private static Envelope envelope(
            MimeMessage message,
            Optional<Mailbox> sender,
            List<Mailbox> recipients,
            MessageOptions options,
            Settings.Sending sending)
            throws MessagingException {
        Set<Notify> reports = options.notifyOn().orElse(sending.notifyOn());
        return new Envelope(
                sender,
                recipients.stream()
                        .map(mailbox -> new Envelope.Recipient(mailbox, reports, Optional.empty()))
                        .toList(),
                options.returned().or(sending::returned),
                options.envelopeId().or(sending::envelopeId),
                // RFC 8689 §4.1: REQUIRETLS overrides the header TLS-Required
                sending.requireTls() || options.requireTls() ? TlsDemand.REQUIRED : demand(message));
    }

    /** Reads the header TLS-Required (RFC 8689 §5). */
    private static TlsDemand demand(MimeMessage message) throws MessagingException {
        String value = message.getHeader("TLS-Required", ",");
        return value != null && value.strip().equalsIgnoreCase("no") ? TlsDemand.WAIVED : TlsDemand.NONE;
    }

    /**
     * Checks what does not depend on a message: that the settings can be read and what they need is available.
     *
     * @throws MessagingException if this host has no usable name
     */
    void check(Engine engine, Properties properties) throws MessagingException {
        OwnName.of(engine.settings());
        ExecutorReader.of(properties);
        Plugins given = Settings.plugins(properties);
        try {
            engine.check(given);
        } catch (LinkageError ofBuiltIn) {
            try (PluginDiscovery implementations = new PluginDiscovery(properties)) {
                engine.check(implementations.plugins()); // a CDI bean or a service may replace it
            }
        }
    }

    /** Writes the message once, on the calling thread. The caller closes the result. */
    SpooledMessage spool(OutgoingMail mail, SpoolSettings settings) throws MessagingException {
        Optional<Mailbox> sender = mail.envelope().sender();
        Domain domain = sender.isPresent()
                ? sender.get().domain()
                : new Domain(OwnName.of(mail.engine().settings()));
        HeaderDefaults defaults = new HeaderDefaults(domain, Clock.systemUTC(), new SecureRandom());
        try {
            return withWarnings(MessageSpool.write(out -> write(mail.message(), out), defaults, settings), mail);
        } catch (UnsendableMessageException e) {
            throw new UnsendableException(e);
        } catch (IOException e) {
            throw new ExplainedException("The message cannot be written: " + e.getMessage(), e);
        }
    }

    /** Adds the warnings about the message. Reads its header only now, because writing it creates the Message-ID. */
    private static SpooledMessage withWarnings(SpooledMessage spooled, OutgoingMail mail)
            throws MessagingException, IOException {
        boolean read = false;
        try {
            mail.warnings().addAll(HeaderWarnings.of(mail.message()));
            mail.warnings().addAll(spooled.warnings());
            read = true;
            return spooled;
        } finally {
            if (!read) {
                spooled.close();
            }
        }
    }

    /** {@return the options of a direct send} */
    SendOptions sendOptions(OutgoingMail mail, Plugins plugins, SendOptions.Retry retry) throws MessagingException {
        Optional<Executor> executor = Engines.read(() -> ExecutorReader.of(mail.properties()));
        return new SendOptions(
                OwnName.of(mail.engine().settings()),
                mail.partial(),
                DebugOutput.of(session),
                plugins,
                executor,
                retry);
    }

    /**
     * Sends a message directly.
     *
     * @param messageId of the message as it is sent
     */
    static DeliveryReport send(
            OutgoingMail mail, MessageForms forms, Optional<MessageId> messageId, SendOptions options)
            throws MessagingException {
        MailContext context =
                MailContext.direct(mail.envelope().sender(), mail.envelope().id(), messageId.map(MessageId::text));
        try {
            DeliveryReport report = mail.engine().send(new MailObject(mail.envelope(), forms, context), options);
            report.domains()
                    .forEach(domain -> mail.engine().settings().sending().log().direct(domain, context));
            return report;
        } catch (SettingsException e) {
            throw new ExplainedException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MessagingException("The send was interrupted before a server was contacted", e);
        }
    }

    private static void write(MimeMessage message, OutputStream out) throws IOException {
        try {
            message.writeTo(out);
        } catch (MessagingException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * Returns the reverse-path: of the message itself, else {@code mail.mx.from}, else the From header. There is no default.
     *
     * @return empty for the null sender, {@code <>}
     */
    private static Optional<Mailbox> sender(MimeMessage message, MessageOptions options, Settings settings)
            throws MessagingException, BadSenderException {
        Optional<String> configured = options.envelopeFrom().or(settings.identity()::from);
        if (configured.filter(Settings.NULL_SENDER::equals).isPresent()) {
            return Optional.empty();
        }
        try {
            if (configured.isPresent()) {
                return Optional.of(Recipients.mailbox(configured.get()));
            }
            Address[] from = message.getFrom();
            if (from != null && from.length > 0 && from[0] instanceof InternetAddress internet) {
                return Optional.of(Recipients.mailbox(
                        Optional.ofNullable(internet.getAddress()).orElse("")));
            }
        } catch (AddressException e) { // of Jakarta Mail, whose text does not quote the address
            throw new BadSenderException("The sender in the From header cannot be used: " + e.getMessage() + ", in "
                    + Printable.quote(Optional.ofNullable(e.getRef()).orElse("")));
        } catch (IllegalArgumentException e) {
            throw new BadSenderException("The sender cannot be used: " + e.getMessage());
        }
        throw new BadSenderException("There is no sender: set mail.mx.from or the From header");
    }

    /** Fires exactly one event for each send, and throws the exception if there is a failure or success is reported. */
    private void reportResult(MimeMessage message, Recipients recipients, SendResult sent, boolean reportSuccess)
            throws MxSendFailedException {
        DeliveryReport report = sent.report();
        Results results = Results.of(recipients, report);
        List<AddressResult> failures = results.failures();
        String text = FailureText.of(results, report, deferralHint());
        DialogueLog log = DebugOutput.of(session);
        report.warnings().forEach(warning -> log.note(() -> "warning: " + warning));
        text.lines().forEach(line -> log.note(() -> line));
        int type = failures.isEmpty()
                ? TransportEvent.MESSAGE_DELIVERED
                : failures.size() == results.all().size()
                        ? TransportEvent.MESSAGE_NOT_DELIVERED
                        : TransportEvent.MESSAGE_PARTIALLY_DELIVERED;
        notifyTransportListeners(
                type,
                results.addresses(ResultKind.VALID_SENT),
                results.addresses(ResultKind.VALID_UNSENT),
                results.addresses(ResultKind.INVALID),
                message);
        if (!failures.isEmpty() || reportSuccess) {
            throw new MxSendFailedException(text, results, reportSuccess ? results.all() : failures, sent);
        }
    }

    /** Marks this transport as closed. Idempotent; throws nothing. */
    @Override
    public void close() {
        if (isConnected()) {
            setConnected(false);
            notifyConnectionListeners(ConnectionEvent.CLOSED);
        }
    }
}
