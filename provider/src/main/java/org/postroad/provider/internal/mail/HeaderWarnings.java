// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.postroad.api.MessageWarning;
import org.postroad.api.Printable;

/** What is questionable in the header of a message, and cannot be changed by a transport: the message is the caller's. */
public final class HeaderWarnings {

    private static final String MESSAGE_ID = "Message-ID";

    /** What glibc and many containers call a host that has no name. */
    private static final String NO_NAME = ".localdomain";

    private HeaderWarnings() {}

    /**
     * Of a message that was written, and so has what is added to it when it is saved.
     *
     * @throws MessagingException if its header cannot be read
     */
    public static List<MessageWarning> of(MimeMessage message) throws MessagingException {
        return Optional.ofNullable(message.getHeader(MESSAGE_ID, null)).flatMap(HeaderWarnings::ofMessageId).stream()
                .toList();
    }

    /** RFC 5322 §3.6.4: the right-hand side is what makes an id unique in the world. */
    static Optional<MessageWarning> ofMessageId(String field) {
        String id = field.strip();
        String inner = id.startsWith("<") && id.endsWith(">") ? id.substring(1, id.length() - 1) : id;
        String domain = inner.substring(inner.lastIndexOf('@') + 1);
        if (inner.indexOf('@') >= 0 && isQualified(domain)) {
            return Optional.empty();
        }
        String what = inner.indexOf('@') < 0
                ? "it has no domain"
                : "its domain " + Printable.quote(domain) + " is not fully qualified";
        return Optional.of(new MessageWarning(
                MESSAGE_ID,
                what + ", so that it is not unique in the world, and some servers take the message for spam;"
                        + " Jakarta Mail makes it of the Session's property mail.from: set that to an address of yours"
                        + " before the message is saved"));
    }

    private static boolean isQualified(String domain) {
        String name = domain.toLowerCase(Locale.ROOT);
        boolean literal = name.startsWith("[") && name.endsWith("]");
        return literal || (name.indexOf('.') > 0 && !name.endsWith(NO_NAME));
    }
}
