// SPDX-License-Identifier: Apache-2.0
package org.postroad.spi;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postroad.api.Domain;
import org.postroad.api.Family;
import org.postroad.api.Mailbox;
import org.postroad.api.Relay;

/**
 * Chooses external relays for a domain that we cannot reach ourselves (RELAY-02, RELAY-08).
 *
 * <p>Thread-safe. It may block for a short while; it should read its own tables, not the network.
 */
@FunctionalInterface
public interface RelaySelector {

    /**
     * The relays for these recipients, in the order in which to try them; an empty list means that there is none.
     *
     * @return never null. An exception is a failure of our own configuration: the mail is deferred with 4.3.5
     */
    List<Relay> select(Question question);

    /**
     * Who asks for what.
     *
     * @param domain the recipient domain
     * @param sender the reverse-path; empty for the null sender
     * @param recipients those of the domain that are still open
     * @param families which are ours, and which the domain's addresses have
     * @param reason why a relay is wanted
     */
    record Question(
            Domain domain, Optional<Mailbox> sender, List<Mailbox> recipients, Families families, Reason reason) {
        public Question {
            recipients = List.copyOf(recipients);
        }
    }

    /**
     * The two sides that do not meet.
     *
     * @param ours the families in which we can reach the Internet
     * @param destination the families of the domain's usable addresses
     */
    record Families(Set<Family> ours, Set<Family> destination) {
        public Families {
            ours = Set.copyOf(ours);
            destination = Set.copyOf(destination);
        }
    }

    /** Why a relay is wanted. */
    enum Reason {
        /** The domain has addresses of the other family only (END-04). */
        OTHER_FAMILY,
        /** The domain's own hosts were tried in vain, and {@code mail.mx.relay.fallback} is on (RELAY-08). */
        FALLBACK
    }
}
