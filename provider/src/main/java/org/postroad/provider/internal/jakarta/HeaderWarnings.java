// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.jakarta;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.postroad.api.MessageWarning;
import org.postroad.api.Printable;

/** Finds problems in the header of a message. The transport cannot fix them, because the message belongs to the caller. */
public final class HeaderWarnings {

    private static final String MESSAGE_ID = "Message-ID";

    /** Suffix that glibc and many containers give to a host without a domain name. */
    private static final String NO_NAME = ".localdomain";

    private HeaderWarnings() {}

    /**
     * Checks a message that was already written, so that its header includes what saving adds.
     *
     * @throws MessagingException if the header cannot be read
     */
    public static List<MessageWarning> of(MimeMessage message) throws MessagingException {
        return Optional.ofNullable(message.getHeader(MESSAGE_ID, null)).flatMap(HeaderWarnings::ofMessageId).stream()
                .toList();
    }

    /** Checks the domain of a Message-ID, which makes it globally unique (RFC 5322 §3.6.4). */
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
                what + ", so that it is not globally unique, and some servers treat the message as spam;"
                        + " Jakarta Mail builds it from the Session property mail.from: set that to one of your addresses"
                        + " before the message is saved"));
    }

    private static boolean isQualified(String domain) {
        String name = domain.toLowerCase(Locale.ROOT);
        boolean literal = name.startsWith("[") && name.endsWith("]");
        return literal || (name.indexOf('.') > 0 && !name.endsWith(NO_NAME));
    }
}
