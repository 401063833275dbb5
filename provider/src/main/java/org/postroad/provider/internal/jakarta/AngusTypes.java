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
import org.postroad.provider.internal.jakarta.Results.AddressResult;
import org.postroad.provider.internal.jakarta.Results.ResultKind;
import org.postroad.provider.internal.smtp.Envelope.Notify;
import org.postroad.provider.internal.smtp.Envelope.Returned;

/** The only class that uses Angus Mail; loaded only if Angus Mail is available. */
final class AngusTypes extends SmtpTypes {

    @Override
    public Wishes wishes(MimeMessage message) {
        if (!(message instanceof SMTPMessage smtp)) {
            return Wishes.NONE;
        }
        MailExtension extension =
                MailExtension.parse(text(smtp.getMailExtension()).orElse(""));
        List<String> unheeded = new ArrayList<>(extension.unheeded());
        text(smtp.getSubmitter())
                .ifPresent(submitter -> unheeded.add("the submitter " + Printable.quote(submitter)
                        + ", which is not passed on: mail exchangers do not trust such a claim (RFC 4954 §5)"));
        if (smtp.getAllow8bitMIME()) {
            unheeded.add(
                    "allow8bitMIME, which changes nothing: parts that are 8bit go as they are where the server takes them,"
                            + " and no part is made 8bit");
        }
        // As documented by SMTPMessage, null, 0 and false mean "not set".
        return new Wishes(
                text(smtp.getEnvelopeFrom()),
                Optional.of(notify(smtp.getNotifyOptions())).filter(wishes -> !wishes.isEmpty()),
                returned(smtp.getReturnOption()).or(extension::returned),
                extension.envelopeId(),
                Optional.of(smtp.getSendPartial()).filter(partial -> partial),
                extension.requireTls(),
                unheeded);
    }

    private static Optional<String> text(@Nullable String text) {
        return Optional.ofNullable(text).map(String::strip).filter(given -> !given.isEmpty());
    }

    private static Set<Notify> notify(int options) {
        if (options == SMTPMessage.NOTIFY_NEVER) {
            return Set.of(Notify.NEVER);
        }
        Set<Notify> wishes = EnumSet.noneOf(Notify.class);
        if ((options & SMTPMessage.NOTIFY_SUCCESS) != 0) {
            wishes.add(Notify.SUCCESS);
        }
        if ((options & SMTPMessage.NOTIFY_FAILURE) != 0) {
            wishes.add(Notify.FAILURE);
        }
        if ((options & SMTPMessage.NOTIFY_DELAY) != 0) {
            wishes.add(Notify.DELAY);
        }
        return wishes;
    }

    private static Optional<Returned> returned(int option) {
        return switch (option) {
            case SMTPMessage.RETURN_FULL -> Optional.of(Returned.FULL);
            case SMTPMessage.RETURN_HDRS -> Optional.of(Returned.HDRS);
            default -> Optional.empty();
        };
    }

    @Override
    public MessagingException tell(AddressResult result) {
        String command = "RCPT TO:<" + result.address().getAddress() + ">";
        return result.kind() == ResultKind.VALID_SENT
                ? new SMTPAddressSucceededException(result.address(), command, result.code(), result.text())
                : new SMTPAddressFailedException(result.address(), command, result.code(), result.text());
    }
}
