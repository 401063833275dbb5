// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.jakarta;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetHeaders;
import jakarta.mail.internet.MimeUtility;
import java.io.IOException;
import java.io.InputStream;
import java.io.UnsupportedEncodingException;
import java.util.Optional;
import org.postroad.provider.internal.envelope.MessageId;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.queue.store.QueuedMessage;

/** Reads from the header of a message what identifies it to people. */
public final class QueueLabels {

    private QueueLabels() {}

    /** Reads the labels of the message as it is sent, including headers that were added. */
    public static QueuedMessage.Labels of(SpooledMessage message) throws MessagingException {
        InternetHeaders header = header(message);
        return new QueuedMessage.Labels(
                messageId(header),
                Optional.ofNullable(header.getHeader("Subject", null)).map(QueueLabels::words));
    }

    /** Reads the Message-ID of the message as it is sent; empty if it cannot be cited. */
    public static Optional<MessageId> messageId(SpooledMessage message) throws MessagingException {
        return messageId(header(message));
    }

    private static InternetHeaders header(SpooledMessage message) throws MessagingException {
        try (InputStream in = message.openStream()) {
            return new InternetHeaders(in, true);
        } catch (IOException e) {
            throw new ExplainedException("The message cannot be read from its spool: " + e.getMessage(), e);
        }
    }

    private static Optional<MessageId> messageId(InternetHeaders header) {
        return Optional.ofNullable(header.getHeader("Message-ID", null)).flatMap(MessageId::tryParse);
    }

    private static String words(String subject) {
        String unfolded = MimeUtility.unfold(subject);
        try {
            return MimeUtility.decodeText(unfolded);
        } catch (UnsupportedEncodingException e) {
            return unfolded; // text in a charset that this JVM does not have stays encoded
        }
    }
}
