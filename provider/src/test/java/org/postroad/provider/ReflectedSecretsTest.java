// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Family;
import org.postroad.api.QueueFilter;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.TestCertificates;
import org.postroad.fixtures.TestCertificates.Server;
import org.postroad.spi.DeliveryListener;

/** A relay that repeats credentials in a reply: they never appear in any output. */
class ReflectedSecretsTest extends TransportTesting {

    private static final Server CERTIFIED =
            TestCertificates.create().server(Instant.now().minus(Duration.ofHours(1)), "relay.test");

    private static final String PASSWORD = "hunter2secret";
    private static final String PLAIN = base64("\0alice\0" + PASSWORD);

    /** The credentials complete and truncated, encoded and decoded. */
    private static final String ECHO = "5.5.1 unrecognized: \"AUTH PLAIN " + PLAIN + "\", \"AUTH PLAIN "
            + PLAIN.substring(0, 11) + "...\", \"AUTH PLAIN " + PLAIN.substring(0, 4) + "...\", " + PASSWORD + ", "
            + base64(PASSWORD) + ", " + base64("alice:" + PASSWORD) + ", alice";

    private final List<String> events = new ArrayList<>();
    private final ByteArrayOutputStream debug = new ByteArrayOutputStream();
    private final LogTap log = LogTap.open();
    private FakeSmtpServer relay;

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @BeforeEach
    void startRelay() throws Exception {
        relay = FakeSmtpServer.start("relay", Family.IPV4, transcript)
                .startTls(CERTIFIED.context())
                .keywords("AUTH PLAIN")
                .account("alice", PASSWORD);
        byte[] digest = MessageDigest.getInstance("SHA-256")
                .digest(CERTIFIED.certificate().getEncoded());
        connector.map("192.0.2.99", 587, socket(relay));
        properties.setProperty(
                "mail.mx.relay",
                "smtp://alice:" + PASSWORD + "@[192.0.2.99]:587;fingerprint="
                        + HexFormat.of().formatHex(digest));
        properties.setProperty("mail.mx.families", "ipv4");
        properties.put("mail.mx.listener", (DeliveryListener) event -> {
            synchronized (events) {
                events.add(String.valueOf(event));
            }
        });
    }

    @AfterEach
    void stopRelay() throws Exception {
        log.close();
        relay.close();
    }

    private MimeMessage debugged() throws MessagingException {
        Session session = Session.getInstance(properties);
        session.setDebugOut(new PrintStream(debug, true, StandardCharsets.UTF_8));
        session.setDebug(true);
        MimeMessage message = new MimeMessage(session);
        message.setFrom(new InternetAddress("me@client.test"));
        message.addRecipient(Message.RecipientType.TO, new InternetAddress("b@v6.test"));
        message.setText("Hello\n");
        return message;
    }

    private void assertNothingShown(MxSendFailedException failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace, true));
        StringBuilder all = new StringBuilder()
                .append(trace)
                .append(failure.report())
                .append(debug.toString(StandardCharsets.UTF_8))
                .append(events);
        log.records().forEach(entry -> all.append(entry.getMessage()).append(entry.getThrown()));
        assertThat(all.toString())
                .contains("unrecognized: \"AUTH PLAIN ***\", \"AUTH PLAIN ***...\"")
                .contains("alice") // the user name is not secret
                .doesNotContain(PASSWORD, PLAIN, PLAIN.substring(0, 4), base64(PASSWORD), "aHVudGVyMnNlY3JldA");
        assertThat(transcript.linesOf("relay<")).anyMatch(line -> line.contains(PLAIN));
    }

    @ParameterizedTest
    @ValueSource(strings = {"AUTH", "MAIL", "RCPT", "DATA"})
    void RELAY_04_repeatedCredentialsAreNotShown(String command) throws Exception {
        relay.onCommand(command, "500 " + ECHO + "\n500 " + ECHO);
        assertNothingShown(failure(debugged()));
    }

    @ParameterizedTest
    @CsvSource({"554", "451"})
    void RELAY_04_credentialsRepeatedAtTheEndAreNotShown(String code) throws Exception {
        relay.onEndOfData(code + " " + ECHO);
        assertNothingShown(failure(debugged()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"5xx", "!!!", "250 ok\n550"})
    void RELAY_04_credentialsRepeatedInAMalformedReplyAreNotShown(String beginning) throws Exception {
        relay.onCommand("MAIL", beginning + " " + ECHO);
        assertNothingShown(failure(debugged()));
    }

    @Test
    void RELAY_04_credentialsRepeatedInALaterSendAreNotShown() throws Exception {
        send(message("b@v6.test"));
        relay.onCommand("RCPT", "550 " + ECHO); // MAIL would be tried again on a new connection (TRY-09)
        MxSendFailedException failure = failure(debugged());
        assertThat(relay.connections()).isEqualTo(1);
        assertThat(debug.toString(StandardCharsets.UTF_8)).doesNotContain("AUTH PLAIN\n");
        assertNothingShown(failure);
    }

    /** A permanent failure leads to a notice; a retried message keeps its history. */
    @Test
    void RELAY_04_repeatedCredentialsAreNeitherInTheQueueNorInANotice(@TempDir Path directory) throws Exception {
        dns.zone("""
                client.test.  MX 10 mx4.v4.test.
                mx4.v4.test.  A 192.0.2.4
                v6.test.      MX 10 mx6.v6.test.
                mx6.v6.test.  AAAA 2001:db8::6
                """);
        relay.onCommand("RCPT TO:<hard@", "550 " + ECHO).onCommand("RCPT TO:<soft@", "450 " + ECHO);
        properties.setProperty("mail.transport.protocol.rfc822", "mxqueue");
        properties.setProperty("mail.mx.queue.url", "jdbc:sqlite:" + directory.resolve("queue.db"));
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            send(message("hard@v6.test", "soft@v6.test"));
            transcript.await(line -> line.startsWith("mx4> 250 2.0.0 accepted"), Duration.ofSeconds(30));
            assertNoSecret(mx4.received().get(0).text());
            String first = queue.list(QueueFilter.ALL, "", 10).get(0).id();
            String shown = queue.show(first).orElseThrow().toString();
            assertThat(shown).contains("soft@v6.test").contains("unrecognized");
            assertNoSecret(shown);
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    assertNoSecret(Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            }
        }
    }

    private static void assertNoSecret(String text) {
        assertThat(text.contains(PASSWORD) || text.contains(PLAIN) || text.contains(base64(PASSWORD)))
                .isFalse();
    }

    @Test
    void RELAY_04_credentialsRepeatedBeforeAuthAreNotShown() throws Exception {
        relay.onCommand("EHLO", "550 " + ECHO).onCommand("HELO", "550 " + ECHO);
        MxSendFailedException failure = failure(debugged());
        assertThat(failure.report().toString())
                .contains("***, ***, ***, alice")
                .doesNotContain(PASSWORD, PLAIN, base64(PASSWORD));
        assertThat(debug.toString(StandardCharsets.UTF_8)).doesNotContain(PASSWORD, base64(PASSWORD));
    }
}
