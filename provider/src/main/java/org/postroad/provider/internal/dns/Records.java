// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.postroad.api.DnsName;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;
import org.postroad.api.MxRecord;
import org.postroad.api.RecordType;
import org.postroad.api.TlsaRecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.TLSARecord;
import org.xbill.DNS.TXTRecord;

/** Converts dnsjava's records to our own types. */
final class Records {

    private Records() {}

    static boolean canRead(RecordType<?> type) {
        return RecordType.all().contains(type) || type.equals(ZoneTypes.NS);
    }

    /** Returns the value of a record. Empty for an A6 record that contains only part of an address (LOOKUP-05). */
    static <R> Optional<R> read(RecordType<R> type, Record record) {
        return value(type, record).map(type.javaType()::cast);
    }

    /** Converts a name. Octets that are not allowed in a host name stay escaped. */
    static DnsName name(Name name) {
        return new DnsName(name.toString(true));
    }

    private static Optional<?> value(RecordType<?> type, Record record) {
        // Addresses are read from the octets: dnsjava uses InetAddress, which converts an IPv4-mapped AAAA to IPv4.
        if (type.equals(RecordType.A)) {
            return Optional.of(IpAddress.of(Family.IPV4, record.rdataToWireCanonical()));
        } else if (type.equals(RecordType.AAAA)) {
            return Optional.of(IpAddress.of(Family.IPV6, record.rdataToWireCanonical()));
        } else if (type.equals(RecordType.A6)) {
            return a6(record.rdataToWireCanonical());
        } else if (record instanceof MXRecord mx) {
            return Optional.of(new MxRecord(mx.getPriority(), name(mx.getTarget())));
        } else if (record instanceof CNAMERecord alias) {
            return Optional.of(name(alias.getTarget()));
        } else if (record instanceof NSRecord server) {
            return Optional.of(name(server.getTarget()));
        } else if (record instanceof PTRRecord pointer) {
            return Optional.of(name(pointer.getTarget()));
        } else if (record instanceof TXTRecord txt) {
            return Optional.of(text(txt));
        } else if (record instanceof TLSARecord tlsa) {
            return Optional.of(new TlsaRecord(
                    tlsa.getCertificateUsage(),
                    tlsa.getSelector(),
                    tlsa.getMatchingType(),
                    HexFormat.of().formatHex(tlsa.getCertificateAssociationData())));
        }
        throw new IllegalStateException("dnsjava made " + record.getClass() + " of a " + type + " record");
    }

    /** RFC 2874 §3.1: prefix length, then the address. With a prefix length of 0 the address is complete. */
    private static Optional<IpAddress> a6(byte[] data) {
        if (data.length != 1 + Family.IPV6.octets() || data[0] != 0) {
            return Optional.empty();
        }
        return Optional.of(IpAddress.of(Family.IPV6, Arrays.copyOfRange(data, 1, data.length)));
    }

    private static String text(TXTRecord record) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        record.getStringsAsByteArrays().forEach(octets::writeBytes);
        return octets.toString(StandardCharsets.ISO_8859_1);
    }
}
