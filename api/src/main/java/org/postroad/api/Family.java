// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/** An IP address family. It is derived from the DNS record type, never from the text or the octets of an address. */
public enum Family {
    IPV4(4),
    IPV6(16);

    private final int octets;

    Family(int octets) {
        this.octets = octets;
    }

    /** {@return the length of an address of this family, in octets} */
    public int octets() {
        return octets;
    }

    /** {@return the other family} */
    public Family other() {
        return this == IPV4 ? IPV6 : IPV4;
    }

    @Override
    public String toString() {
        return this == IPV4 ? "IPv4" : "IPv6";
    }
}
