// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.client;

import jakarta.activation.DataHandler;
import jakarta.activation.DataSource;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The messages: a text and a base64 attachment, of this total size in octets (within a percent). */
public enum SampleMessage {
    SMALL("8 KiB", 8 << 10),
    BIG("10 MB", 10_000_000);

    private static final int TEXT_LINES = 40;
    private static final String TEXT_LINE = "This line is one of forty, and all of them are the same.\n";

    /** The approximate size of header and boundaries. */
    private static final int FRAME = 600;

    /** A base64 line has 76 characters and CRLF for 57 octets. */
    private static final double BASE64 = 78.0 / 57;

    private final String size;
    private final int octets;

    SampleMessage(String size, int octets) {
        this.size = size;
        this.octets = octets;
    }

    /** Composes a new message. The attachment is generated while it is written, so it does not use memory. */
    public MimeMessage compose(Session session) throws MessagingException {
        MimeMessage message = new MimeMessage(session);
        message.setFrom(new InternetAddress(ClientTask.SENDER));
        message.setRecipient(Message.RecipientType.TO, new InternetAddress("list@destination.test"));
        message.setSubject("A message of " + size);
        MimeBodyPart text = new MimeBodyPart();
        text.setText(TEXT_LINE.repeat(TEXT_LINES));
        MimeBodyPart attachment = new MimeBodyPart();
        attachment.setDataHandler(new DataHandler(new Pattern(attachmentSize())));
        attachment.setHeader("Content-Transfer-Encoding", "base64");
        attachment.setFileName("pattern.bin");
        MimeMultipart parts = new MimeMultipart();
        parts.addBodyPart(text);
        parts.addBodyPart(attachment);
        message.setContent(parts);
        message.saveChanges();
        return message;
    }

    /** Returns the message as it is sent. */
    static byte[] octets(MimeMessage message) throws IOException, MessagingException {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        message.writeTo(written);
        return written.toByteArray();
    }

    private int attachmentSize() {
        return (int) ((octets - FRAME - TEXT_LINES * (TEXT_LINE.length() + 1)) / BASE64);
    }

    @Override
    public String toString() {
        return size;
    }

    /** Generated octets without a meaning. */
    private record Pattern(int size) implements DataSource {

        private static final int FACTOR = 31;

        @Override
        public InputStream getInputStream() {
            return new InputStream() {
                private int position;

                @Override
                public int read() {
                    return position < size ? (position++ * FACTOR) & 0xff : -1;
                }

                @Override
                public int read(byte[] target, int offset, int length) {
                    if (position == size && length > 0) {
                        return -1;
                    }
                    int count = Math.min(length, size - position);
                    for (int i = 0; i < count; i++) {
                        target[offset + i] = (byte) (position++ * FACTOR);
                    }
                    return count;
                }
            };
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            throw new IOException("A pattern cannot be written");
        }

        @Override
        public String getContentType() {
            return "application/octet-stream";
        }

        @Override
        public String getName() {
            return "pattern";
        }
    }
}
