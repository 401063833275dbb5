// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.jakarta;

import java.util.List;
import java.util.Optional;
import org.postroad.api.DeliveryReport;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;
import org.postroad.api.RecipientReport;
import org.postroad.api.RecipientReport.Decision;
import org.postroad.api.Verdict;

/** Builds reports on messages that were not sent to any recipient because of the caller's input. */
public final class UnsentReports {

    /** Where the syntax of a mailbox is defined; no requirement ID covers it. */
    static final String SYNTAX_RULE = "RFC 5321 4.1.2";

    private UnsentReports() {}

    /** All or nothing ({@code mail.mx.sendpartial=false}), and the address of a recipient is invalid. */
    public static DeliveryReport becauseOfInvalidRecipients(List<Mailbox> others) {
        return report(
                others,
                Verdict.DEFERRED,
                EnhancedStatus.UNDEFINED_4_0_0,
                new Decision(
                        "END-01",
                        "Held back: not every recipient's address is valid, and mail.mx.sendpartial is false"));
    }

    /** The reverse-path is unusable, so no recipient gets the message. */
    public static DeliveryReport becauseOfTheSender(List<Mailbox> recipients, String why) {
        return report(
                recipients, Verdict.FAILED, EnhancedStatus.BAD_SENDER_SYNTAX_5_1_7, new Decision(SYNTAX_RULE, why));
    }

    /** SMTP cannot carry the message unchanged, and it must not be changed. */
    public static DeliveryReport becauseOfTheMessage(List<Mailbox> recipients, String why) {
        return report(
                recipients,
                Verdict.FAILED,
                EnhancedStatus.CONVERSION_REQUIRED_5_6_3,
                new Decision("RFC 5321 2.3.7", "The message cannot be sent by SMTP: " + Printable.clean(why)));
    }

    private static DeliveryReport report(
            List<Mailbox> recipients, Verdict verdict, EnhancedStatus status, Decision decision) {
        return DeliveryReport.withoutContact(recipients.stream()
                .map(recipient -> new RecipientReport(recipient, verdict, status, decision, Optional.empty()))
                .toList());
    }
}
