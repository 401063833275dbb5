// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import jakarta.mail.Session;
import java.io.ByteArrayOutputStream;
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
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.TestCertificates;
import org.postroad.spi.DeliveryListener;
import org.postroad.tck.catalogue.Feature;

/** RELAY-04 at an authenticated relay: credentials are sent, and are not shown if the relay repeats them in its replies. */
abstract class SecretRequirements extends RelayRequirements {

    private static final Expect SECRETS =
            Expect.lookAt("what is kept and shown of the text of a relay that knows a secret");

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
        void RELAY_04_theyAreSentToTheRelayThatIsKnown() throws Exception {
            FakeSmtpServer relay = knownRelay();
            expectAccepted(send("u@d6.test"), "u@d6.test");
            SECRETS.equal(
                    "authenticated is",
                    Optional.of(USER),
                    relay.received().get(0).user());
        }

        @Requirement
        void RELAY_04_andToNoneWithAnotherCertificate() throws Exception {
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
        void RELAY_04_whatIsRepeatedAtAuthIsNotShown() throws Exception {
            knownRelay().onCommand("AUTH PLAIN " + RESPONSE, "500 " + ECHO);
            expectNotShown();
        }

        @Requirement
        void RELAY_04_norWhatIsRepeatedLater() throws Exception {
            FakeSmtpServer relay = knownRelay();
            for (String command : List.of("MAIL", "RCPT", "DATA")) {
                relay.onCommand(command, "550 " + ECHO, 1);
                expectNotShown();
            }
        }

        @Requirement
        void RELAY_04_norWhatIsRepeatedAtTheEnd() throws Exception {
            knownRelay().onEndOfData("554 " + ECHO + "\n554 " + ECHO);
            expectNotShown();
        }

        @Requirement
        void RELAY_04_norWhatIsRepeatedInBadForm() throws Exception {
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
                        "nothing of them in an exception, an event or the debug output",
                        !shown.toString().contains(secret),
                        shown.toString());
            }
        }
    }
}
