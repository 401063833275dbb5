// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The protection of one connection.
 *
 * @param level what was reached
 * @param handshake what was agreed on, where there was TLS
 * @param detail what the certificate proved, or why it proved nothing, or why there is no TLS; for people, cleaned
 */
public record TlsSummary(Level level, Optional<Handshake> handshake, String detail) {

    /** No TLS was tried. */
    public static final TlsSummary NONE = new TlsSummary(Level.NONE, "no TLS");

    public TlsSummary {
        detail = Printable.clean(detail);
    }

    /** Without TLS, or where nothing is known of the handshake. */
    public TlsSummary(Level level, String detail) {
        this(level, Optional.empty(), detail);
    }

    /** From weak to strong. */
    public enum Level {
        /** Plaintext. */
        NONE,
        /** Encrypted, nobody authenticated (RFC 7435). */
        OPPORTUNISTIC,
        /** Encrypted, and the certificate verified for the host's name, as the domain's MTA-STS policy demands (RFC 8461). */
        MTA_STS,
        /** Encrypted, and the certificate matched a TLSA record that DNSSEC proved (RFC 7672). */
        DANE,
        /** Encrypted, and the certificate verified for the host's name, as our own configuration or the message demands. */
        VERIFIED
    }

    /**
     * What was agreed on.
     *
     * @param protocol such as {@code TLSv1.3}
     * @param cipherSuite as the JDK calls it
     * @param group of the key exchange, such as {@code X25519MLKEM768}, where the JDK tells it, as newer ones may; empty also where a TLS 1.2
     *     session was resumed
     * @param names of the server's certificate: its DNS names and IP addresses, at most 20, or else its subject; cleaned
     * @param fingerprint SHA-256 of the certificate, in hexadecimal, lower case
     */
    public record Handshake(
            String protocol, String cipherSuite, Optional<String> group, List<String> names, String fingerprint) {
        public Handshake {
            names = names.stream().map(Printable::clean).toList();
        }

        @Override
        public String toString() {
            return protocol + " " + cipherSuite + group.map(name -> " " + name).orElse("");
        }
    }

    @Override
    public String toString() {
        if (level == Level.NONE) {
            return detail;
        }
        return level.name().toLowerCase(Locale.ROOT).replace('_', '-')
                + handshake.map(agreed -> " " + agreed).orElse("")
                + (detail.isEmpty() ? "" : " (" + detail + ")");
    }
}
