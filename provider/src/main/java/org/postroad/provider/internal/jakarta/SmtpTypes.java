// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.jakarta;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.internet.MimeMessage;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postroad.provider.internal.jakarta.Results.AddressResult;
import org.postroad.provider.internal.jakarta.Results.ResultKind;
import org.postroad.provider.internal.smtp.Envelope.Notify;
import org.postroad.provider.internal.smtp.Envelope.Returned;

/**
 * The SMTP-specific types that applications written for the SMTP transport of Angus Mail use. If they are available, {@code SMTPMessage}
 * is honoured and the exceptions of Angus Mail are chained, so that existing code keeps working; otherwise the types of Jakarta Mail are
 * used. Thread-safe.
 */
public class SmtpTypes {

    private static final Address[] NONE = {};

    SmtpTypes() {}

    /** Returns the types available to the class loader of this class. */
    public static SmtpTypes visible() {
        return Visible.TYPES;
    }

    /** Looks for Angus Mail once, on first use. */
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
     * Options given by the message itself. The settings apply to everything it leaves open.
     *
     * @param envelopeFrom the reverse-path; {@code <>} is the null sender
     * @param reports NOTIFY: when a report is requested
     * @param returned RET
     * @param envelopeId ENVID
     * @param partial whether some recipients may get the message if others cannot
     * @param requireTls whether the message must not be delivered without authenticated TLS (RFC 8689)
     * @param unheeded options that are ignored, each as the rest of a sentence that begins with "An SMTPMessage has"
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

    /** Returns the options given by the message. */
    public Wishes wishes(MimeMessage message) {
        return Wishes.NONE;
    }

    /** Returns the chained exception that reports the result of one address. */
    public MessagingException tell(AddressResult result) {
        Address[] one = {result.address()};
        return new SendFailedException(
                result.text(),
                null,
                result.kind() == ResultKind.VALID_SENT ? one : NONE,
                result.kind() == ResultKind.VALID_UNSENT ? one : NONE,
                result.kind() == ResultKind.INVALID ? one : NONE);
    }
}
