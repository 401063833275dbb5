// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import jakarta.mail.SendFailedException;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import org.postroad.api.DeliveryReport;
import org.postroad.api.RecipientReport;

/** The delivery report, where the exception carries one: the control experiment's does not. */
final class ReportLines {

    private ReportLines() {}

    /** {@code address verdict status rule remote} for each recipient; {@code -} where no host was contacted. */
    static List<String> of(SendFailedException failure) {
        return report(failure).recipients().stream().map(ReportLines::line).toList();
    }

    private static String line(RecipientReport report) {
        String remote = report.decidedBy().map(by -> by.remote().toString()).orElse("-");
        return String.join(
                " ",
                report.recipient().toString(),
                report.verdict().toString(),
                report.status().toString(),
                report.decision().rule(),
                remote);
    }

    private static DeliveryReport report(SendFailedException failure) {
        try {
            return (DeliveryReport) failure.getClass().getMethod("report").invoke(failure);
        } catch (NoSuchMethodException anotherTransport) {
            return new DeliveryReport(List.of());
        } catch (IllegalAccessException | InvocationTargetException problem) {
            throw new IllegalStateException(problem);
        }
    }
}
