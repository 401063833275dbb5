// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import jakarta.mail.Session;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
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
import org.postroad.api.CredentialsSource;
import org.postroad.api.Deadline;
import org.postroad.api.Relay;
import org.postroad.tck.ReferenceConnection.ClosingException;
import org.postroad.tck.ReferenceOutcome.Kind;

/** The reference transport's conversation with one server: TRY-04, 07, 09 to 11; TLS-02; RELAY-04. */
abstract class ReferenceConversation extends ReferenceTransaction {

    private final Set<String> brokenTls = new HashSet<>();

    ReferenceConversation(Session session) {
        super(session);
    }

    /**
     * Offers the mail to one server. Returns the result for each recipient; recipients without a result must be offered on a
     * new connection.
     */
    protected Map<String, ReferenceOutcome> converse(
            ReferenceConnection connection, String host, Optional<Relay> relay, Mail mail, List<String> recipients) {
        Map<String, ReferenceOutcome> outcomes = new LinkedHashMap<>();
        ReferenceOutcome forTheRest;
        boolean dueAgain = false;
        try {
            Optional<ReferenceOutcome> refusal =
                    connection.transactions() == 0 ? open(connection, host, relay) : Optional.empty();
            if (refusal.isPresent()) {
                forTheRest = refusal.get();
            } else {
                List<String> open = recipients;
                while (!open.isEmpty()) {
                    open = transaction(connection, mail, open, outcomes);
                }
                finish(connection);
                return outcomes;
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
            outcomes.putIfAbsent(recipient, forTheRest);
        }
        return outcomes;
    }

    /** Called when there is nothing left to send on the connection. */
    protected void finish(ReferenceConnection connection) {
        quit(connection);
    }

    /** TRY-09, TRY-11: returns whether this loss, 421 included, concerns the session. Recipients with a result keep it. */
    protected boolean isLossOfTheSession(ReferenceConnection connection) {
        return connection.transactions() > 1;
    }

    /** TLS-02: returns whether TLS that is not required failed, so that the same address must be tried in plaintext. */
    protected boolean isLossOfTls(ReferenceConnection connection, String host) {
        return connection.isOpportunistic() && brokenTls.add(host);
    }

    /** Closes the connection, whatever happened on it. */
    protected void hangUp(ReferenceConnection connection) {
        connection.close();
    }

    /** TRY-07. */
    protected ReferenceOutcome whenServerCloses(ReferenceReply reply) {
        return reply.as(Kind.SOFT_REPLY, false);
    }

    /** TRY-03. */
    protected ReferenceOutcome whenConnectionIsLost(Exception failure) {
        return ReferenceOutcome.badConnection(String.valueOf(failure.getMessage()));
    }

    /** Handles greeting, EHLO or HELO, TLS and AUTH. Returns a result if the server refuses. */
    private Optional<ReferenceOutcome> open(ReferenceConnection connection, String host, Optional<Relay> relay)
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
                Optional<ReferenceOutcome> refusal = secure(connection, host, relay);
                if (refusal.isPresent()) {
                    return refusal;
                }
                hello = helloOverTls(connection);
            } else if (demanded) {
                return Optional.of(ReferenceOutcome.concluded("4.7.4", "the server has no TLS"));
            }
        }
        if (!hello.isPositive()) {
            return Optional.of(aboutTheHost(hello));
        }
        Optional<Credentials> credentials;
        try {
            credentials = credentialsFor(relay);
        } catch (IOException e) {
            return Optional.of(withoutCredentials());
        }
        return credentials.isPresent() ? authenticate(connection, credentials.get()) : Optional.empty();
    }

    /** Makes the TLS handshake. Returns a result if the server is not the right one. */
    protected Optional<ReferenceOutcome> secure(ReferenceConnection connection, String host, Optional<Relay> relay)
            throws IOException, GeneralSecurityException {
        boolean verified = isVerified(relay.map(Relay::tls).orElse(Relay.Tls.OPPORTUNISTIC));
        connection.secure(verified ? trusting(relay) : trusting(new ReferenceTrustingAnybody()), host, verified);
        return Optional.empty();
    }

    /** Uses TLS if it is offered and has not failed before. */
    protected boolean usesTls(ReferenceReply hello, String host) {
        return hello.offers("STARTTLS") && !brokenTls.contains(host);
    }

    /** RELAY-04: returns whether the server must be authenticated. */
    protected boolean isVerified(Relay.Tls tls) {
        return tls.isVerified();
    }

    /** RELAY-04: never, if credentials are sent. */
    protected boolean sendsInPlaintext() {
        return false;
    }

    /** RELAY-04: only relays get credentials. */
    protected Optional<Credentials> credentialsFor(Optional<Relay> relay) throws IOException {
        Optional<CredentialsSource> source = relay.flatMap(Relay::credentialsSource);
        if (relay.isEmpty() || source.isEmpty()) {
            return Optional.empty();
        }
        Deadline deadline = Deadline.after(Duration.ofMillis(timeoutMillis()));
        try {
            return Optional.of(source.get()
                    .credentials(new CredentialsSource.Request(
                            relay.get().host(), relay.get().port(), deadline)));
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted");
        }
    }

    /** RELAY-09. */
    protected ReferenceOutcome withoutCredentials() {
        return ReferenceOutcome.concluded("4.7.8", "no credentials");
    }

    private Optional<ReferenceOutcome> authenticate(ReferenceConnection connection, Credentials credentials)
            throws IOException {
        byte[] plain = ("\0" + credentials.user() + "\0" + credentials.secret()).getBytes(StandardCharsets.UTF_8);
        keepSecret(connection);
        ReferenceReply reply =
                connection.command("AUTH PLAIN " + Base64.getEncoder().encodeToString(plain));
        if (!reply.isPositive()) {
            return Optional.of(ReferenceOutcome.concluded("4.7.8", "the relay does not know us: " + reply.text()));
        }
        whenAuthenticated(connection);
        return Optional.empty();
    }

    /** RELAY-04: called before credentials are sent; the server may repeat them in any reply. */
    protected void keepSecret(ReferenceConnection connection) {
        connection.hideTexts(true);
    }

    /** RELAY-04: replies to later commands may contain them, too. */
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

    /** RFC 3207 §4.2, TRY-10: like the first EHLO. */
    protected ReferenceReply helloOverTls(ReferenceConnection connection) throws IOException {
        return hello(connection);
    }

    /** TRY-04. */
    protected ReferenceOutcome aboutTheHost(ReferenceReply refusal) {
        return refusal.as(Kind.HOST_REFUSED, false);
    }

    protected static void quit(ReferenceConnection connection) {
        try {
            connection.command("QUIT");
        } catch (IOException e) {
            // RFC 5321 §4.1.1.10: the reply to QUIT does not change the result.
            return;
        }
    }

    /** Returns the context with the trust store, or for the certificate with the configured fingerprint. */
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

    /** Creates a connection on this socket. */
    protected ReferenceConnection connection(Socket socket) throws IOException {
        return new ReferenceConnection(socket, timeoutMillis());
    }

    protected final int timeoutMillis() {
        return Integer.parseInt(setting("timeout", "10000"));
    }
}
