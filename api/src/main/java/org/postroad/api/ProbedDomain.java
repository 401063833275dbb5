// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.List;
import java.util.Objects;

/** Where mail to one domain would go, and what the hosts there do. */
public final class ProbedDomain {

    private final DomainRoute route;
    private final List<AddressProbe> addresses;

    /** Creates a result. */
    public ProbedDomain(DomainRoute route, List<AddressProbe> addresses) {
        this.route = route;
        this.addresses = List.copyOf(addresses);
    }

    /** {@return where the mail would go} */
    public DomainRoute route() {
        return route;
    }

    /** {@return the contacts that were made, in the order of the route, each address once} */
    public List<AddressProbe> addresses() {
        return addresses;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ProbedDomain that && route.equals(that.route) && addresses.equals(that.addresses);
    }

    @Override
    public int hashCode() {
        return Objects.hash(route, addresses);
    }

    /** {@return several human-readable lines: the contacts, or the result if there is none} */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(route.domain().toString());
        addresses.forEach(probe ->
                probe.toString().lines().forEach(line -> text.append("\n  ").append(line)));
        if (addresses.isEmpty()) {
            route.recipients().forEach(recipient -> text.append("\n  result  ").append(recipient));
        }
        return text.toString();
    }
}
