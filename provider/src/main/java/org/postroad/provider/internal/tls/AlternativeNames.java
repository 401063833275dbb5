// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;

/**
 * The host names and addresses in a certificate's subjectAltName (RFC 5280 §4.2.1.6). Entries are parsed one by one, so a malformed entry
 * affects only itself. The JDK's own accessor returns nothing at all if one entry is malformed.
 *
 * @param dnsNames DNS names as encoded; names with characters other than visible ASCII are omitted
 * @param addresses IP addresses
 */
record AlternativeNames(List<String> dnsNames, List<IpAddress> addresses) {

    /** Maximum number of entries parsed; further entries are ignored. */
    static final int MAX_ENTRIES = 4000;

    /** Maximum number of octets parsed; further octets are ignored. The JDK accepts 32 KiB of certificates unless configured otherwise. */
    static final int MAX_OCTETS = 65_536;

    private static final String EXTENSION = "2.5.29.17";

    private static final int OCTET_STRING = 0x04;
    private static final int SEQUENCE = 0x30;
    private static final int DNS_NAME = 0x82;
    private static final int IP_ADDRESS = 0x87;

    static AlternativeNames of(X509Certificate certificate) {
        byte[] extension = certificate.getExtensionValue(EXTENSION);
        return extension == null ? new AlternativeNames(List.of(), List.of()) : read(extension);
    }

    /** @param extension as returned by {@link X509Certificate#getExtensionValue} */
    static AlternativeNames read(byte[] extension) {
        List<String> names = new ArrayList<>();
        List<IpAddress> addresses = new ArrayList<>();
        entries(extension).ifPresent(entries -> {
            for (int i = 0; i < MAX_ENTRIES; i++) {
                Optional<Der.Element> entry = entries.next();
                if (entry.isEmpty()) {
                    break; // the end, or an invalid length, after which nothing can be parsed
                }
                byte[] content = entry.get().content();
                switch (entry.get().tag()) {
                    case DNS_NAME -> dnsName(content).ifPresent(names::add);
                    case IP_ADDRESS -> address(content).ifPresent(addresses::add);
                    default -> {} // not the name of a host
                }
            }
        });
        return new AlternativeNames(names, addresses);
    }

    private static Optional<Der> entries(byte[] extension) {
        byte[] read = Arrays.copyOf(extension, Math.min(extension.length, MAX_OCTETS));
        return new Der(read).enter(OCTET_STRING).flatMap(value -> value.enter(SEQUENCE));
    }

    /**
     * Returns whether the JDK could parse the names as well. If it could not, it has not checked them against the name constraints of the
     * CAs (RFC 5280 §4.2.1.10).
     */
    static boolean areKnownToTheJdk(X509Certificate certificate) {
        try {
            return certificate.getExtensionValue(EXTENSION) == null || certificate.getSubjectAlternativeNames() != null;
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    private static Optional<String> dnsName(byte[] octets) {
        for (byte octet : octets) {
            if (octet <= ' ' || octet > '~') {
                return Optional.empty();
            }
        }
        return Optional.of(new String(octets, StandardCharsets.US_ASCII));
    }

    private static Optional<IpAddress> address(byte[] octets) {
        return Arrays.stream(Family.values())
                .filter(family -> family.octets() == octets.length)
                .findFirst()
                .map(family -> IpAddress.of(family, octets));
    }
}
