// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import jakarta.mail.Session;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.postroad.api.Credentials;
import org.postroad.api.Relay;
import org.postroad.tck.ReferenceConnection.ClosingException;
import org.postroad.tck.ReferenceFate.Kind;

/** The reference transport's talk with one server: TRY-04, 07, 09 to 11; TLS-02; RELAY-04. */
abstract class ReferenceConversation extends ReferenceTransaction {

    private final Set<String> brokenTls = new HashSet<>();

    ReferenceConversation(Session session) {
        super(session);
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
            connection.secure(trusting(relay), host, true);
        }
        ReferenceReply greeting = connection.reply();
        if (!greeting.isPositive()) {
            return Optional.of(aboutTheHost(greeting));
        }
        ReferenceReply hello = hello(connection);
        if (hello.isPositive() && (tls == Relay.Tls.REQUIRED || tls == Relay.Tls.OPPORTUNISTIC)) {
            boolean demanded = connection.isTlsDemanded() || (tls == Relay.Tls.REQUIRED && !sendsInPlaintext());
            if (usesTls(hello, host) && connection.command("STARTTLS").isPositive()) {
                Optional<ReferenceFate> refusal = secure(connection, host, relay);
                if (refusal.isPresent()) {
                    return refusal;
                }
                hello = helloOverTls(connection);
            } else if (demanded) {
                return Optional.of(ReferenceFate.concluded("4.7.4", "the server has no TLS"));
            }
        }
        if (!hello.isPositive()) {
            return Optional.of(aboutTheHost(hello));
        }
        Optional<Credentials> credentials = credentialsFor(relay);
        return credentials.isPresent() ? authenticate(connection, credentials.get()) : Optional.empty();
    }

    /** The handshake; a fate if the server is not the one that is wanted. */
    protected Optional<ReferenceFate> secure(ReferenceConnection connection, String host, Optional<Relay> relay)
            throws IOException, GeneralSecurityException {
        boolean verified = isVerified(relay.map(Relay::tls).orElse(Relay.Tls.OPPORTUNISTIC));
        connection.secure(verified ? trusting(relay) : trusting(new ReferenceTrustingAnybody()), host, verified);
        return Optional.empty();
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

    private Optional<ReferenceFate> authenticate(ReferenceConnection connection, Credentials credentials)
            throws IOException {
        byte[] plain = ("\0" + credentials.user() + "\0" + credentials.secret()).getBytes(StandardCharsets.UTF_8);
        keepSecret(connection);
        ReferenceReply reply =
                connection.command("AUTH PLAIN " + Base64.getEncoder().encodeToString(plain));
        if (!reply.isPositive()) {
            return Optional.of(ReferenceFate.concluded("4.7.8", "the relay does not know us: " + reply.text()));
        }
        whenAuthenticated(connection);
        return Optional.empty();
    }

    /** RELAY-04: credentials are sent next, and the server may repeat them in whatever it says. */
    protected void keepSecret(ReferenceConnection connection) {
        connection.hideTexts(true);
    }

    /** RELAY-04: the reply to a later command may have them, too. */
    protected void whenAuthenticated(ReferenceConnection connection) {}

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

    protected static void quit(ReferenceConnection connection) {
        try {
            connection.command("QUIT");
        } catch (IOException e) {
            // RFC 5321 §4.1.1.10: whatever the server says to QUIT, the mail's fate is known.
            return;
        }
    }

    /** The trust store, or the certificate of which the fingerprint is known. */
    private static SSLContext trusting(Optional<Relay> relay) throws GeneralSecurityException {
        Optional<String> fingerprint = relay.flatMap(Relay::fingerprint);
        return fingerprint.isPresent()
                ? trusting(new ReferenceTrustingOne(fingerprint.get()))
                : SSLContext.getDefault();
    }

    protected static SSLContext trusting(TrustManager trust) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {trust}, null);
        return context;
    }

    /** A new connection on this socket. */
    protected ReferenceConnection connection(Socket socket) throws IOException {
        return new ReferenceConnection(socket, timeoutMillis());
    }

    protected final int timeoutMillis() {
        return Integer.parseInt(setting("timeout", "10000"));
    }
}
