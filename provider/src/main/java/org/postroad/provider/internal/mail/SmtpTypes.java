// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.mail;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.internet.MimeMessage;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postroad.provider.internal.mail.Results.Kind;
import org.postroad.provider.internal.mail.Results.Result;
import org.postroad.provider.internal.smtp.Envelope.Notify;
import org.postroad.provider.internal.smtp.Envelope.Returned;

/**
 * The types around SMTP that applications know from the SMTP transport of Angus Mail. Where they are visible, its
 * {@code SMTPMessage} is heeded and its exceptions are chained, so that existing code keeps working; elsewhere the types of Jakarta
 * Mail have to do. Thread-safe.
 */
public class SmtpTypes {

    private static final Address[] NONE = {};

    SmtpTypes() {}

    /** What is visible to this class. */
    public static SmtpTypes visible() {
        return Visible.TYPES;
    }

    /** Asked once, when first needed. */
    private static final class Visible {

        static final SmtpTypes TYPES = find();

        private static SmtpTypes find() {
            try {
                Class.forName("org.eclipse.angus.mail.smtp.SMTPMessage", false, SmtpTypes.class.getClassLoader());
                return new AngusTypes();
            } catch (ClassNotFoundException | LinkageError absent) {
                return new SmtpTypes();
            }
        }
    }

    /**
     * What a message itself says about its sending; what it does not say is the settings' business.
     *
     * @param envelopeFrom the reverse-path; {@code <>} is the null sender
     * @param reports when a report is wanted: NOTIFY
     * @param returned RET
     * @param envelopeId ENVID
     * @param partial whether some recipients may get it where others cannot
     * @param requireTls whether it is rather not delivered than without authenticated TLS (RFC 8689)
     * @param unheeded what it says besides, and is not done; each is a whole sentence but for its beginning
     */
    public record Wishes(
            Optional<String> envelopeFrom,
            Optional<Set<Notify>> reports,
            Optional<Returned> returned,
            Optional<String> envelopeId,
            Optional<Boolean> partial,
            boolean requireTls,
            List<String> unheeded) {

        static final Wishes NONE = new Wishes(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                List.of());

        public Wishes {
            unheeded = List.copyOf(unheeded);
        }
    }

    /** What the message says. */
    public Wishes wishes(MimeMessage message) {
        return Wishes.NONE;
    }

    /** The exception in the chain that tells of one address. */
    public MessagingException tell(Result result) {
        Address[] one = {result.address()};
        return new SendFailedException(
                result.text(),
                null,
                result.kind() == Kind.VALID_SENT ? one : NONE,
                result.kind() == Kind.VALID_UNSENT ? one : NONE,
                result.kind() == Kind.INVALID ? one : NONE);
    }
}
