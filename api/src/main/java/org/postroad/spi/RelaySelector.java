// SPDX-License-Identifier: Apache-2.0
package org.postroad.spi;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.postroad.api.Domain;
import org.postroad.api.Family;
import org.postroad.api.Mailbox;
import org.postroad.api.Relay;

/**
 * Chooses external relays for a domain that cannot be reached directly (RELAY-02, RELAY-08).
 *
 * <p>Implementations must be thread-safe. They may block briefly, but should read local tables and not use the network.
 */
@FunctionalInterface
public interface RelaySelector {

    /**
     * Returns the relays for these recipients, in the order in which to try them.
     *
     * @param question the domain, sender and recipients, and why a relay is needed
     * @return the relays, never null; empty if there is none. If the method throws an exception, that is a configuration error
     *     on our side: the mail is deferred with 4.3.5
     */
    List<Relay> select(Question question);

    /** A request for relays. */
    final class Question {

        private final Domain domain;
        private final Optional<Mailbox> sender;
        private final List<Mailbox> recipients;
        private final Families families;
        private final Reason reason;

        /** Creates a question. */
        public Question(
                Domain domain, Optional<Mailbox> sender, List<Mailbox> recipients, Families families, Reason reason) {
            this.domain = domain;
            this.sender = sender;
            this.recipients = List.copyOf(recipients);
            this.families = families;
            this.reason = reason;
        }

        /** {@return the recipient domain} */
        public Domain domain() {
            return domain;
        }

        /** {@return the reverse-path; empty for the null sender} */
        public Optional<Mailbox> sender() {
            return sender;
        }

        /** {@return the pending recipients of the domain} */
        public List<Mailbox> recipients() {
            return recipients;
        }

        /** {@return our families, and those of the domain's addresses} */
        public Families families() {
            return families;
        }

        /** {@return why a relay is needed} */
        public Reason reason() {
            return reason;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Question that
                    && domain.equals(that.domain)
                    && sender.equals(that.sender)
                    && recipients.equals(that.recipients)
                    && families.equals(that.families)
                    && reason.equals(that.reason);
        }

        @Override
        public int hashCode() {
            return Objects.hash(domain, sender, recipients, families, reason);
        }

        @Override
        public String toString() {
            return "Question[domain=" + domain
                    + ", sender=" + sender
                    + ", recipients=" + recipients
                    + ", families=" + families
                    + ", reason=" + reason + "]";
        }
    }

    /**
     * The address families of both sides.
     *
     * @param ours the families in which we can reach the Internet
     * @param destination the families of the domain's known addresses, except those refused by ADDR-05, whether or not we can reach
     *     them
     */
    record Families(Set<Family> ours, Set<Family> destination) {
        public Families {
            ours = Set.copyOf(ours);
            destination = Set.copyOf(destination);
        }
    }

    /** The reasons for using a relay. */
    enum Reason {
        /** The domain has addresses of the other family only (END-04). */
        OTHER_FAMILY,
        /** All hosts of the domain failed, and {@code mail.mx.relay.fallback} is on (RELAY-08). */
        FALLBACK
    }
}
