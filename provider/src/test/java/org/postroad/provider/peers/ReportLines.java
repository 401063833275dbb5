// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import jakarta.mail.SendFailedException;
import java.util.List;
import org.postroad.api.DeliveryReport;
import org.postroad.api.RecipientReport;
import org.postroad.provider.MxSendFailedException;

/** Prints the delivery report, if the exception has one. The exception of the control experiment has none. */
final class ReportLines {

    private ReportLines() {}

    /** {@code address verdict status rule remote} for each recipient; {@code -} if no host was contacted. */
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
        return failure instanceof MxSendFailedException mx ? mx.report() : new DeliveryReport(List.of());
    }
}
