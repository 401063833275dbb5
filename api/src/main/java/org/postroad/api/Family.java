// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/** An IP address family. It comes from the DNS record type, never from how an address looks. */
public enum Family {
    IPV4(4, RecordType.A),
    IPV6(16, RecordType.AAAA);

    private final int octets;
    private final RecordType<IpAddress> recordType;

    Family(int octets, RecordType<IpAddress> recordType) {
        this.octets = octets;
        this.recordType = recordType;
    }

    /** The length of an address of this family, in octets. */
    public int octets() {
        return octets;
    }

    /** The DNS record type that lists addresses of this family: A or AAAA. */
    public RecordType<IpAddress> recordType() {
        return recordType;
    }

    /** The other one of the two. */
    public Family other() {
        return this == IPV4 ? IPV6 : IPV4;
    }

    @Override
    public String toString() {
        return this == IPV4 ? "IPv4" : "IPv6";
    }
}
