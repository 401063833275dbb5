// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import jakarta.mail.Session;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Nested;
import org.postroad.api.Credentials;
import org.postroad.api.CredentialsSource;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.TestCertificates;
import org.postroad.spi.DeliveryListener;
import org.postroad.tck.catalogue.Feature;

/** RELAY-04 at an authenticated relay: credentials are sent, and are not shown if the relay repeats them in its replies. */
abstract class SecretRequirements extends RelayRequirements {

    private static final Expect SECRETS =
            Expect.lookAt("what is stored and shown of the replies of a relay that received credentials");

    /** Only for the suite of this package. */
    SecretRequirements() {}

    /** Our own secrets, repeated in the replies of a relay. */
    @Nested
    class RepeatedSecrets {

        private static final String USER = "user";
        private static final String PASSWORD = "hunter2secret";
        private static final Duration VALID = Duration.ofHours(1);

        /** The response of SASL PLAIN (RFC 4616). */
        private static final String RESPONSE = base64("\0" + USER + "\0" + PASSWORD);

        /** A part of the response, with half of the password. */
        private static final String CUT = RESPONSE.substring(0, 16);

        private static final String ECHO = "5.5.1 unrecognized: \"AUTH PLAIN " + RESPONSE + "\", \"AUTH PLAIN " + CUT
                + "...\", " + PASSWORD + ", " + base64(PASSWORD);

        private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
        private final ByteArrayOutputStream debugged = new ByteArrayOutputStream();

        private static String base64(String text) {
            return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        }

        /** Sets up a relay whose certificate is configured by its fingerprint. */
        private FakeSmtpServer knownRelay() throws Exception {
            needs(Feature.RELAY_FINGERPRINT);
            TestCertificates.Server known = server();
            ipv4Only(url(known));
            return relay(known);
        }

        private static TestCertificates.Server server() {
            return TestCertificates.create().server(Instant.now().plus(VALID), "relay.test");
        }

        private static String url(TestCertificates.Server known) throws Exception {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(known.certificate().getEncoded());
            return "smtp://" + USER + ":" + PASSWORD + "@relay.test;starttls=required;auth=plain;fingerprint="
                    + HexFormat.of().formatHex(digest);
        }

        private FakeSmtpServer relay(TestCertificates.Server certified) throws Exception {
            return mx("relay", "192.0.2.25")
                    .startTls(certified.context())
                    .keywords("AUTH PLAIN")
                    .account(USER, PASSWORD);
        }

        @Requirement
        void RELAY_04_credentialsAreSentToTheRelayWithThePinnedCertificate() throws Exception {
            FakeSmtpServer relay = knownRelay();
            expectAccepted(send("u@d6.test"), "u@d6.test");
            SECRETS.equal(
                    "authenticated is",
                    Optional.of(USER),
                    relay.received().get(0).user());
        }

        @Requirement
        void RELAY_04_noCredentialsAreSentToARelayWithAnotherCertificate() throws Exception {
            needs(Feature.RELAY_FINGERPRINT);
            ipv4Only(url(server()));
            FakeSmtpServer relay = relay(server());
            send("u@d6.test");
            SECRETS.equal("the messages at the relay:", 0, relay.received().size());
            SECRETS.equal(
                    "the commands in which credentials are sent:",
                    List.of(),
                    bench().transcript().linesOf("relay< AUTH"));
        }

        /** A transport that sends the response only after a challenge is not refused here. */
        @Requirement
        void RELAY_04_credentialsRepeatedAtAuthAreNotShown() throws Exception {
            knownRelay().onCommand("AUTH PLAIN " + RESPONSE, "500 " + ECHO);
            expectNotShown();
        }

        @Requirement
        void RELAY_04_credentialsRepeatedLaterAreNotShown() throws Exception {
            FakeSmtpServer relay = knownRelay();
            for (String command : List.of("MAIL", "RCPT", "DATA")) {
                relay.onCommand(command, "550 " + ECHO, 1);
                expectNotShown();
            }
        }

        @Requirement
        void RELAY_04_credentialsRepeatedAtTheEndAreNotShown() throws Exception {
            knownRelay().onEndOfData("554 " + ECHO + "\n554 " + ECHO);
            expectNotShown();
        }

