// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.mail.SendFailedException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postroad.api.DeliveryReport;
import org.postroad.provider.internal.mail.Results;
import org.postroad.provider.internal.mail.Results.Kind;
import org.postroad.provider.internal.mail.Results.Result;
import org.postroad.provider.internal.mail.SmtpTypes;

/**
 * Not every recipient's mail was accepted; or, with {@code mail.mx.reportsuccess}, it was. The arrays hold the caller's own addresses;
 * {@link #report()} says for each of them what was asked, tried and answered. The message names each reason once, with the recipients
 * that it holds for.
 *
 * <p>{@link #getNextException()} has one exception more for each address that failed (with {@code mail.mx.reportsuccess}, for each
 * address), in order: an {@code SMTPAddressFailedException} or {@code SMTPAddressSucceededException} of Angus Mail where that is
 * visible, else a {@link SendFailedException} with the one address in its array. They are no causes: a log that prints this exception
 * does not print all of them.
 */
public class MxSendFailedException extends SendFailedException {

    private static final long serialVersionUID = 1L;

    private final transient DeliveryReport report;

    /** @param told which results are in the chain */
    MxSendFailedException(String message, Results results, List<Result> told, DeliveryReport report) {
        super(
                message,
                null,
                results.addresses(Kind.VALID_SENT),
                results.addresses(Kind.VALID_UNSENT),
                results.addresses(Kind.INVALID));
        this.report = report;
        told.forEach(result -> setNextException(SmtpTypes.visible().tell(result)));
    }

    /** What became of each recipient, and why; of recipients with a malformed address, too. */
    public DeliveryReport report() {
        return report;
    }

    /** Null: what is chained is one more view of the same failure. A stack trace would grow with the square of the recipients. */
    @Override
    public synchronized @Nullable Throwable getCause() {
        return null;
    }

    /** Name and message, without the chain, which says the same again. */
    @Override
    @SuppressWarnings("OverrideThrowableToString") // MessagingException does so, and appends the whole chain
    public String toString() {
        return getClass().getName() + ": " + getMessage();
    }
}
