// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.postroad.api.Printable;
import org.postroad.provider.internal.dsn.NoticeEncoding.TransferEncoding;

/** Writes notices (RFC 3464, 6522, 6533). */
public final class NoticeWriter {

    private static final String PREAMBLE = "This is a delivery status notification in MIME format (RFC 3464).\r\n";

    private NoticeWriter() {}

    /**
     * Writes the whole notice, including its header, in lines that end in CRLF.
     *
     * @param out not closed, and flushed only at the end
     * @throws IOException if the original cannot be read or the target cannot be written; the octets written so far are then not a valid
     *     notice
     */
    public static void write(DeliveryNotice notice, OriginalMessage original, NoticeStamp stamp, OutputStream out)
            throws IOException {
        write(notice, original, ReturnedContent.FULL, stamp, out);
    }

    /** Writes a notice that returns at most {@code limit} of the message. */
    public static void write(
            DeliveryNotice notice, OriginalMessage original, ReturnedContent limit, NoticeStamp stamp, OutputStream out)
            throws IOException {
        NoticeEncoding form = NoticeEncoding.to(notice.addressee());
        ReturnedContent returned = NoticeRules.returned(
                        notice.event(), notice.submission().envelope().returned(), original.facts())
                .atMost(limit);
        List<NoticePart> parts = new ArrayList<>();
        parts.add(humanPart(HumanText.of(notice, returned), form));
        parts.add(reportPart(StatusReport.of(notice, form), form));
        OriginalPart.of(original, returned, form).ifPresent(parts::add);

        OutputStream buffered = new BufferedOutputStream(out);
        buffered.write(header(notice, stamp, form, parts).octets());
        buffered.write(ascii(PREAMBLE));
        for (NoticePart part : parts) {
            buffered.write(ascii("\r\n--" + stamp.boundary() + "\r\n"));
            part.writeTo(buffered);
        }
        buffered.write(ascii("\r\n--" + stamp.boundary() + "--\r\n"));
        buffered.flush();
    }

    private static Fields header(
            DeliveryNotice notice, NoticeStamp stamp, NoticeEncoding form, List<NoticePart> parts) {
        boolean eightBit = parts.stream().anyMatch(part -> part.encoding() == TransferEncoding.EIGHT_BIT);
        Fields fields = new Fields();
        fields.add("From", "Mail Delivery System <" + notice.author() + ">");
        fields.add("To", "<" + notice.addressee() + ">");
        fields.addText("Subject", subject(notice), form);
        fields.add("Date", Dates.inHeader(stamp.now()));
        fields.add("Message-ID", stamp.messageId().text());
        notice.submission().messageId().ifPresent(original -> {
            fields.add("In-Reply-To", original.text());
            fields.add("References", original.text());
        });
        fields.add("Auto-Submitted", "auto-replied"); // RFC 3834 §5
        fields.add("MIME-Version", "1.0");
        fields.add(
                "Content-Type", "multipart/report; report-type=delivery-status; boundary=\"" + stamp.boundary() + "\"");
        fields.add(
                "Content-Transfer-Encoding",
                (eightBit ? TransferEncoding.EIGHT_BIT : TransferEncoding.SEVEN_BIT).toString());
        fields.endGroup();
        return fields;
    }

    /** Returns a subject with the event and the first recipient, which distinguishes notices in a list of messages. */
    private static String subject(DeliveryNotice notice) {
        String first =
                Printable.clean(notice.recipients().get(0).address().current().toString());
        int others = notice.recipients().size() - 1;
        String whom = first + (others == 0 ? "" : others == 1 ? " and another" : " and " + others + " others");
        return switch (notice.event()) {
            case FAILED -> (notice.isDoubleBounce() ? "Undelivered notice: " : "Undelivered mail: ") + whom;
            case DELAYED -> "Delayed mail, still trying: " + whom;
            case RELAYED -> "Mail passed on: " + whom;
        };
    }

    private static NoticePart humanPart(String text, NoticeEncoding form) {
        boolean ascii = LineFolding.isAscii(text);
        return new NoticePart(
                "text/plain; charset=" + (ascii ? "us-ascii" : "utf-8"),
                "What happened",
                form.encoding(ascii),
                out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static NoticePart reportPart(Fields report, NoticeEncoding form) {
        String type = report.isAscii() ? "message/delivery-status" : "message/global-delivery-status";
        return new NoticePart(
                type, "Delivery report", form.encoding(report.isAscii()), out -> out.write(report.octets()));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