        @Requirement
        void RELAY_04_credentialsRepeatedInAMalformedReplyAreNotShown() throws Exception {
            knownRelay().onCommand("RCPT", "!!! " + ECHO);
            expectNotShown();
        }

        private void expectNotShown() throws Exception {
            set("mail.mx.listener", (DeliveryListener) event -> told.add(event.toString()));
            Session session = session();
            session.setDebugOut(new PrintStream(debugged, true, StandardCharsets.UTF_8));
            session.setDebug(true);
            SendResult result = send(session, message(session, "u@d6.test"));
            StringWriter shown = new StringWriter();
            result.failure().ifPresent(failure -> failure.printStackTrace(new PrintWriter(shown, true)));
            shown.append(result.toString())
                    .append(String.join("\n", told))
                    .append(debugged.toString(StandardCharsets.UTF_8));
            SECRETS.isTrue(
                    "the credentials were sent",
                    bench().transcript().linesOf("relay< ").stream().anyMatch(line -> line.contains(RESPONSE)),
                    "they were not");
            for (String secret : List.of(CUT, PASSWORD, base64(PASSWORD))) {
                SECRETS.isTrue(
                        "no credentials in an exception, an event or the debug output",
                        !shown.toString().contains(secret),
                        shown.toString());
            }
        }
    }

    /** Credentials from a source that is asked before each AUTH. */
    @Nested
    class SuppliedCredentials {

        private static final String SECRET = "hunter2secret";

        private final BlockingQueue<CredentialsSource.Request> requests = new LinkedBlockingQueue<>();

        /** Starts a relay that knows two users. Returns its URL. */
        private String relay(String name, FakeSmtpServer server) throws Exception {
            TestCertificates.Server certified =
                    TestCertificates.create().server(Instant.now().plus(Duration.ofHours(1)), name);
            server.startTls(certified.context())
                    .keywords("AUTH PLAIN")
                    .account("user1", "token1")
                    .account("user2", "token2");
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(certified.certificate().getEncoded());
            return "smtp://" + name + ";auth=plain;fingerprint="
                    + HexFormat.of().formatHex(digest);
        }

        private void needsSources() {
            needs(Feature.RELAY_FINGERPRINT);
            needs(Feature.RELAY_CREDENTIALS);
        }

        @Requirement
        void RELAY_09_theSourceIsAskedForEachConnection() throws Exception {
            needsSources();
            set("mail.mx.relay.credentials", (CredentialsSource) request -> {
                requests.add(request);
                return new Credentials("user" + requests.size(), "token" + requests.size());
            });
            FakeSmtpServer spare = mx("spare", "192.0.2.26").onCommand("RCPT", "451 4.7.1 later");
            FakeSmtpServer relay = mx("relay", "192.0.2.25");
            ipv4Only(relay("spare.test", spare) + " " + relay("relay.test", relay));
            expectAccepted(send("u@d6.test"), "u@d6.test");
            SECRETS.equal(
                    "authenticated at the second relay is",
                    Optional.of("user2"),
                    relay.received().get(0).user());
            SECRETS.equal(
                    "the relays in the requests to the source:",
                    List.of("spare.test", "relay.test"),
                    requests.stream().map(request -> request.host().toString()).toList());
        }

        @Requirement
        void RELAY_09_withoutCredentialsTheRelayHasFailedTemporarily() throws Exception {
            needsSources();
            set("mail.mx.relay.credentials", (CredentialsSource) request -> {
                throw new IOException("the token " + SECRET + " has expired");
            });
            FakeSmtpServer relay = mx("relay", "192.0.2.25");
            ipv4Only(relay("relay.test", relay));
            SendResult result = send("u@d6.test");
            SECRETS.that(
                    "a temporary status: a source that fails must not bounce mail",
                    result.statusOf("u@d6.test"),
                    status -> status.startsWith("4."));
            SECRETS.equal("the messages at the relay:", 0, relay.received().size());
            StringWriter shown = new StringWriter();
            result.failure().ifPresent(failure -> failure.printStackTrace(new PrintWriter(shown, true)));
            SECRETS.isTrue(
                    "nothing of the source's exception in the exception",
                    !shown.toString().contains(SECRET),
                    shown.toString());
        }
    }
}
