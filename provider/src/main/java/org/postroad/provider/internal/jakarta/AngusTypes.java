// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.jakarta;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPAddressSucceededException;
import org.eclipse.angus.mail.smtp.SMTPMessage;
import org.jspecify.annotations.Nullable;
import org.postroad.api.Printable;
import org.postroad.provider.internal.envelope.Notify;
import org.postroad.provider.internal.envelope.Returned;
import org.postroad.provider.internal.jakarta.Results.AddressResult;
import org.postroad.provider.internal.jakarta.Results.ResultKind;

/** The only class that uses Angus Mail; loaded only if Angus Mail is available. */
final class AngusTypes extends SmtpTypes {

    @Override
    public MessageOptions options(MimeMessage message) {
        if (!(message instanceof SMTPMessage smtp)) {
            return MessageOptions.NONE;
        }
        MailExtension extension =
                MailExtension.parse(text(smtp.getMailExtension()).orElse(""));
        List<String> ignored = new ArrayList<>(extension.ignored());
        text(smtp.getSubmitter())
                .ifPresent(submitter -> ignored.add("the submitter " + Printable.quote(submitter)
                        + ", which is not passed on: mail exchangers do not trust such a claim (RFC 4954 §5)"));
        if (smtp.getAllow8bitMIME()) {
            ignored.add(
                    "allow8bitMIME, which has no effect: 8bit parts are sent unchanged if the server supports 8BITMIME, and no"
                            + " part is converted to 8bit");
        }
        // As documented by SMTPMessage, null, 0 and false mean "not set".
        return new MessageOptions(
                text(smtp.getEnvelopeFrom()),
                Optional.of(notify(smtp.getNotifyOptions())).filter(notify -> !notify.isEmpty()),
                returned(smtp.getReturnOption()).or(extension::returned),
                extension.envelopeId(),
                Optional.of(smtp.getSendPartial()).filter(partial -> partial),
                extension.requireTls(),
                ignored);
    }

    private static Optional<String> text(@Nullable String text) {
        return Optional.ofNullable(text).map(String::strip).filter(given -> !given.isEmpty());
    }

    private static Set<Notify> notify(int options) {
        if (options == SMTPMessage.NOTIFY_NEVER) {
            return Set.of(Notify.NEVER);
        }
        Set<Notify> notify = EnumSet.noneOf(Notify.class);
        if ((options & SMTPMessage.NOTIFY_SUCCESS) != 0) {
            notify.add(Notify.SUCCESS);
        }
        if ((options & SMTPMessage.NOTIFY_FAILURE) != 0) {
            notify.add(Notify.FAILURE);
        }
        if ((options & SMTPMessage.NOTIFY_DELAY) != 0) {
            notify.add(Notify.DELAY);
        }
        return notify;
    }

    private static Optional<Returned> returned(int option) {
        return switch (option) {
            case SMTPMessage.RETURN_FULL -> Optional.of(Returned.FULL);
            case SMTPMessage.RETURN_HDRS -> Optional.of(Returned.HDRS);
            default -> Optional.empty();
        };
    }

    @Override
    public MessagingException toException(AddressResult result) {
        String command = "RCPT TO:<" + result.address().getAddress() + ">";
        return result.kind() == ResultKind.VALID_SENT
                ? new SucceededAddress(result, command)
                : new FailedAddress(result, command);
    }

    /** Describes one address; see {@link SmtpTypes#toException}. */
    private static final class FailedAddress extends SMTPAddressFailedException {

        private static final long serialVersionUID = 1L;

        FailedAddress(AddressResult result, String command) {
            super(result.address(), command, result.code(), result.text());
        }

        @Override
        public synchronized @Nullable Throwable getCause() {
            return null;
        }

        @Override
        public String toString() {
            return SMTPAddressFailedException.class.getName() + ": " + getMessage();
        }
    }

    /** Describes one address; see {@link SmtpTypes#toException}. */
    private static final class SucceededAddress extends SMTPAddressSucceededException {

        private static final long serialVersionUID = 1L;

        SucceededAddress(AddressResult result, String command) {
            super(result.address(), command, result.code(), result.text());
        }

        @Override
        public synchronized @Nullable Throwable getCause() {
            return null;
        }

        @Override
        public String toString() {
            return SMTPAddressSucceededException.class.getName() + ": " + getMessage();
        }
    }
}
