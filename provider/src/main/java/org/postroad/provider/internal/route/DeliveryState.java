// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.postroad.api.Attempt;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Mailbox;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.RecipientReport;
import org.postroad.api.RecipientReport.Decision;
import org.postroad.api.RemoteMta.Role;
import org.postroad.api.Verdict;

/**
 * The state of a delivery at one moment: the request and its history. Determines the pending recipients and turns decisions into reports:
 * recipients settled by a contact keep its result, the others get the result of the rule.
 */
final class DeliveryState {

    private final RoutingRequest request;
    private final DeliveryHistory known;
    private final List<RecipientAttempt> contacts;
    private final Map<Mailbox, List<RecipientAttempt>> contactsOf;
    private final boolean triedRelay;

    DeliveryState(RoutingRequest request, DeliveryHistory known) {
        this.request = request;
        this.known = known;
        this.contacts = new ArrayList<>();
        this.contactsOf = new HashMap<>();
        for (Attempt attempt : known.conclusiveAttempts()) {
            for (RecipientOutcome outcome : attempt.outcomes()) {
                RecipientAttempt contact = new RecipientAttempt(attempt, outcome);
                contacts.add(contact);
                contactsOf
                        .computeIfAbsent(contact.recipient(), recipient -> new ArrayList<>())
                        .add(contact);
            }
        }
        this.triedRelay = contacts.stream().anyMatch(contact -> contact.role() == Role.RELAY);
    }

    RoutingRequest request() {
        return request;
    }

    DeliveryHistory known() {
        return known;
    }

    /** TRY-06: returns the recipients not settled by any contact, in the order of the envelope. */
    List<Mailbox> open() {
        List<Mailbox> open = new ArrayList<>();
        for (Mailbox recipient : request.envelope().recipients()) {
            if (closing(recipient).isEmpty()) {
                open.add(recipient);
            }
        }
        return open;
    }

    private Optional<RecipientAttempt> closing(Mailbox recipient) {
        for (RecipientAttempt contact : contacts(recipient)) {
            if (!contact.meaning().isOpen()) {
                return Optional.of(contact);
            }
        }
        return Optional.empty();
    }

    /** Returns whether any host was contacted. Until a relay is contacted, this means one of the domain's own hosts. */
    boolean hasTried() {
        return !contacts.isEmpty();
    }

    /** Returns whether a relay was contacted. */
    boolean hasTriedRelay() {
        return triedRelay;
    }

    /** Returns every contact, in order. */
    List<RecipientAttempt> contacts() {
        return contacts;
    }

    private List<RecipientAttempt> contacts(Mailbox recipient) {
        return contactsOf.getOrDefault(recipient, List.of());
    }

    /** Returns the last contact for the recipient. */
    Optional<RecipientAttempt> lastContact(Mailbox recipient) {
        return last(contacts(recipient));
    }

    /**
     * END-01: returns the last 4yz reply of a remote MTA or, without one, the last failure. Once a relay was contacted, only relays count.
     */
    Optional<RecipientAttempt> lastSoft(Mailbox recipient) {
        List<RecipientAttempt> soft = contacts(recipient).stream()
                .filter(contact -> contact.meaning() == Disposition.SOFT)
                .filter(contact -> !hasTriedRelay() || contact.role() == Role.RELAY)
                .toList();
        return last(soft.stream().filter(RecipientAttempt::isTransientReply).toList())
                .or(() -> last(soft));
    }

    private static Optional<RecipientAttempt> last(List<RecipientAttempt> contacts) {
        return contacts.isEmpty() ? Optional.empty() : Optional.of(contacts.get(contacts.size() - 1));
    }

    /** Concludes with the same result for every pending recipient, decided without a host. */
    Step.Conclude concludeAll(EnhancedStatus status, String rule, String explanation) {
        return conclude(recipient -> report(recipient, status, rule, explanation));
    }

    /** Concludes with one report for each recipient; {@code ifOpen} provides those of the pending recipients. */
    Step.Conclude conclude(Function<Mailbox, RecipientReport> ifOpen) {
        List<RecipientReport> reports = new ArrayList<>();
        String refused = Refusals.words(Refusals.of(this));
        for (Mailbox recipient : request.envelope().recipients()) {
            reports.add(closing(recipient)
                    .map(DeliveryState::closed)
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

    private static RecipientReport closed(RecipientAttempt contact) {
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
            case SOFT, HOST_REFUSED -> throw new IllegalStateException(contact + " leaves its recipient open");
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
