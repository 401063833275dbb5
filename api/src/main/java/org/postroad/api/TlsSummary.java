// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The protection of one connection.
 *
 * @param level the level reached
 * @param handshake the negotiated parameters, if TLS was used
 * @param detail what the certificate proved, or why it proved nothing, or why TLS was not used; human-readable, cleaned
 */
public record TlsSummary(Level level, Optional<Handshake> handshake, String detail) {

    /** TLS was not attempted. */
    public static final TlsSummary NONE = new TlsSummary(Level.NONE, "no TLS");

    public TlsSummary {
        detail = Printable.clean(detail);
    }

    /** Creates a summary without handshake details: there was no TLS, or they are unknown. */
    public TlsSummary(Level level, String detail) {
        this(level, Optional.empty(), detail);
    }

    /** The levels of protection, from weak to strong. */
    public enum Level {
        /** Plaintext. */
        NONE,
        /** Encrypted, without authentication of the server (RFC 7435). */
        OPPORTUNISTIC,
        /** Encrypted, and the certificate verified for the host's name, as the domain's MTA-STS policy demands (RFC 8461). */
        MTA_STS,
        /** Encrypted, and the certificate matches a TLSA record authenticated by DNSSEC (RFC 7672). */
        DANE,
        /** Encrypted, and the certificate verified for the host's name, as our own configuration or the message demands. */
        VERIFIED
    }

    /**
     * The negotiated parameters.
     *
     * @param protocol such as {@code TLSv1.3}
     * @param cipherSuite the JDK's name
     * @param group the key exchange group, such as {@code X25519MLKEM768}. Empty if the JDK does not provide it (only newer
     *     JDKs do) and for resumed TLS 1.2 sessions
     * @param names the DNS names and IP addresses of the server's certificate, at most 20, or its subject if it has none;
     *     cleaned
     * @param fingerprint SHA-256 of the certificate, in lower-case hexadecimal
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
