// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck.catalogue;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The optional features of implementations. A requirement that depends on a feature is binding and tested if the feature is
 * declared; otherwise it is skipped, and the report says so.
 */
public enum Feature {
    /** {@code MailDns}: A6 records (RFC 2874, Historic). */
    A6,
    /** {@code MailDns}: TLSA records (RFC 6698). */
    TLSA,
    /** {@code MailDns}: TXT records. */
    TXT,
    /** {@code MailDns}: reports which answers are secured by DNSSEC. */
    DNS_SECURITY,
    /** {@code MailDns}: queries another server if one fails. */
    SEVERAL_SERVERS,
    /** {@code Connector}: binds the given source address. */
    SOURCE_ADDRESS,
    /** Transport: external relays ({@code mail.mx.relay}). */
    RELAY,
    /** Transport: relays over verified TLS, with AUTH. */
    RELAY_AUTH,
    /**
     * Transport: relays whose certificate is checked by its fingerprint instead of a trust store ({@code fingerprint} in a
     * relay's URL).
     */
    RELAY_FINGERPRINT,
    /** Transport: a source that is asked for a relay's credentials ({@code mail.mx.relay.credentials}). */
    RELAY_CREDENTIALS,
    /** Transport: relays as a fallback ({@code mail.mx.relay.fallback}). */
    RELAY_FALLBACK,
    /** Transport: relays chosen by a {@code RelaySelector}. */
    RELAY_SELECTOR,
    /** Transport: IPv4 through NAT64 ({@code mail.mx.nat64.prefix}). */
    NAT64,
    /** Transport: detects our families. */
    FAMILY_DETECTION,
    /** Transport: a configurable order of addresses ({@code mail.mx.addressorder}). */
    ADDRESS_ORDER,
    /** Transport: all or nothing ({@code mail.mx.sendpartial=false}). */
    ALL_OR_NOTHING,
    /** Transport: opportunistic STARTTLS. */
    STARTTLS,
    /**
     * Transport: TLSA records of mail exchangers (RFC 7672), if the AD bit of the DNS server is trusted
     * ({@code mail.mx.dns.trustad}). At least records of a server's own key by SHA-256, {@code 3 1 1}, must be supported.
     */
    DANE,
    /** Transport: non-ASCII addresses (RFC 6531). */
    SMTPUTF8,
    /** Transport: sends RCPT commands together if the server offers PIPELINING (RFC 2920). */
    PIPELINING,
    /**
     * Transport: requests for delivery status notifications (RFC 3461; {@code mail.mx.dsn.notify}, {@code mail.mx.dsn.ret}).
     */
    DSN;

    /** Returns the name used in the catalogue: {@code several-servers}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException naming the text and the allowed values */
    static Feature parse(String text) {
        List<String> allowed = Stream.of(values()).map(Feature::text).toList();
        return Arrays.stream(values())
                .filter(feature -> feature.text().equals(text))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("\"" + text + "\" is not a feature; allowed are " + allowed));
    }
}
