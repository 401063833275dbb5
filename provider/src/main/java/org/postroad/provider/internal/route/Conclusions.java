// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Mailbox;
import org.postroad.api.RecipientReport;
import org.postroad.api.RecipientReport.Decision;
import org.postroad.api.RemoteMta.Role;
import org.postroad.api.Verdict;

/**
 * Turns the end of a delivery into reports: recipients settled by a contact keep its result, the others get the result of the rule that
 * concluded the delivery.
 */
final class Conclusions {

    private Conclusions() {}

    /** Concludes with the same result for every pending recipient, decided without a host. */
    static Step.Conclude forAll(DeliveryState now, EnhancedStatus status, String rule, String explanation) {
        return of(now, recipient -> report(recipient, status, rule, explanation));
    }

    /** Concludes with one report for each recipient; {@code ifOpen} provides those of the pending recipients. */
    static Step.Conclude of(DeliveryState now, Function<Mailbox, RecipientReport> ifOpen) {
        List<RecipientReport> reports = new ArrayList<>();
        String refused = Refusals.words(Refusals.of(now));
        for (Mailbox recipient : now.request().envelope().recipients()) {
            reports.add(now.settlement(recipient)
                    .map(Conclusions::settled)
                    .orElseGet(() -> withSuffix(ifOpen.apply(recipient), refused)));
        }
        return new Step.Conclude(reports);
    }

    /** ADDR-05: adds the refused addresses to the explanation of a recipient that was not reached. */
    private static RecipientReport withSuffix(RecipientReport report, String suffix) {
        Decision decision = report.decision();
        // Only the END rules can result from a lack of addresses.
        return suffix.isEmpty() || !decision.rule().startsWith("END-")
                ? report
                : new RecipientReport(
                        report.recipient(),
                        report.verdict(),
                        report.status(),
                        new Decision(decision.rule(), decision.explanation() + suffix),
                        report.decidedBy());
    }

    /** Returns a result decided without a host. */
    static RecipientReport report(Mailbox recipient, EnhancedStatus status, String rule, String explanation) {
        return new RecipientReport(
                recipient, verdict(status), status, new Decision(rule, explanation), Optional.empty());
    }

    /** Returns the result of a contact that left its recipient pending when nothing is left to try. */
    static RecipientReport report(RecipientAttempt contact, String rule) {
        return report(contact, verdict(contact.status()), rule, "Nothing is left to try; " + contact.describe());
    }

    private static RecipientReport settled(RecipientAttempt contact) {
        return switch (contact.meaning()) {
            case DELIVERED -> report(contact, Verdict.DELIVERED, "TRY-01", "Accepted by " + contact.describe());
            case REJECTED ->
                report(
                        contact,
                        Verdict.FAILED,
                        contact.role() == Role.RELAY ? "RELAY-06" : "TRY-02",
                        "Rejected by " + contact.describe());
            case IN_DOUBT ->
                report(
                        contact,
                        Verdict.IN_DOUBT,
                        "TRY-05",
                        "It may have arrived, the reply was lost; " + contact.describe());
            case SOFT, HOST_REFUSED ->
                throw new IllegalStateException("The recipient is still pending after " + contact);
        };
    }

    private static RecipientReport report(RecipientAttempt contact, Verdict verdict, String rule, String explanation) {
        return new RecipientReport(
                contact.recipient(),
                verdict,
                contact.status(),
                new Decision(rule, explanation),
                Optional.of(contact.decidedBy()));
    }

    private static Verdict verdict(EnhancedStatus status) {
        return status.isPermanent() ? Verdict.FAILED : Verdict.DEFERRED;
    }
}
