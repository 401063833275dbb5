// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.jakarta;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.internet.MimeMessage;
import org.postroad.provider.internal.jakarta.Results.AddressResult;
import org.postroad.provider.internal.jakarta.Results.ResultKind;

/**
 * The SMTP-specific types that applications written for the SMTP transport of Angus Mail use. This class is for class paths without them:
 * it uses the types of Jakarta Mail. Thread-safe.
 */
public class SmtpTypes {

    private static final Address[] NONE = {};

    SmtpTypes() {}

    /** Returns the options given by the message. */
    public MessageOptions options(MimeMessage message) {
        return MessageOptions.NONE;
    }

    /** Returns the chained exception that reports the result of one address. */
    public MessagingException toException(AddressResult result) {
        Address[] one = {result.address()};
        return new SendFailedException(
                result.text(),
                null,
                result.kind() == ResultKind.VALID_SENT ? one : NONE,
                result.kind() == ResultKind.VALID_UNSENT ? one : NONE,
                result.kind() == ResultKind.INVALID ? one : NONE);
    }
}
