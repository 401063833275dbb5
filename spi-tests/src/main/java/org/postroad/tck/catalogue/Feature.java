// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck.catalogue;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What an implementation may have or lack. A requirement that hangs on a feature is tested where the feature is declared, and must then
 * be met; elsewhere it is skipped, and the report says so.
 */
public enum Feature {
    /** {@code MailDns}: A6 records (RFC 2874, Historic). */
    A6,
    /** {@code MailDns}: TLSA records (RFC 6698). */
    TLSA,
    /** {@code MailDns}: TXT records. */
    TXT,
    /** {@code MailDns}: says which answers DNSSEC secured. */
    DNS_SECURITY,
    /** {@code MailDns}: asks another server where one is of no use. */
    SEVERAL_SERVERS,
    /** {@code Connector}: binds the source address that it is told. */
    SOURCE_ADDRESS,
    /** Transport: external relays ({@code mail.mx.relay}). */
    RELAY,
    /** Transport: relays over verified TLS, with AUTH. */
    RELAY_AUTH,
    /** Transport: relays whose certificate is known by its fingerprint, in place of a trust store ({@code fingerprint} of a relay's URL). */
    RELAY_FINGERPRINT,
    /** Transport: relays as a fallback ({@code mail.mx.relay.fallback}). */
    RELAY_FALLBACK,
    /** Transport: relays chosen by a {@code RelaySelector}. */
    RELAY_SELECTOR,
    /** Transport: IPv4 through NAT64 ({@code mail.mx.nat64.prefix}). */
    NAT64,
    /** Transport: detects our families by itself. */
    FAMILY_DETECTION,
    /** Transport: an order of addresses that can be chosen ({@code mail.mx.addressorder}). */
    ADDRESS_ORDER,
    /** Transport: all or nothing ({@code mail.mx.sendpartial=false}). */
    ALL_OR_NOTHING,
    /** Transport: opportunistic STARTTLS. */
    STARTTLS,
    /**
     * Transport: TLSA records of mail exchangers (RFC 7672), where the AD bit of the DNS server counts ({@code mail.mx.dns.trustad}). At
     * least records of a server's own key by SHA-256, {@code 3 1 1}, are usable.
     */
    DANE,
    /** Transport: addresses beyond ASCII (RFC 6531). */
    SMTPUTF8,
    /** Transport: RCPT commands go together where the server offers PIPELINING (RFC 2920). */
    PIPELINING,
    /** Transport: wishes for delivery status notifications (RFC 3461; {@code mail.mx.dsn.notify}, {@code mail.mx.dsn.ret}). */
    DSN;

    /** As it stands in the catalogue: {@code several-servers}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException naming the text and what is allowed */
    static Feature parse(String text) {
        List<String> allowed = Stream.of(values()).map(Feature::text).toList();
        return Arrays.stream(values())
                .filter(feature -> feature.text().equals(text))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("There is no feature \"" + text + "\"; there are " + allowed));
    }
}
