// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.mail.Address;
import jakarta.mail.SendFailedException;
import java.util.Map;
import org.postroad.api.DeliveryReport;
import org.postroad.provider.internal.mail.Failures;

/**
 * Not every recipient's mail was accepted. The arrays hold the caller's own addresses; {@link #report()} says for each of them what
 * was asked, tried and answered. {@link #getNextException()} has one exception more for each address that failed, in order.
 */
public class MxSendFailedException extends SendFailedException {

    private static final long serialVersionUID = 1L;
    private static final Address[] NONE = {};

    private final transient DeliveryReport report;

    MxSendFailedException(Failures failures, DeliveryReport report) {
        super(
                message(failures),
                null,
                failures.validSent().toArray(NONE),
                failures.validUnsent().toArray(NONE),
                failures.invalid().toArray(NONE));
        this.report = report;
        for (Map.Entry<Address, String> failure : failures.reasons().entrySet()) {
            setNextException(new SendFailedException(failure.getValue()));
        }
    }

    /** What became of each recipient, and why. Recipients with an invalid address are not in it: they were sent to nobody. */
    public DeliveryReport report() {
        return report;
    }

    private static String message(Failures failures) {
        int failed = failures.reasons().size();
        int all = failed + failures.validSent().size();
        return "Not accepted for " + failed + " of " + all + " recipients: "
                + String.join("; ", failures.reasons().values());
    }
}
