// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/** An IP address family. It is derived from the DNS record type, never from the text or the octets of an address. */
public enum Family {
    IPV4(4, RecordType.A),
    IPV6(16, RecordType.AAAA);

    private final int octets;
    private final RecordType<IpAddress> recordType;

    Family(int octets, RecordType<IpAddress> recordType) {
        this.octets = octets;
        this.recordType = recordType;
    }

    /** Returns the length of an address of this family, in octets. */
    public int octets() {
        return octets;
    }

    /** Returns the DNS record type for addresses of this family: A or AAAA. */
    public RecordType<IpAddress> recordType() {
        return recordType;
    }

    /** Returns the other family. */
    public Family other() {
        return this == IPV4 ? IPV6 : IPV4;
    }

    @Override
    public String toString() {
        return this == IPV4 ? "IPv4" : "IPv6";
    }
}
