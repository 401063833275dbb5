// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPAddressSucceededException;
import org.eclipse.angus.mail.smtp.SMTPMessage;
import org.postroad.provider.internal.mail.Results.Kind;
import org.postroad.provider.internal.mail.Results.Result;
import org.postroad.provider.internal.smtp.Envelope.Notify;
import org.postroad.provider.internal.smtp.Envelope.Returned;

/** The only class that knows Angus Mail; loaded where Angus Mail is. */
final class AngusTypes extends SmtpTypes {

    @Override
    public Wishes wishes(MimeMessage message) {
        if (!(message instanceof SMTPMessage smtp)) {
            return Wishes.NONE;
        }
        // As its documentation has it: null, 0 and false are "not set".
        return new Wishes(
                Optional.ofNullable(smtp.getEnvelopeFrom()).filter(from -> !from.isEmpty()),
                Optional.of(notify(smtp.getNotifyOptions())).filter(wishes -> !wishes.isEmpty()),
                returned(smtp.getReturnOption()),
                Optional.of(smtp.getSendPartial()).filter(partial -> partial));
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
    public MessagingException tell(Result result) {
        String command = "RCPT TO:<" + result.address().getAddress() + ">";
        return result.kind() == Kind.VALID_SENT
                ? new SMTPAddressSucceededException(result.address(), command, result.code(), result.text())
                : new SMTPAddressFailedException(result.address(), command, result.code(), result.text());
    }
}
