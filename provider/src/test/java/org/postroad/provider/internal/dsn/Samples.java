// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Host;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Mailbox;
import org.postroad.api.RemoteMta;
import org.postroad.api.Reply;
import org.postroad.provider.internal.envelope.MessageId;
import org.postroad.provider.internal.envelope.Returned;

/** Notices for tests, and an independent reader for them. */
final class Samples {

    static final Instant ARRIVED = Instant.parse("2026-11-25T09:30:15Z");
    static final Instant NOW = Instant.parse("2026-11-25T09:31:00Z");
    static final Mailbox SENDER = Mailbox.parse("sender@example.net");
    static final Host REPORTER = HostName.parse("mail.example.net");
    static final String BOUNDARY = "=_boundary_0123456789";
    static final NoticeStamp STAMP = new NoticeStamp(NOW, new MessageId("<notice-1@mail.example.net>"), BOUNDARY);
    static final RemoteMta MX = new RemoteMta(
            RemoteMta.Role.MAIL_EXCHANGER, HostName.parse("mx.example.org"), IpAddress.parse("192.0.2.1"), 25);
    static final String HEADER = "From: sender@example.net\r\nSubject: Invoice\r\n 4711\r\n";
    static final String ORIGINAL = HEADER + "\r\nThe invoice.\r\n";

    private Samples() {}

    /** A message in memory. */
    record Original(byte[] octets, OriginalFacts facts) implements OriginalMessage {

        static Original of(String text) {
            return of(text, false, false);
        }

        static Original of(String text, boolean has8bitBody, boolean hasUtf8Header) {
            byte[] octets = text.getBytes(StandardCharsets.UTF_8);
            boolean overlong = text.lines().anyMatch(line -> line.length() > 998);
            return new Original(octets, new OriginalFacts(octets.length, has8bitBody, hasUtf8Header, overlong));
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(octets);
        }
    }

    static Submission submission() {
        return submissionOf(SENDER);
    }

    static Submission submissionOf(Mailbox sender) {
        return new Submission(
                new Submission.EnvelopeFacts(Optional.of(sender), Optional.empty(), Optional.of(Returned.FULL)),
                ARRIVED,
                Optional.empty(),
                Optional.empty());
    }

    /** Returns a recipient refused by a server. */
    static RecipientStatus refused(String address, int code, String... lines) {
        Reply reply = new Reply(code, List.of(lines));
        return new RecipientStatus(
                to(address),
                reply.status(),
                Optional.of(new RecipientStatus.LastAttempt(
                        Instant.parse("2026-11-25T09:30:59Z"), Optional.of(MX), Optional.of(reply))),
                Optional.empty(),
                List.of());
    }

    /** Returns a recipient whose status does not come from a server's reply. */
    static RecipientStatus found(String address, EnhancedStatus status) {
        return new RecipientStatus(to(address), status, Optional.empty(), Optional.empty(), List.of());
    }

    static RecipientStatus.Address to(String address) {
        return new RecipientStatus.Address(Mailbox.parse(address), Optional.empty());
    }

    static DeliveryNotice failed(RecipientStatus... recipients) {
        return new DeliveryNotice(Event.FAILED, REPORTER, submission(), List.of(recipients));
    }

    static DeliveryNotice failedFor(Mailbox sender, RecipientStatus... recipients) {
        return new DeliveryNotice(Event.FAILED, REPORTER, submissionOf(sender), List.of(recipients));
    }

    static byte[] write(DeliveryNotice notice, OriginalMessage original) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        NoticeWriter.write(notice, original, STAMP, out);
        return out.toByteArray();
    }

    /** Returns the notice as read by Angus Mail. */
    static MimeMessage read(byte[] octets) throws MessagingException {
        Properties properties = new Properties();
        properties.setProperty("mail.mime.allowutf8", "true");
        return new MimeMessage(Session.getInstance(properties), new ByteArrayInputStream(octets));
    }

    static BodyPart part(MimeMessage message, int index) throws MessagingException, IOException {
        return ((MimeMultipart) message.getContent()).getBodyPart(index);
    }

    /** Returns the decoded content of a part. */
    static String content(BodyPart part) throws MessagingException, IOException {
        try (InputStream in = part.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Returns the content of a part of type message. Angus Mail does not decode it unless a system property is set. */
    static String messageContent(BodyPart part) throws MessagingException, IOException {
        try (InputStream in = MimeUtility.decode(
                ((MimeBodyPart) part).getRawInputStream(), part.getHeader("Content-Transfer-Encoding")[0])) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static boolean isAscii(byte[] octets) {
        for (byte octet : octets) {
            if (octet < 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns the octets of the longest line, without its end. Fails if a line ends in anything but CRLF. */
    static int longestLine(byte[] octets) {
        int longest = 0;
        int start = 0;
        for (int i = 0; i < octets.length; i++) {
            if (octets[i] == '\n') {
                if (i == 0 || octets[i - 1] != '\r') {
                    throw new AssertionError("A bare LF at " + i);
                }
                longest = Math.max(longest, i - 1 - start);
                start = i + 1;
            } else if (octets[i] == '\r' && (i + 1 == octets.length || octets[i + 1] != '\n')) {
                throw new AssertionError("A bare CR at " + i);
            }
        }
        if (start != octets.length) {
            throw new AssertionError("The last line has no end");
        }
        return longest;
    }
}
