// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.mail.SendFailedException;
import java.util.List;
import java.util.stream.Collectors;
import org.postroad.api.DeliveryReport;
import org.postroad.provider.internal.mail.Results;
import org.postroad.provider.internal.mail.Results.Kind;
import org.postroad.provider.internal.mail.Results.Result;
import org.postroad.provider.internal.mail.SmtpTypes;

/**
 * Not every recipient's mail was accepted; or, with {@code mail.mx.reportsuccess}, it was. The arrays hold the caller's own addresses;
 * {@link #report()} says for each of them what was asked, tried and answered.
 *
 * <p>{@link #getNextException()} has one exception more for each address that failed (with {@code mail.mx.reportsuccess}, for each
 * address), in order: an {@code SMTPAddressFailedException} or {@code SMTPAddressSucceededException} of Angus Mail where that is
 * visible, else a {@link SendFailedException} with the one address in its array.
 */
public class MxSendFailedException extends SendFailedException {

    private static final long serialVersionUID = 1L;

    /** Addresses that the message names; the report and the chain have all. */
    private static final int MAX_NAMED = 10;

    private final transient DeliveryReport report;

    MxSendFailedException(Results results, List<Result> told, DeliveryReport report) {
        super(
                message(results),
                null,
                results.addresses(Kind.VALID_SENT),
                results.addresses(Kind.VALID_UNSENT),
                results.addresses(Kind.INVALID));
        this.report = report;
        told.forEach(result -> setNextException(SmtpTypes.visible().tell(result)));
    }

    /** What became of each recipient, and why. Recipients with an invalid address are not in it: they were sent to nobody. */
    public DeliveryReport report() {
        return report;
    }

    private static String message(Results results) {
        List<Result> failures = results.failures();
        if (failures.isEmpty()) {
            return "Accepted for all " + results.all().size() + " recipients";
        }
        return "Not accepted for " + failures.size() + " of " + results.all().size() + " recipients: "
                + failures.stream().limit(MAX_NAMED).map(Result::text).collect(Collectors.joining("; "))
                + (failures.size() > MAX_NAMED ? "; and " + (failures.size() - MAX_NAMED) + " more" : "");
    }
}
