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
 * A delivery at one moment: what is wanted and what is known. It knows who is still open, and turns decisions into reports:
 * recipients that a contact closed keep what it decided, the rest get the rule's result.
 */
final class Situation {

    private final Request request;
    private final Known known;
    private final List<Contact> contacts;
    private final Map<Mailbox, List<Contact>> contactsOf;
    private final boolean triedRelay;

    Situation(Request request, Known known) {
        this.request = request;
        this.known = known;
        this.contacts = new ArrayList<>();
        this.contactsOf = new HashMap<>();
        for (Attempt attempt : known.conclusiveAttempts()) {
            for (RecipientOutcome outcome : attempt.outcomes()) {
                Contact contact = new Contact(attempt, outcome);
                contacts.add(contact);
                contactsOf
                        .computeIfAbsent(contact.recipient(), recipient -> new ArrayList<>())
                        .add(contact);
            }
        }
        this.triedRelay = contacts.stream().anyMatch(contact -> contact.role() == Role.RELAY);
    }

    /** What is wanted. */
    Request request() {
        return request;
    }

    /** What is known. */
    Known known() {
        return known;
    }

    /** TRY-06: the recipients that no contact has closed, in the order of the envelope. */
    List<Mailbox> open() {
        List<Mailbox> open = new ArrayList<>();
        for (Mailbox recipient : request.envelope().recipients()) {
            if (closing(recipient).isEmpty()) {
                open.add(recipient);
            }
        }
        return open;
    }

    private Optional<Contact> closing(Mailbox recipient) {
        for (Contact contact : contacts(recipient)) {
            if (!contact.meaning().isOpen()) {
                return Optional.of(contact);
            }
        }
        return Optional.empty();
    }

    /** Whether any host was contacted; as long as no relay was, that is one of the domain's own. */
    boolean hasTried() {
        return !contacts.isEmpty();
    }

    /** Whether a relay was contacted. */
    boolean hasTriedRelay() {
        return triedRelay;
    }

    /** Every contact, recipient by recipient, in order. */
    List<Contact> contacts() {
        return contacts;
    }

    private List<Contact> contacts(Mailbox recipient) {
        return contactsOf.getOrDefault(recipient, List.of());
    }

    /** The last contact for the recipient. */
    Optional<Contact> lastContact(Mailbox recipient) {
        return last(contacts(recipient));
    }

    /** END-01: the last 4yz reply of a remote MTA if one came, else the last failure; of relays only once one was contacted. */
    Optional<Contact> lastSoft(Mailbox recipient) {
        List<Contact> soft = contacts(recipient).stream()
                .filter(contact -> contact.meaning() == Meaning.SOFT)
                .filter(contact -> !hasTriedRelay() || contact.role() == Role.RELAY)
                .toList();
        return last(soft.stream().filter(Contact::isTransientReply).toList()).or(() -> last(soft));
    }

    private static Optional<Contact> last(List<Contact> contacts) {
        return contacts.isEmpty() ? Optional.empty() : Optional.of(contacts.get(contacts.size() - 1));
    }

    /** The same result for every open recipient, decided without a host. */
    Step.Conclude concludeAll(EnhancedStatus status, String rule, String explanation) {
        return conclude(recipient -> report(recipient, status, rule, explanation));
    }

    /** A result for each open recipient. */
    Step.Conclude conclude(Function<Mailbox, RecipientReport> ifOpen) {
        List<RecipientReport> reports = new ArrayList<>();
        String refused = Refusals.words(Refusals.of(this));
        for (Mailbox recipient : request.envelope().recipients()) {
            reports.add(closing(recipient)
                    .map(Situation::closed)
                    .orElseGet(() -> withSuffix(ifOpen.apply(recipient), refused)));
        }
        return new Step.Conclude(reports);
    }

    /** ADDR-05: the reason why a recipient was not reached names the addresses that were left out. */
    private static RecipientReport withSuffix(RecipientReport report, String suffix) {
        Decision decision = report.decision();
        // Of the others, none was for want of an address.
        return suffix.isEmpty() || !decision.rule().startsWith("END-")
                ? report
                : new RecipientReport(
                        report.recipient(),
                        report.verdict(),
                        report.status(),
                        new Decision(decision.rule(), decision.explanation() + suffix),
                        report.decidedBy());
    }

    /** A result decided without a host. */
    static RecipientReport report(Mailbox recipient, EnhancedStatus status, String rule, String explanation) {
        return new RecipientReport(
                recipient, verdict(status), status, new Decision(rule, explanation), Optional.empty());
    }

    /** The result of a contact that left its recipient open, when nothing is left to try. */
    static RecipientReport report(Contact contact, String rule) {
        return report(contact, verdict(contact.status()), rule, "Nothing is left to try; " + contact.describe());
    }

    private static RecipientReport closed(Contact contact) {
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

    private static RecipientReport report(Contact contact, Verdict verdict, String rule, String explanation) {
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
