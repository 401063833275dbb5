// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postroad.api.Domain;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Mailbox;

/**
 * A request to deliver one message to the recipients of one domain.
 *
 * @param envelope sender and recipients
 * @param nextHop where the mail is sent before DNS is queried
 * @param localHost network and names of the local host
 * @param rules which addresses are usable
 * @param settings the routing settings
 * @param seed the only source of randomness, new for every delivery (ORDER-03)
 */
public record RoutingRequest(
        Addressees envelope,
        NextHop nextHop,
        LocalHost localHost,
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

    /**
     * The local host: its network and its names.
     *
     * @param families our families (ADDR-01), at least one. A host without any network counts as dual: connections then fail softly,
     *     whereas "no usable address" would bounce mail
     * @param localNames names under which we could be listed as MX (ORDER-08)
     * @param ownAddresses addresses of our interfaces, without loopback (ORDER-08)
     */
    public record LocalHost(Set<Family> families, Set<HostName> localNames, Set<IpAddress> ownAddresses) {
        public LocalHost {
            families = Set.copyOf(families);
            if (families.isEmpty()) {
                throw new IllegalArgumentException(
                        "The set of own families is empty; a host without network counts as dual");
            }
            localNames = Set.copyOf(localNames);
            ownAddresses = Set.copyOf(ownAddresses);
        }
    }
}
