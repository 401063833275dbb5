// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postroad.api.Attempt;
import org.postroad.api.Mailbox;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.RemoteMta.Role;
import org.postroad.provider.internal.route.ErrorPolicy.Disposition;

/**
 * The state of a delivery at one moment: the request and its history. Determines which recipients are still pending.
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
            if (settlement(recipient).isEmpty()) {
                open.add(recipient);
            }
        }
        return open;
    }

    /** Returns the contact that settled the recipient; empty if it is still pending. */
    Optional<RecipientAttempt> settlement(Mailbox recipient) {
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
}
