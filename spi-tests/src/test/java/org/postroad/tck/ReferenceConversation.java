// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.postroad.api.Credentials;
import org.postroad.api.Relay;
import org.postroad.tck.ReferenceConnection.ClosingException;
import org.postroad.tck.ReferenceFate.Kind;

/** The reference transport's talk with one server: TRY-01, 02, 04, 05, 07 to 11; TLS-02; RELAY-04. One command at a time. */
abstract class ReferenceConversation extends Transport {

    private static final int TOO_MANY = 452;
    private static final int TOO_MANY_OF_OLD = 552;

    private final Set<String> brokenTls = new HashSet<>();

    ReferenceConversation(Session session) {
        super(session, null);
    }

    /**
     * What is sent.
     *
     * @param sender empty for the null sender
     * @param content lines that end with CRLF
     */
    record Mail(String sender, byte[] content) {}

    /** The property {@code mail.mx.} and this. */
    protected String setting(String name, String absent) {
        return session.getProperties().getProperty("mail.mx." + name, absent);
    }

    /** Offers the mail to one server. The fate of each recipient there; those without one are due on a new connection. */
    protected Map<String, ReferenceFate> converse(
            ReferenceConnection connection, String host, Optional<Relay> relay, Mail mail, List<String> recipients) {
        Map<String, ReferenceFate> fates = new LinkedHashMap<>();
        ReferenceFate forTheRest;
        boolean dueAgain = false;
        try {
            Optional<ReferenceFate> refusal =
                    connection.transactions() == 0 ? open(connection, host, relay) : Optional.empty();
            if (refusal.isPresent()) {
                forTheRest = refusal.get();
            } else {
                List<String> open = recipients;
                while (!open.isEmpty()) {
                    open = transaction(connection, mail, open, fates);
                }
                finish(connection);
                return fates;
            }
        } catch (ClosingException e) {
            forTheRest = whenServerCloses(e.reply());
            dueAgain = isLossOfTheSession(connection);
        } catch (IOException | GeneralSecurityException e) {
            forTheRest = whenConnectionIsLost(e);
            dueAgain = isLossOfTheSession(connection) || isLossOfTls(connection, host);
        } finally {
            hangUp(connection);
        }
        for (String recipient : dueAgain ? List.<String>of() : recipients) {
            fates.putIfAbsent(recipient, forTheRest);
        }
        return fates;
    }

    /** Everything was said that there was to say. */
    protected void finish(ReferenceConnection connection) {
        quit(connection);
    }

    /** TRY-09, TRY-11: whether this loss, 421 included, speaks of the session; who has a fate already keeps it. */
    protected boolean isLossOfTheSession(ReferenceConnection connection) {
        return connection.transactions() > 1;
    }

    /** TRY-09: whether this refusal of MAIL or DATA speaks of the session. */
    protected boolean isRefusalOfTheSession(ReferenceConnection connection) {
        return connection.transactions() > 1;
    }

    /** TLS-02: whether this loss is one of TLS that nobody demands, so that the same address is due in plaintext. */
    protected boolean isLossOfTls(ReferenceConnection connection, String host) {
        return connection.isOpportunistic() && brokenTls.add(host);
    }

    /** Whatever was said. */
    protected void hangUp(ReferenceConnection connection) {
        connection.close();
    }

    /** TRY-07. */
    protected ReferenceFate whenServerCloses(ReferenceReply reply) {
        return reply.as(Kind.SOFT_REPLY, false);
    }

    /** TRY-03. */
    protected ReferenceFate whenConnectionIsLost(Exception failure) {
        return ReferenceFate.badConnection(String.valueOf(failure.getMessage()));
    }

    /** Greeting, EHLO or HELO, TLS, AUTH; a fate if the server does not want us. */
    private Optional<ReferenceFate> open(ReferenceConnection connection, String host, Optional<Relay> relay)
            throws IOException, GeneralSecurityException {
        Relay.Tls tls = relay.map(Relay::tls).orElse(Relay.Tls.OPPORTUNISTIC);
        if (tls == Relay.Tls.IMPLICIT) {
            connection.secure(SSLContext.getDefault(), host, true);
        }
        ReferenceReply greeting = connection.reply();
        if (!greeting.isPositive()) {
            return Optional.of(aboutTheHost(greeting));
        }
        ReferenceReply hello = hello(connection);
        if (hello.isPositive() && (tls == Relay.Tls.REQUIRED || tls == Relay.Tls.OPPORTUNISTIC)) {
            if (usesTls(hello, host) && connection.command("STARTTLS").isPositive()) {
                boolean verified = isVerified(tls);
                connection.secure(verified ? SSLContext.getDefault() : trustingAnybody(), host, verified);
                hello = helloOverTls(connection);
            } else if (tls == Relay.Tls.REQUIRED && !sendsInPlaintext()) {
                return Optional.of(ReferenceFate.concluded("4.7.4", "the relay has no TLS"));
            }
        }
        if (!hello.isPositive()) {
            return Optional.of(aboutTheHost(hello));
        }
        Optional<Credentials> credentials = credentialsFor(relay);
        return credentials.isPresent() ? authenticate(connection, credentials.get()) : Optional.empty();
    }

