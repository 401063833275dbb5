// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/** One host that mail could go to, with its addresses, and what becomes of it. */
public final class RouteHost {

    private final RemoteMta.Role role;
    private final String name;
    private final OptionalInt preference;
    private final Optional<RecipientReport.Decision> passedOver;
    private final List<RouteAddress> addresses;

    /**
     * Creates a host.
     *
     * @param name cleaned here
     * @param preference of its MX record; empty if it has none
     * @param passedOver why it is not contacted; empty if it is
     */
    public RouteHost(
            RemoteMta.Role role,
            String name,
            OptionalInt preference,
            Optional<RecipientReport.Decision> passedOver,
            List<RouteAddress> addresses) {
        this.role = role;
        this.name = Printable.clean(name);
        this.preference = preference;
        this.passedOver = passedOver;
        this.addresses = List.copyOf(addresses);
    }

    /** {@return the role in which the host is contacted} */
    public RemoteMta.Role role() {
        return role;
    }

    /** {@return the name or the address; for an MX record that names no host, what it has instead, cleaned} */
    public String name() {
        return name;
    }

    /** {@return the preference value of the MX record, 0 to 65535; empty if no MX record lists the host} */
    public OptionalInt preference() {
        return preference;
    }

    /** {@return the rule and the reason why no mail goes to this host; empty if at least one of its addresses is a planned contact} */
    public Optional<RecipientReport.Decision> passedOver() {
        return passedOver;
    }

    /** {@return the known addresses of the host, in the order of the DNS answers} The order of contact is that of {@link DomainRoute#contacts}. */
    public List<RouteAddress> addresses() {
        return addresses;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RouteHost that
                && role == that.role
                && name.equals(that.name)
                && preference.equals(that.preference)
                && passedOver.equals(that.passedOver)
                && addresses.equals(that.addresses);
    }

    @Override
    public int hashCode() {
        return Objects.hash(role, name, preference, passedOver, addresses);
    }

    /** {@return one line, without the addresses: {@code 10 mx.example.org}} */
    @Override
    public String toString() {
        return (role == RemoteMta.Role.RELAY ? "relay " : "")
                + (preference.isPresent() ? preference.getAsInt() + " " : "")
                + name
                + passedOver.map(RouteAddress::describe).orElse("");
    }
}
