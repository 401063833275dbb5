// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import java.util.List;
import java.util.Optional;
import org.postroad.api.Domain;
import org.postroad.api.Mailbox;

/**
 * The delivery of one message to the recipients of one domain.
 *
 * @param envelope who sends to whom
 * @param nextHop where the mail goes before DNS is asked
 * @param standpoint where we stand
 * @param rules what is to be known of an address
 * @param settings what configuration says
 * @param seed the only source of chance, new for every delivery (ORDER-03)
 */
public record Request(
        Envelope envelope,
        NextHop nextHop,
        Standpoint standpoint,
        AddressRules rules,
        RoutingSettings settings,
        long seed) {

    /**
     * Who sends to whom.
     *
     * @param domain the recipient domain
     * @param sender the reverse-path; empty for the null sender
     * @param recipients those of the domain, at least one, each once
     */
    public record Envelope(Domain domain, Optional<Mailbox> sender, List<Mailbox> recipients) {
        public Envelope {
            recipients = List.copyOf(recipients);
            if (recipients.isEmpty()) {
                throw new IllegalArgumentException("A delivery to " + domain + " has no recipient");
            }
        }
    }
}
