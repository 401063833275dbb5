// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.BodyPart;
import jakarta.mail.Header;
import jakarta.mail.internet.InternetHeaders;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.eclipse.angus.mail.dsn.DeliveryStatus;
import org.postroad.api.Mailbox;
import org.postroad.api.Reply;
import org.postroad.provider.internal.envelope.Returned;

/** Whatever servers, addresses and subjects contain, a notice has the same fields and parts, and lines that can be sent. */
final class NoticeInjectionTest {

    private static final List<String> HEADER = List.of(
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "Auto-Submitted",
            "MIME-Version",
            "Content-Type",
            "Content-Transfer-Encoding");
    private static final List<String> RECIPIENT = List.of(
            "Original-Recipient",
            "Final-Recipient",
            "Action",
            "Status",
            "Remote-MTA",
            "Diagnostic-Code",
            "Last-Attempt-Date");

    /** The closest guess at the boundary without knowing it. */
    private static final String GUESS = Samples.BOUNDARY.replace('9', '8');

    /** Text from outside. */
    record Hostile(Mailbox sender, Mailbox recipient, List<String> reply, String subject, String history) {}

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void structure_isAlwaysTheSame(@ForAll("hostile") Hostile hostile) throws Exception {
        byte[] octets = Samples.write(notice(hostile), Samples.Original.of(Samples.ORIGINAL));

        assertThat(Samples.longestLine(octets)).isLessThanOrEqualTo(998);
        assertThat(controls(octets)).isZero();
        if (hostile.sender().isAscii()) {
            assertThat(Samples.isAscii(octets)).isTrue();
        }
        MimeMessage message = Samples.read(octets);
        assertThat(Collections.list(message.getAllHeaders()))
                .extracting(Header::getName)
                .isEqualTo(HEADER);
        MimeMultipart parts = (MimeMultipart) message.getContent();
        assertThat(parts.getCount()).isEqualTo(3);
        assertThat(Samples.content(parts.getBodyPart(2))).isEqualTo(Samples.ORIGINAL);
        DeliveryStatus status = status(parts.getBodyPart(1));
        assertThat(names(status.getMessageDSN()))
                .containsExactly("Original-Envelope-Id", "Reporting-MTA", "Arrival-Date");
        assertThat(status.getRecipientDSNCount()).isEqualTo(1);
        assertThat(names(status.getRecipientDSN(0))).isEqualTo(RECIPIENT);
    }

    @Property(tries = 300)
    void asciiAddress_isReadBackUnchanged(@ForAll("asciiMailboxes") Mailbox mailbox) throws Exception {
        Hostile hostile = new Hostile(Samples.SENDER, mailbox, List.of("no"), "x", "x");
        MimeMessage message = Samples.read(Samples.write(notice(hostile), Samples.Original.of(Samples.ORIGINAL)));

        String field = status(Samples.part(message, 1)).getRecipientDSN(0).getHeader("Final-Recipient", null);
        assertThat(field.replace("\r\n", "")).isEqualTo("rfc822; " + mailbox);
    }

    private static DeliveryNotice notice(Hostile hostile) {
        RecipientStatus refused =
                Samples.refused("a@example.org", 550, hostile.reply().toArray(String[]::new));
        RecipientStatus recipient = new RecipientStatus(
                new RecipientStatus.Address(hostile.recipient(), Optional.of(hostile.recipient())),
                new Reply(550, hostile.reply()).status(),
                refused.lastAttempt(),
                Optional.empty(),
                List.of(new RecipientStatus.HistoryLine(Samples.NOW, hostile.history())));
        Submission submission = new Submission(
                new Submission.EnvelopeFacts(
                        Optional.of(hostile.sender()),
                        Optional.of("--x Action: delivered"),
                        Optional.of(Returned.FULL)),
                Samples.ARRIVED,
                Optional.empty(),
                Optional.of(hostile.subject()));
        return new DeliveryNotice(Event.FAILED, Samples.REPORTER, submission, List.of(recipient));
    }

    @Provide
    Arbitrary<Hostile> hostile() {
        Arbitrary<Mailbox> mailboxes = Arbitraries.oneOf(asciiMailboxes(), utf8Mailboxes());
        return Combinators.combine(
                        mailboxes, mailboxes, text().list().ofMinSize(1).ofMaxSize(25), text(), text())
                .as(Hostile::new);
    }

    @Provide
    Arbitrary<Mailbox> asciiMailboxes() {
        Arbitrary<String> quoted = Arbitraries.of(
                        " ",
                        "  ",
                        ":",
                        ";",
                        "<",
                        ">",
                        ",",
                        "--",
                        "=?",
                        "?=",
                        "=",
                        "+",
                        "a",
                        "\\\"",
                        "\\\\",
                        "(",
                        "b".repeat(60))
                .list()
                .ofMinSize(1)
                .ofMaxSize(12)
                .map(pieces -> "\"" + String.join("", pieces) + "\"");
        return quoted.filter(local -> local.length() <= 240).map(local -> Mailbox.parse(local + "@example.org"));
    }

    private static Arbitrary<Mailbox> utf8Mailboxes() {
        return Arbitraries.of(
                        "\u00e9",
                        "\u4e2d",
                        "\ud83d\ude00",
                        "\u202e",
                        "\u2028",
                        "\ufeff",
                        "+",
                        "=",
                        "a",
                        "\u00a0",
                        "+".repeat(60))
                .list()
                .ofMinSize(1)
                .ofMaxSize(30)
                .map(pieces -> "\u00e9" + String.join("", pieces))
                .filter(local -> local.getBytes(StandardCharsets.UTF_8).length <= 240)
                .map(local -> Mailbox.parse(local + "@example.org"));
    }

    private static Arbitrary<String> text() {
        return Arbitraries.of(
                        "\r\n",
                        "\r",
                        "\n",
                        "\0",
                        "\t",
                        " ",
                        "\r\nBcc: victim@example.com",
                        "\r\n\r\nAction: delivered",
                        "\r\n--" + GUESS + "--\r\n",
                        "--" + GUESS,
                        "\u0085",
                        "\u2028",
                        "\u202e",
                        "\ud83d\ude00",
                        "\ud83d",
                        "\u4e2d".repeat(300),
                        "5.1.1 ",
                        "=?utf-8?Q?=0D=0A?=",
                        "x".repeat(1200),
                        "word ")
                .list()
                .ofMaxSize(10)
                .map(pieces -> String.join("", pieces));
    }

    private static DeliveryStatus status(BodyPart part) throws Exception {
        return new DeliveryStatus(new ByteArrayInputStream(Samples.content(part).getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> names(InternetHeaders headers) {
        Stream<Header> fields = Collections.list(headers.getAllHeaders()).stream();
        return fields.map(Header::getName).toList();
    }

    private static long controls(byte[] octets) {
        long controls = 0;
        for (byte octet : octets) {
            boolean control = (octet >= 0 && octet < ' ') || octet == 0x7f;
            if (control && octet != '\r' && octet != '\n') {
                controls++;
            }
        }
        return controls;
    }
}
