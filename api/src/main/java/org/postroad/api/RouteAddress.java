// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.Objects;
import java.util.Optional;

/** One address of a host that mail could go to, and what becomes of it. */
public final class RouteAddress {

    private final IpAddress address;
    private final IpAddress dialled;
    private final Optional<RecipientReport.Decision> passedOver;

    /**
     * Creates an address.
     *
     * @param dialled the same as {@code address}, unless NAT64 translates it
     * @param passedOver why it is not contacted; empty if it is
     */
    public RouteAddress(IpAddress address, IpAddress dialled, Optional<RecipientReport.Decision> passedOver) {
        this.address = address;
        this.dialled = dialled;
        this.passedOver = passedOver;
    }

    /** {@return the address as listed in DNS} */
    public IpAddress address() {
        return address;
    }

    /** {@return the address to connect to: {@link #address()}, or the one that NAT64 translates to it (ADDR-04)} */
    public IpAddress dialled() {
        return dialled;
    }

    /** {@return the rule and the reason why mail does not go to this address; empty if it is among the planned contacts} */
    public Optional<RecipientReport.Decision> passedOver() {
        return passedOver;
    }

    /** Returns why a host or an address is passed over, as the end of a line. */
    static String describe(RecipientReport.Decision passedOver) {
        return ": passed over (" + passedOver.rule() + "), " + passedOver.explanation();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RouteAddress that
                && address.equals(that.address)
                && dialled.equals(that.dialled)
                && passedOver.equals(that.passedOver);
    }

    @Override
    public int hashCode() {
        return Objects.hash(address, dialled, passedOver);
    }

    /** {@return {@code 10.0.0.1: passed over (ADDR-05), private}} */
    @Override
    public String toString() {
        return address
                + (dialled.equals(address) ? "" : " as " + dialled + " (NAT64)")
                + passedOver.map(RouteAddress::describe).orElse("");
    }
}
