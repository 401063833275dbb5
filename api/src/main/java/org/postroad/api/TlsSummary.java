// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
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

    /** The negotiated parameters. */
    public static final class Handshake {

        private final String protocol;
        private final String cipherSuite;
        private final Optional<String> group;
        private final List<String> names;
        private final String fingerprint;

        /** Creates the parameters of a connection; the texts are cleaned. */
        public Handshake(
                String protocol, String cipherSuite, Optional<String> group, List<String> names, String fingerprint) {
            this.protocol = Printable.clean(protocol);
            this.cipherSuite = Printable.clean(cipherSuite);
            this.group = group.map(Printable::clean);
            this.names = names.stream().map(Printable::clean).toList();
            this.fingerprint = Printable.clean(fingerprint);
        }

        /** {@return the protocol, such as {@code TLSv1.3}} */
        public String protocol() {
            return protocol;
        }

        /** {@return the cipher suite, by the JDK's name} */
        public String cipherSuite() {
            return cipherSuite;
        }

        /**
         * {@return the key exchange group, such as {@code X25519MLKEM768}} Empty if the JDK does not provide it (only newer JDKs do) and
         * for resumed TLS 1.2 sessions.
         */
        public Optional<String> group() {
            return group;
        }

        /** {@return the DNS names and IP addresses of the server's certificate, at most 20, or its subject if it has none; cleaned} */
        public List<String> names() {
            return names;
        }

        /** {@return the SHA-256 fingerprint of the certificate, in lower-case hexadecimal} */
        public String fingerprint() {
            return fingerprint;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Handshake that
                    && protocol.equals(that.protocol)
                    && cipherSuite.equals(that.cipherSuite)
                    && group.equals(that.group)
                    && names.equals(that.names)
                    && fingerprint.equals(that.fingerprint);
        }

        @Override
        public int hashCode() {
            return Objects.hash(protocol, cipherSuite, group, names, fingerprint);
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
