// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** A message that writes exactly the octets that a test specifies, and counts attempts to change it. */
final class RawMessage extends MimeMessage {

    private final byte[] octets;
    private final boolean failsAtTheEnd;
    private int changes;

    private RawMessage(Session session, byte[] octets, boolean failsAtTheEnd) {
        super(session);
        this.octets = octets;
        this.failsAtTheEnd = failsAtTheEnd;
    }

    /** Creates a message from the tests' sender, with each character as one octet. */
    static RawMessage of(Session session, String text, String... recipients) throws MessagingException {
        return with(new RawMessage(session, text.getBytes(StandardCharsets.ISO_8859_1), false), recipients);
    }

    /** Creates a message whose content cannot be read to its end. */
    static RawMessage failing(Session session, String text, String... recipients) throws MessagingException {
        return with(new RawMessage(session, text.getBytes(StandardCharsets.ISO_8859_1), true), recipients);
    }

    private static RawMessage with(RawMessage message, String... recipients) throws MessagingException {
        message.setFrom(new InternetAddress("sender@" + TransportTck.CLIENT));
        for (String recipient : recipients) {
            message.addRecipient(Message.RecipientType.TO, new InternetAddress(recipient, false));
        }
        message.changes = 0;
        return message;
    }

    @Override
    public void writeTo(OutputStream out, String[] ignored) throws IOException {
        out.write(octets);
        if (failsAtTheEnd) {
            throw new IOException("the attachment is gone");
        }
    }

    @Override
    public void saveChanges() throws MessagingException {
        changes++;
        super.saveChanges();
    }

    @Override
    public void setHeader(String name, String value) throws MessagingException {
        changes++;
        super.setHeader(name, value);
    }

    @Override
    public void removeHeader(String name) throws MessagingException {
        changes++;
        super.removeHeader(name);
    }

    /** Returns how often the message was changed after its creation. */
    int changes() {
        return changes;
    }
}
