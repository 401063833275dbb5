// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Where mail to one recipient domain would go. */
public final class DomainRoute {

    private final Domain domain;
    private final NextHop nextHop;
    private final List<Lookup<?>> lookups;
    private final Optional<MtaStsResult> mtaSts;
    private final List<RouteHost> hosts;
    private final List<PlannedContact> contacts;
    private final List<RecipientReport> recipients;

    /** Creates a route. */
    public DomainRoute(
            Domain domain,
            NextHop nextHop,
            List<Lookup<?>> lookups,
            Optional<MtaStsResult> mtaSts,
            List<RouteHost> hosts,
            List<PlannedContact> contacts,
            List<RecipientReport> recipients) {
        this.domain = domain;
        this.nextHop = nextHop;
        this.lookups = List.copyOf(lookups);
        this.mtaSts = mtaSts;
        this.hosts = List.copyOf(hosts);
        this.contacts = List.copyOf(contacts);
        this.recipients = List.copyOf(recipients);
    }

    /**
     * Where the mail is sent, before DNS is queried.
     *
     * @param host the name to look up, or the address
     * @param mxLookedUp whether the MX records of the name count; otherwise it is the only host
     * @param port of its hosts
     * @param configured whether {@code mail.mx.routes} names it; otherwise it is the domain itself, or its address literal
     */
    public record NextHop(Host host, boolean mxLookedUp, int port, boolean configured) {

        /** {@return {@code the mail exchangers of example.org, port 25}} */
        @Override
        public String toString() {
            return (mxLookedUp ? "the mail exchangers of " : "") + host + ", port " + port
                    + (configured ? " (mail.mx.routes)" : "");
        }
    }

    /** {@return the recipient domain} */
    public Domain domain() {
        return domain;
    }

    /** {@return where the mail is sent, before DNS is queried} */
    public NextHop nextHop() {
        return nextHop;
    }

    /** {@return the DNS lookups, in the order of the queries} The last ones may be needed for {@link #hosts()} only. */
    public List<Lookup<?>> lookups() {
        return lookups;
    }

    /** {@return the MTA-STS result; empty if MTA-STS was not checked} */
    public Optional<MtaStsResult> mtaSts() {
        return mtaSts;
    }

    /**
     * {@return every host that mail could go to, also those passed over: by preference, equal ones in the order of this plan, then those
     * that are not considered, then external relays that would be used}
     */
    public List<RouteHost> hosts() {
        return hosts;
    }

    /**
     * {@return the contacts, in order, as long as none of them answers} A delivery makes the first one, and the next only if that one does
     * not settle all recipients. Hosts of equal preference are in a random order that is new for each delivery (ORDER-03). An external
     * relay that does not answer is contacted as often as {@code mail.mx.relay.attempts} says.
     */
    public List<PlannedContact> contacts() {
        return contacts;
    }

    /**
     * {@return one report for each recipient of the domain: the result if no planned contact answers} If {@link #isDecided()}, it is the
     * result.
     */
    public List<RecipientReport> recipients() {
        return recipients;
    }

    /** {@return whether the result is known without a connection: there is no host to connect to} */
    public boolean isDecided() {
        return contacts.stream().allMatch(contact -> contact.unsuitable().isPresent());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DomainRoute that
                && domain.equals(that.domain)
                && nextHop.equals(that.nextHop)
                && lookups.equals(that.lookups)
                && mtaSts.equals(that.mtaSts)
                && hosts.equals(that.hosts)
                && contacts.equals(that.contacts)
                && recipients.equals(that.recipients);
    }

    @Override
    public int hashCode() {
        return Objects.hash(domain, nextHop, lookups, mtaSts, hosts, contacts, recipients);
    }

    /** {@return several human-readable lines} */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(domain.toString());
        text.append("\n  next hop   ").append(nextHop);
        lookups.forEach(lookup -> text.append("\n  dns        ").append(lookup));
        mtaSts.filter(result -> result.kind() != MtaStsResult.Kind.NONE)
                .ifPresent(result -> text.append("\n  mta-sts    ").append(result));
        for (RouteHost host : hosts) {
            text.append("\n  host       ").append(host);
            host.addresses().forEach(address -> text.append("\n             ").append(address));
        }
        for (int i = 0; i < contacts.size(); i++) {
            text.append("\n  contact ").append(i + 1).append(i < 9 ? "  " : " ").append(contacts.get(i));
        }
        String label = isDecided() ? "\n  result     " : "\n  otherwise  ";
        recipients.forEach(recipient -> text.append(label).append(recipient));
        return text.toString();
    }
}
