// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** One mail exchanger of an audited domain. */
public final class AuditHost {

    private final String name;
    private final OptionalInt preference;
    private final Optional<String> unusable;
    private final List<AuditAddress> addresses;

    /**
     * Creates a host.
     *
     * @param name cleaned here
     * @param preference of its MX record; empty if the domain has no MX records and is its own host
     * @param unusable why no sender can use the host; empty if some can
     */
    public AuditHost(String name, OptionalInt preference, Optional<String> unusable, List<AuditAddress> addresses) {
        this.name = Printable.clean(name);
        this.preference = preference;
        this.unusable = unusable.map(Printable::clean);
        this.addresses = List.copyOf(addresses);
    }

    /** {@return the name; for an MX record that names no host, what it has instead; cleaned} */
    public String name() {
        return name;
    }

    /** {@return the preference value of the MX record, 0 to 65535; empty if the domain has no MX records and is its own host} */
    public OptionalInt preference() {
        return preference;
    }

    /** {@return why no sender can use the host, such as "it has no address"; empty if some can} */
    public Optional<String> unusable() {
        return unusable;
    }

    /** {@return the known addresses, in the order of the DNS answers} */
    public List<AuditAddress> addresses() {
        return addresses;
    }

    /** {@return the families of the addresses that senders can use} */
    public Set<Family> families() {
        Set<Family> families = EnumSet.noneOf(Family.class);
        addresses.stream()
                .filter(each -> each.refusal().isEmpty())
                .forEach(each -> families.add(each.address().family()));
        return families;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AuditHost that
                && name.equals(that.name)
                && preference.equals(that.preference)
                && unusable.equals(that.unusable)
                && addresses.equals(that.addresses);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, preference, unusable, addresses);
    }

    /** {@return one line, without the addresses: {@code 10 mx.example.org}} */
    @Override
    public String toString() {
        return (preference.isPresent() ? preference.getAsInt() + " " : "")
                + name
                + unusable.map(why -> ": " + why).orElse("");
    }
}
