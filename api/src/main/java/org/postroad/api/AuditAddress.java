// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** One address of a mail exchanger, and what it answered in an audit. */
public final class AuditAddress {

    private final IpAddress address;
    private final Optional<String> refusal;
    private final Optional<String> notContacted;
    private final List<AddressProbe> probes;

    /**
     * Creates an address.
     *
     * @param refusal why senders do not use it, such as "private" (ADDR-05); empty if they do
     * @param notContacted why no connection was made; empty if one was
     * @param probes one for each connection
     */
    public AuditAddress(
            IpAddress address, Optional<String> refusal, Optional<String> notContacted, List<AddressProbe> probes) {
        this.address = address;
        this.refusal = refusal.map(Printable::clean);
        this.notContacted = notContacted.map(Printable::clean);
        this.probes = List.copyOf(probes);
    }

    /** {@return the address as listed in DNS} */
    public IpAddress address() {
        return address;
    }

    /** {@return why senders do not use the address, such as "private" (ADDR-05); empty if they do} */
    public Optional<String> refusal() {
        return refusal;
    }

    /** {@return why no connection was made; empty if one was} */
    public Optional<String> notContacted() {
        return notContacted;
    }

    /** {@return the connections, in order} */
    public List<AddressProbe> probes() {
        return probes;
    }

    /** {@return whether at least one connection led to a session that could carry mail} */
    public boolean answered() {
        return probes.stream().anyMatch(probe -> probe.failure().isEmpty());
    }

    /** {@return whether there was no answer to any attempt to connect} */
    public boolean isSilent() {
        return !probes.isEmpty()
                && probes.stream()
                        .allMatch(probe -> probe.failure()
                                .filter(failure -> failure.stage() == Stage.CONNECT)
                                .isPresent());
    }

    /** {@return the server's greeting on the first connection that had one} */
    public Optional<String> greeting() {
        return probes.stream().flatMap(probe -> greeting(probe).stream()).findFirst();
    }

    /** {@return the last greeting in the steps of a probe: a connection can be made once more} */
    private static Optional<String> greeting(AddressProbe probe) {
        return probe.steps().stream()
                .filter(step -> step.stage() == Stage.GREETING)
                .map(ProbeStep::text)
                .reduce((first, later) -> later);
    }

    /** {@return what was seen, human-readable: the greeting, the failure, or why no connection was made} */
    public String describe() {
        if (refusal.isPresent()) {
            return "not usable: " + refusal.get();
        } else if (notContacted.isPresent()) {
            return "not contacted: " + notContacted.get();
        }
        Optional<AddressProbe.Failure> failure =
                answered() ? Optional.empty() : probes.get(0).failure();
        return failure.map(why -> why.stage() + ": "
                        + why.outcome().describeAt(probes.get(0).contact().remote()))
                .orElseGet(() -> greeting().orElse("answers"));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AuditAddress that
                && address.equals(that.address)
                && refusal.equals(that.refusal)
                && notContacted.equals(that.notContacted)
                && probes.equals(that.probes);
    }

    @Override
    public int hashCode() {
        return Objects.hash(address, refusal, notContacted, probes);
    }

    /** {@return one line: {@code 192.0.2.1  220 mx.example.org ESMTP}} */
    @Override
    public String toString() {
        return address + "  " + describe();
    }
}