    /** Where it is offered, and did not fail before. */
    protected boolean usesTls(ReferenceReply hello, String host) {
        return hello.offers("STARTTLS") && !brokenTls.contains(host);
    }

    /** RELAY-04: whether the server must prove who it is. */
    protected boolean isVerified(Relay.Tls tls) {
        return tls.isVerified();
    }

    /** RELAY-04: never, for what must be secret. */
    protected boolean sendsInPlaintext() {
        return false;
    }

    /** RELAY-04: only a relay gets any. */
    protected Optional<Credentials> credentialsFor(Optional<Relay> relay) {
        return relay.flatMap(Relay::credentials);
    }

    private static Optional<ReferenceFate> authenticate(ReferenceConnection connection, Credentials credentials)
            throws IOException {
        byte[] plain = ("\0" + credentials.user() + "\0" + credentials.secret()).getBytes(StandardCharsets.UTF_8);
        ReferenceReply reply =
                connection.command("AUTH PLAIN " + Base64.getEncoder().encodeToString(plain));
        return reply.isPositive()
                ? Optional.empty()
                : Optional.of(ReferenceFate.concluded("4.7.8", "the relay does not know us: " + reply.text()));
    }

    private ReferenceReply hello(ReferenceConnection connection) throws IOException {
        ReferenceReply extended = connection.command("EHLO " + setting("localhost", "localhost"));
        connection.learn(extended);
        if (!extended.isPermanent()) {
            return extended;
        }
        try {
            return connection.command("HELO " + setting("localhost", "localhost"));
        } catch (IOException e) {
            return whenHeloIsLost(extended, e);
        }
    }

    /** TRY-10: the reply to EHLO stands. */
    protected ReferenceReply whenHeloIsLost(ReferenceReply extended, IOException failure) throws IOException {
        return extended;
    }

    /** RFC 3207 §4.2, TRY-10: as the first time. */
    protected ReferenceReply helloOverTls(ReferenceConnection connection) throws IOException {
        return hello(connection);
    }

    /** TRY-04. */
    protected ReferenceFate aboutTheHost(ReferenceReply refusal) {
        return refusal.as(Kind.HOST_REFUSED, false);
    }

    /** One transaction; the recipients that go into the next one (TRY-08). */
    private List<String> transaction(
            ReferenceConnection connection, Mail mail, List<String> offered, Map<String, ReferenceFate> fates)
            throws IOException {
        List<String> recipients = new ArrayList<>();
        for (String recipient : offered) {
            unfit(connection, mail, recipient)
                    .ifPresentOrElse(fate -> fates.put(recipient, fate), () -> recipients.add(recipient));
        }
        if (recipients.isEmpty()) {
            return List.of();
        }
        connection.beginTransaction();
        ReferenceReply sender =
                connection.command("MAIL FROM:<" + mail.sender() + ">" + parameters(connection, mail, recipients));
        if (!sender.isPositive()) {
            return refused(connection, sender, recipients, List.of(), fates);
        }
        List<String> accepted = new ArrayList<>();
        List<String> later = new ArrayList<>();
        for (String recipient : recipients) {
            ReferenceReply reply = connection.command("RCPT TO:<" + recipient + ">");
            if (isSuccess(reply)) {
                accepted.add(recipient);
            } else if (isTooMany(reply) && !accepted.isEmpty()) {
                later.add(recipient);
            } else {
                fates.put(recipient, whenRecipientIsRefused(reply));
            }
        }
        if (accepted.isEmpty()) {
            connection.command("RSET");
            return later;
        }
        ReferenceReply data = connection.command("DATA");
        if (data.code() != 354) {
            return refused(connection, data, accepted, later, fates);
        }
        connection.write(stuffed(mail.content()));
        ReferenceFate fate = endOfData(connection);
        accepted.forEach(recipient -> fates.put(recipient, fate));
        if (fate.kind() == Kind.IN_DOUBT) {
            throw new IOException(fate.text());
        }
        return later;
    }

