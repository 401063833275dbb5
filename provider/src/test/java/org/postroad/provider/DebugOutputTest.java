// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.postroad.fixtures.Misbehaviour;
import org.postroad.fixtures.TestCertificates;

/** The debug output of {@code mail.debug}. */
class DebugOutputTest extends TransportTesting {

    private static final String MX4 = "mx4.v4.test[192.0.2.4]:25";
    private static final Pattern NUMBERED = Pattern.compile("#\\d+ \\S+\\[[0-9a-f.:]+]:\\d+ mx[<>-] .+");
    private static final Pattern OF_THE_SEND = Pattern.compile("mx- .+");

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @Test
    void eachLineOfADialogueNamesConnectionHostAndAddress() throws Exception {
        assertThat(debugOf("a@v4.test", "b@v6.test"))
                .allMatch(line -> NUMBERED.matcher(line).matches()
                        || OF_THE_SEND.matcher(line).matches())
                .filteredOn(line -> line.contains(" mx> RCPT "))
                .hasSize(2)
                .anyMatch(line -> line.contains(" " + MX4 + " mx> RCPT TO:<a@v4.test>"))
                .anyMatch(line -> line.contains(" mx6.v6.test[2001:db8::6]:25 mx> RCPT TO:<b@v6.test>"))
                .extracting(line -> line.substring(0, line.indexOf(' ')))
                .doesNotHaveDuplicates();
    }

    @Test
    void lookupsDialsAndTheResultAppear() throws Exception {
        connector.noAnswer("2001:db8::6");
        dns.zone("""
                both.test.          A 192.0.2.4
                both.test.          AAAA 2001:db8::6
                _mta-sts.both.test. TXT "v=STSv1; id=7;"
                """);
        properties.setProperty("mail.mx.addressorder", "ipv6");
        assertThat(debugOf("a@both.test"))
                .contains(
                        "mx- dns both.test MX: no data",
                        "mx- dns both.test A: [192.0.2.4]",
                        "mx- dns both.test AAAA: [2001:db8::6]",
                        "mx- dns _mta-sts.both.test TXT: [v=STSv1; id=7;]",
                        "mx- dial both.test[2001:db8::6]:25",
                        "mx- dial both.test[192.0.2.4]:25",
                        "mx- Accepted for all 1 recipients")
                .anyMatch(line -> line.startsWith(
                        "mx- mta-sts both.test: announced, but could not be fetched: sts-policy-fetch-error: "))
                .anyMatch(line -> line.matches("mx- dial failed after \\d+ ms: both.test\\[2001:db8::6]:25: .+"))
                .anyMatch(line -> line.matches("mx- dial connected after \\d+ ms: both.test\\[192.0.2.4]:25"))
                .anyMatch(line ->
                        line.matches("#\\d+ both.test\\[192.0.2.4]:25 mx- connected from 127.0.0.1, port \\d+"));
    }

    @Test
    void aKeptConnectionKeepsItsNumber() throws Exception {
        List<String> first = debugOf("a@v4.test");
        List<String> second = debugOf("b@v4.test");
        String name = first.stream()
                .filter(line -> line.endsWith("mx- kept for the next message"))
                .findFirst()
                .map(line -> line.substring(0, line.indexOf(" mx-")))
                .orElseThrow();
        assertThat(second)
                .contains(name + " mx- kept connection, used again; messages so far: 1")
                .contains(name + " mx> RCPT TO:<b@v4.test>")
                .noneMatch(line -> line.contains(" dial "));
    }

    @Test
    void aConnectionOpenedWithoutDebugOutputHasANameInLaterDebugOutput() throws Exception {
        send(message("a@v4.test"));
        assertThat(debugOf("b@v4.test"))
                .anyMatch(line -> line.matches("#\\d+ \\Q" + MX4 + "\\E mx> RCPT TO:<b@v4.test>"));
    }

    @Test
    void tlsAppears() throws Exception {
        mx4.startTls(TestCertificates.create().serverContext("mx4.v4.test"));
        assertThat(debugOf("a@v4.test"))
                .anyMatch(line -> line.matches(
                        "#\\d+ \\Q" + MX4 + "\\E mx- TLS: opportunistic TLSv1.3 TLS_\\w+, certificate of mx4.v4.test"));
    }

    @Test
    void aHandshakeThatFailedAppears() throws Exception {
        mx4.startTls(TestCertificates.create().serverContext("mx4.v4.test"))
                .onCommand("STARTTLS", Misbehaviour.BAD_TLS_HANDSHAKE);
        assertThat(debugOf("a@v4.test"))
                .anyMatch(line -> line.matches("#\\d+ \\Q" + MX4 + "\\E mx- TLS handshake failed: .+"));
    }

    @Test
    void failuresAndWarningsAppearAsInTheException() throws Exception {
        properties.setProperty("mail.from", "me@localhost");
        mx4.onCommand("RCPT", "450 4.2.1 busy");
        List<String> lines = debugOf("a@v4.test");
        assertThat(lines)
                .anyMatch(line -> line.startsWith("mx- Not accepted for 1 of 1 recipients: <a@v4.test> DEFERRED 4.2.1"))
                .anyMatch(line -> line.startsWith("mx- DEFERRED: delivery is not retried."));
        if (MAIL.equals("angus-mail")) { // Jakarta Mail derives the Message-ID from mail.from
            assertThat(lines).anyMatch(line -> line.startsWith("mx- warning: Message-ID: "));
        }
    }

    @Test
    void secretsDoNotAppear() throws Exception {
        properties.setProperty("mail.mx.families", "ipv4");
        properties.setProperty("mail.mx.relay", "smtp://alice:hunter2secret@[192.0.2.4]:25;starttls=required");
        assertThat(String.join("\n", debugOf("b@v6.test")))
                .contains("mx- relays for v6.test: [smtp://alice:***@[192.0.2.4]:25]")
                .doesNotContain("hunter2secret")
                .doesNotContain("Hello there");
    }

    /** Returns the lines of Postroad, without those of Jakarta Mail. */
    private List<String> debugOf(String... recipients) throws Exception {
        written.reset();
        Session session = Session.getInstance(properties);
        session.setDebug(true);
        session.setDebugOut(new PrintStream(written, true, StandardCharsets.UTF_8));
        MimeMessage message = new MimeMessage(session);
        message.setFrom("me@client.test");
        message.setRecipients(Message.RecipientType.TO, String.join(",", recipients));
        message.setText("Hello there");
        message.saveChanges();
        try (Transport transport = session.getTransport("mx")) {
            transport.connect();
            transport.sendMessage(message, message.getAllRecipients());
        } catch (MessagingException e) {
            assertThat(e).isInstanceOf(MxSendFailedException.class);
        }
        return written.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("mx> ") || line.contains("mx< ") || line.contains("mx- "))
                .toList();
    }
}
