// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.jakarta;

import jakarta.activation.DataHandler;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import org.postroad.api.Mailbox;
import org.postroad.api.TlsReport;
import org.postroad.provider.internal.tlsrpt.ReportWriter;

/** Builds a TLS report as a mail message (RFC 8460 §5.3). */
public final class ReportMessage {

    private ReportMessage() {}

    /**
     * @param from the reporter's contact address
     * @param recipients at least one
     */
    public static MimeMessage of(Session session, TlsReport report, Mailbox from, List<Mailbox> recipients, Date date)
            throws MessagingException {
        String submitter = from.domain().toString();
        MimeMessage message = new MimeMessage(session) {
            @Override
            protected void updateMessageID() throws MessagingException {
                setHeader("Message-ID", "<" + report.id() + ">"); // so that duplicates can be recognized
            }
        };
        message.setFrom(new InternetAddress(from.toString()));
        for (Mailbox recipient : recipients) {
            message.addRecipient(Message.RecipientType.TO, new InternetAddress(recipient.toString()));
        }
        message.setSentDate(date);
        message.setSubject(
                "Report Domain: " + report.domain() + " Submitter: " + submitter + " Report-ID: <" + report.id() + ">");
        message.setHeader("TLS-Report-Domain", report.domain().text());
        message.setHeader("TLS-Report-Submitter", submitter);
        // The problems reported must not prevent delivery of the report, and are not reported again for it (RFC 8460
        // §3, RFC 8689 §5).
        message.setHeader("TLS-Required", "No");
        message.setHeader("Auto-Submitted", "auto-generated");
        message.setDataHandler(new DataHandler(parts(report, submitter)));
        message.saveChanges();
        return message;
    }

    /**
     * Writes the multipart here: other software in the JVM may have registered a handler for multipart/report that supports only delivery
     * status notifications.
     */
    private static ByteArrayDataSource parts(TlsReport report, String submitter) throws MessagingException {
        MimeMultipart parts = new MimeMultipart("report", text(report, submitter), attachment(report, submitter));
        ContentType type = new ContentType(parts.getContentType());
        type.setParameter("report-type", "tlsrpt");
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try {
            parts.writeTo(octets);
        } catch (IOException e) {
            throw new UncheckedIOException("Writing to memory failed", e);
        }
        return new ByteArrayDataSource(octets.toByteArray(), type.toString());
    }

    private static MimeBodyPart text(TlsReport report, String submitter) throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setText("This is an aggregate report of TLS in mail that " + submitter + " sent to " + report.domain()
                + " on " + report.day() + " (UTC), as RFC 8460 describes it.\r\n");
        part.setHeader("Content-Type", "text/plain; charset=us-ascii");
        return part;
    }

    private static MimeBodyPart attachment(TlsReport report, String submitter) throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setDataHandler(
                new DataHandler(new ByteArrayDataSource(ReportWriter.zipped(report), ReportWriter.ZIPPED_TYPE)));
        part.setHeader("Content-Type", ReportWriter.ZIPPED_TYPE);
        part.setHeader("Content-Transfer-Encoding", "base64");
        part.setDisposition(Part.ATTACHMENT);
        part.setFileName(fileName(report, submitter));
        return part;
    }

    private static String fileName(TlsReport report, String submitter) {
        return submitter + "!" + report.domain() + "!" + startOf(report.day()) + "!"
                + (startOf(report.day().plusDays(1)) - 1) + ".json.gz";
    }

    private static long startOf(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toEpochSecond();
    }
}
