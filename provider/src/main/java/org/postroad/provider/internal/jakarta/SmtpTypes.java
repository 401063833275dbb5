// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.jakarta;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.internet.MimeMessage;
import org.jspecify.annotations.Nullable;
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

    /**
     * Returns the chained exception that reports the result of one address. Its text is about this address alone, and the next exception of the
     * chain is not its cause: those of Jakarta Mail repeat the rest of the chain, so that a printed chain would grow with the square of the
     * number of recipients.
     */
    public MessagingException toException(AddressResult result) {
        return new OneAddress(result);
    }

    /** Describes one address. */
    private static final class OneAddress extends SendFailedException {

        private static final long serialVersionUID = 1L;

        private final String text;

        OneAddress(AddressResult result) {
            super(
                    result.text(),
                    null,
                    of(result, ResultKind.VALID_SENT),
                    of(result, ResultKind.VALID_UNSENT),
                    of(result, ResultKind.INVALID));
            this.text = result.text();
        }

        /** Returns the text without that of the next exception, which Geronimo Mail adds. */
        @Override
        public String getMessage() {
            return text;
        }

        private static Address[] of(AddressResult result, ResultKind kind) {
            return result.kind() == kind ? new Address[] {result.address()} : NONE;
        }

        @Override
        public synchronized @Nullable Throwable getCause() {
            return null;
        }

        @Override
        @SuppressWarnings("OverrideThrowableToString") // shows the public class, which applications know
        public String toString() {
            return SendFailedException.class.getName() + ": " + getMessage();
        }
    }
}
