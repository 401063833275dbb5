// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.List;

/**
 * A DNS record type that Postroad queries, and the Java type of its records.
 *
 * @param name the mnemonic
 * @param code the type code, 1 to 65535
 * @param javaType the class of the records in a {@link DnsAnswer.Found}
 * @param <R> the Java type of the records
 */
public record RecordType<R>(String name, int code, Class<R> javaType) {

    /** The IPv4 addresses of a host (RFC 1035 §3.4.1). */
    public static final RecordType<IpAddress> A = new RecordType<>("A", 1, IpAddress.class);
    /**
     * The target of an alias. This is the only type for which aliases are not followed: the answer is the record at the name
     * itself, with the security of that record, whatever the security of its target. So the alias can be secure even if the
     * addresses it leads to are not (RFC 7672 §2.2.3).
     */
    public static final RecordType<DnsName> CNAME = new RecordType<>("CNAME", 5, DnsName.class);

    /** The names of an IP address, found at {@link IpAddress#reverseName()} (RFC 1035 §3.5, RFC 3596 §2.5). */
    public static final RecordType<DnsName> PTR = new RecordType<>("PTR", 12, DnsName.class);

    /** The mail exchangers of a domain (RFC 1035 §3.3.9). */
    public static final RecordType<MxRecord> MX = new RecordType<>("MX", 15, MxRecord.class);
    /**
     * Text records. Each value is the concatenation of the record's strings, with the octets decoded as ISO 8859-1 (RFC 8461
     * §3.1).
     */
    public static final RecordType<String> TXT = new RecordType<>("TXT", 16, String.class);

    /** The IPv6 addresses of a host (RFC 3596 §2.1). */
    public static final RecordType<IpAddress> AAAA = new RecordType<>("AAAA", 28, IpAddress.class);
    /** Historic (RFC 6563). Only records of prefix length 0, which contain whole addresses, are returned. */
    public static final RecordType<IpAddress> A6 = new RecordType<>("A6", 38, IpAddress.class);

    /** The certificates of a server, for DANE (RFC 6698 §2). */
    public static final RecordType<TlsaRecord> TLSA = new RecordType<>("TLSA", 52, TlsaRecord.class);

    /** {@return the type for addresses of the family: A or AAAA} */
    public static RecordType<IpAddress> ofAddresses(Family family) {
        return family == Family.IPV4 ? A : AAAA;
    }

    /** {@return all types} */
    public static List<RecordType<?>> all() {
        return List.of(A, MX, TXT, AAAA, A6, TLSA, CNAME, PTR);
    }

    /** {@return the mnemonic, cleaned} */
    @Override
    public String toString() {
        return Printable.clean(name);
    }
}
