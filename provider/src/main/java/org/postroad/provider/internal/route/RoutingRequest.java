// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import java.util.List;
import java.util.Optional;
import org.postroad.api.Domain;
import org.postroad.api.Mailbox;

/**
 * A request to deliver one message to the recipients of one domain.
 *
 * @param envelope sender and recipients
 * @param nextHop where the mail is sent before DNS is queried
 * @param standpoint network and names of the local host
 * @param rules which addresses are usable
 * @param settings the routing settings
 * @param seed the only source of randomness, new for every delivery (ORDER-03)
 */
public record RoutingRequest(
        Addressees envelope,
        NextHop nextHop,
        LocalHost standpoint,
        AddressPolicy rules,
        RoutingSettings settings,
        long seed) {

    /**
     * Sender and recipients.
     *
     * @param domain the recipient domain
     * @param sender the reverse-path; empty for the null sender
     * @param recipients mailboxes of the domain, at least one, each once
     */
    public record Addressees(Domain domain, Optional<Mailbox> sender, List<Mailbox> recipients) {
        public Addressees {
            recipients = List.copyOf(recipients);
            if (recipients.isEmpty()) {
                throw new IllegalArgumentException("A delivery to " + domain + " has no recipient");
            }
        }
    }
}
