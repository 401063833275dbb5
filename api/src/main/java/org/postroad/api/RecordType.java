// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.List;

/**
 * A DNS record type that Postroad asks for, and the Java type of its records.
 *
 * @param name the mnemonic
 * @param code the type code, 1 to 65535
 * @param javaType what a {@link DnsAnswer.Found} of this type holds
 * @param <R> the same
 */
public record RecordType<R>(String name, int code, Class<R> javaType) {

    public static final RecordType<IpAddress> A = new RecordType<>("A", 1, IpAddress.class);
    /**
     * Where an alias leads. The one type for which aliases are not followed: what is found is the record at the name itself, and the
     * security is that of this record, whatever its target has. So the alias can be secure where the addresses that it leads to are not
     * (RFC 7672 §2.2.3).
     */
    public static final RecordType<DnsName> CNAME = new RecordType<>("CNAME", 5, DnsName.class);

    /** The name that belongs to an address (RFC 1035 §3.5). */
    public static final RecordType<DnsName> PTR = new RecordType<>("PTR", 12, DnsName.class);

    public static final RecordType<MxRecord> MX = new RecordType<>("MX", 15, MxRecord.class);
    /** Text records; each is the concatenation of its strings, its octets as ISO 8859-1 (RFC 8461 §3.1). */
    public static final RecordType<String> TXT = new RecordType<>("TXT", 16, String.class);

    public static final RecordType<IpAddress> AAAA = new RecordType<>("AAAA", 28, IpAddress.class);
    /** Historic (RFC 6563); only records of prefix length 0, which are whole addresses, are found. */
    public static final RecordType<IpAddress> A6 = new RecordType<>("A6", 38, IpAddress.class);

    public static final RecordType<TlsaRecord> TLSA = new RecordType<>("TLSA", 52, TlsaRecord.class);

    /** All of the above. */
    public static List<RecordType<?>> all() {
        return List.of(A, MX, TXT, AAAA, A6, TLSA, CNAME, PTR);
    }

    @Override
    public String toString() {
        return name;
    }
}
