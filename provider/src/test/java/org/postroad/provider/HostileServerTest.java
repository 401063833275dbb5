// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Printable;
import org.postroad.fixtures.Misbehaviour;
import org.postroad.spi.DeliveryListener;

/** Deceptive text of a server is cleaned and shortened in exceptions, reports, debug output and logs. */
class HostileServerTest extends TransportTesting {

    /** Terminal escape sequences (7-bit and C1), bidi controls, invisible and separating characters, a bell, and excessive length. */
    private static final String HOSTILE =
            "5.1.1 \u001b[31mred\u001b]0;title\u0007 \u009b2J \u202egnp.exe\u202c \u2066x\u2069 "
                    + "\u200bzero\ufeff \u2028line\u2029 \u00a0 \u0085 \b\u007f \ue000 end " + "x".repeat(3000);

    /** Lines of a report contain more than the text of the server. */
    private static final int LONGEST_LINE = 3 * Printable.MAX_SHOWN * "\\u0000".length();

    private final LogTap log = LogTap.open();

    @AfterEach
    void leaveTheLog() {
        log.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"EHLO", "MAIL", "RCPT", "DATA"})
    void serverText_ofARefusalIsCleanEverywhere(String command) throws Exception {
        mx4.onCommand(command, "550 " + HOSTILE + "\n550 second line " + HOSTILE)
                .onCommand("HELO", "550 " + HOSTILE);
        Shown shown = failureOf("a@v4.test");
        String telling = "\\u001b[31mred\\u001b]0;title\\u0007 \\u009b2J \\u202egnp.exe";
        assertThat(shown.failure()).hasMessageContaining(telling);
        assertThat(shown.debug()).contains("mx< 550 5.1.1 " + telling);
        assertClean(shown, telling);
    }

    @Test
    void serverText_ofTheGreetingIsClean() throws Exception {
        mx4.greeting("554 " + HOSTILE);
        assertClean(failureOf("a@v4.test"), "\\u001b[31mred");
    }

    @Test
    void serverText_ofTheVerdictIsClean() throws Exception {
        mx4.onEndOfData("554 " + HOSTILE);
        assertClean(failureOf("a@v4.test"), "\\u001b[31mred");
    }

    @Test
    void serverText_thatIsNotAReplyIsClean() throws Exception {
        mx4.greeting("!!! " + HOSTILE);
        assertClean(failureOf("a@v4.test"), "a line that is not an SMTP reply: \"!!! 5.1.1 \\u001b[31mred");
    }

    @ParameterizedTest
    @EnumSource(
            value = Misbehaviour.class,
            names = {"NUL", "EIGHT_BIT", "GARBAGE_LINE", "OVERLONG_LINE"})
    void serverText_thatIsBinaryIsClean(Misbehaviour misbehaviour) throws Exception {
        mx4.onCommand("RCPT", misbehaviour).onEndOfData("554 no");
        assertClean(failureOf("a@v4.test"), "v4.test");
    }

    @Test
    void serverText_ofAnAcceptanceIsClean() throws Exception {
        properties.setProperty("mail.mx.reportsuccess", "true");
        mx4.keywords("X-" + HOSTILE, "AUTH " + HOSTILE).onEndOfData("250 " + HOSTILE);
        assertClean(failureOf("a@v4.test"), "\\u001b[31mred");
        assertThat(mx4.received()).hasSize(1);
    }

    /** A failed send with all its human-readable output. */
    private record Shown(MxSendFailedException failure, String debug) {}

    private Shown failureOf(String recipient) throws Exception {
        // The text of a failing listener appears in the log.
        DeliveryListener talkative = event -> {
            throw new IllegalStateException("told of " + event);
        };
        properties.put("mail.mx.listener", talkative);
        ByteArrayOutputStream debug = new ByteArrayOutputStream();
        Session session = Session.getInstance(properties);
        session.setDebugOut(new PrintStream(debug, true, StandardCharsets.UTF_8));
        session.setDebug(true);
        MimeMessage message = new MimeMessage(session);
        message.setFrom(new InternetAddress("me@client.test"));
        message.addRecipient(Message.RecipientType.TO, new InternetAddress(recipient));
        message.setText("Hello\n");
        try {
            Transport.send(message);
        } catch (MxSendFailedException failure) {
            return new Shown(failure, debug.toString(StandardCharsets.UTF_8));
        }
        throw new AssertionError("The send did not fail");
    }

    private void assertClean(Shown shown, String telling) {
        assertThat(shown.failure().report().toString()).contains(telling);
        assertShowable(String.valueOf(shown.failure().getMessage()));
        Exception each = shown.failure();
        while (each instanceof MessagingException chain && chain.getNextException() != null) {
            each = chain.getNextException();
            assertThat(each).hasMessageContaining("v4.test");
            assertShowable(String.valueOf(each.getMessage()));
        }
        assertShowable(shown.failure().report().toString());
        assertShowable(shown.debug());
        assertThat(log.records()).isNotEmpty();
        log.records().forEach(entry -> assertShowable(text(entry)));
    }

    /** Returns the message and the stack trace, with the messages of all causes. */
    private static String text(LogRecord entry) {
        StringWriter text = new StringWriter();
        text.append(entry.getMessage()).append('\n');
        if (entry.getThrown() != null) {
            entry.getThrown().printStackTrace(new PrintWriter(text, true));
        }
        return text.toString();
    }

    /** Checks that all characters are printable and all lines of limited length. */
    private static void assertShowable(String text) {
        text.lines().forEach(line -> {
            // The tab comes from the stack trace.
            String content = line.replace('\t', ' ');
            assertThat(content.chars()
                            .allMatch(c ->
                                    Printable.clean(String.valueOf((char) c)).length() == 1))
                    .as("only printable characters in: %s", Printable.clean(content))
                    .isTrue();
            assertThat(line.length()).isLessThan(LONGEST_LINE);
        });
    }
}