    /** At MAIL or DATA; the recipients that go into the next transaction here. */
    private List<String> refused(
            ReferenceConnection connection,
            ReferenceReply refusal,
            List<String> recipients,
            List<String> later,
            Map<String, ReferenceFate> fates) {
        if (isRefusalOfTheSession(connection)) {
            connection.refuseSession();
            return List.of();
        }
        recipients.forEach(recipient -> fates.put(recipient, whenMessageIsRefused(refusal)));
        return later;
    }

    /** What the message to this recipient needs and this server lacks; empty if nothing. */
    protected Optional<ReferenceFate> unfit(ReferenceConnection connection, Mail mail, String recipient) {
        if (connection.limit().filter(limit -> mail.content().length > limit).isPresent()) {
            return Optional.of(ReferenceFate.hostLacks("5.3.4", "the message is too big for the server"));
        } else if (needsUtf8(mail, List.of(recipient)) && !connection.offers("SMTPUTF8")) {
            return Optional.of(ReferenceFate.hostLacks("5.6.7", "the server lacks SMTPUTF8"));
        } else if (isEightBit(mail) && !connection.offers("8BITMIME")) {
            return Optional.of(ReferenceFate.hostLacks("5.6.3", "the server lacks 8BITMIME"));
        }
        return Optional.empty();
    }

    /** Of MAIL, as far as the server knows them. */
    protected String parameters(ReferenceConnection connection, Mail mail, List<String> recipients) {
        return (connection.offers("SIZE") ? " SIZE=" + mail.content().length : "")
                + (isEightBit(mail) ? " BODY=8BITMIME" : "")
                + (needsUtf8(mail, recipients) ? " SMTPUTF8" : "");
    }

    protected boolean needsUtf8(Mail mail, List<String> recipients) {
        return hasUtf8Header(mail)
                || Stream.concat(Stream.of(mail.sender()), recipients.stream()).anyMatch(text -> !isAscii(text));
    }

    protected boolean hasUtf8Header(Mail mail) {
        String text = new String(mail.content(), StandardCharsets.ISO_8859_1);
        return !isAscii(text.substring(0, Math.max(0, text.indexOf("\r\n\r\n"))));
    }

    protected boolean isEightBit(Mail mail) {
        return !isAscii(new String(mail.content(), StandardCharsets.ISO_8859_1));
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(character -> character < 0x80);
    }

    /** TRY-08. */
    protected boolean isTooMany(ReferenceReply reply) {
        return reply.code() == TOO_MANY || reply.code() == TOO_MANY_OF_OLD;
    }

    /** TRY-01: of RCPT and of the end of data. */
    protected boolean isSuccess(ReferenceReply reply) {
        return reply.isPositive();
    }

    /** TRY-02, TRY-03: at MAIL, DATA, the end of data. */
    protected ReferenceFate whenMessageIsRefused(ReferenceReply reply) {
        return reply.as(Kind.REJECTED, false);
    }

    /** TRY-02, TRY-03. */
    protected ReferenceFate whenRecipientIsRefused(ReferenceReply reply) {
        return reply.as(Kind.REJECTED, reply.code() != TOO_MANY_OF_OLD);
    }

    private ReferenceFate endOfData(ReferenceConnection connection) throws IOException {
        try {
            connection.write(".\r\n".getBytes(StandardCharsets.US_ASCII));
            ReferenceReply reply = connection.reply();
            return isSuccess(reply)
                    ? new ReferenceFate(Kind.ACCEPTED, reply.code(), reply.status(), reply.text(), false)
                    : whenMessageIsRefused(reply);
        } catch (ClosingException e) {
            throw e;
        } catch (IOException e) {
            return whenTheLastReplyIsLost(e);
        }
    }

    /** TRY-05. */
    protected ReferenceFate whenTheLastReplyIsLost(IOException failure) {
        return new ReferenceFate(Kind.IN_DOUBT, 451, "4.4.2", "in doubt: " + failure.getMessage(), false);
    }

    /** RFC 5321 §4.5.2. */
    protected byte[] stuffed(byte[] content) {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        return text.replaceAll("(?md)^\\.", "..").getBytes(StandardCharsets.ISO_8859_1);
    }

    protected static void quit(ReferenceConnection connection) {
        try {
            connection.command("QUIT");
        } catch (IOException e) {
            // RFC 5321 §4.1.1.10: whatever the server says to QUIT, the mail's fate is known.
            return;
        }
    }

    /** Encryption without authentication (RFC 7435). */
    private static SSLContext trustingAnybody() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new ReferenceTrustingAnybody()}, null);
        return context;
    }

    /** A new connection on this socket. */
    protected ReferenceConnection connection(Socket socket) throws IOException {
        return new ReferenceConnection(socket, Integer.parseInt(setting("timeout", "10000")));
    }
}
