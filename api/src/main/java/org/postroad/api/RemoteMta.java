// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/**
 * One address of one host that is, or was, contacted.
 *
 * @param role as what
 * @param host the mail exchanger, the relay, or the address literal
 * @param address the address dialled; under NAT64 the synthesized one
 * @param port 1 to 65535
 */
public record RemoteMta(Role role, Host host, IpAddress address, int port) {

    /** As what a host is contacted. */
    public enum Role {
        /** A mail exchanger of the recipient domain, by MX record or implicit. */
        MAIL_EXCHANGER,
        /** A next hop of {@code mail.mx.routes}. */
        ROUTE,
        /** An external relay. */
        RELAY,
        /**
         * No MTA: the web server that has the MTA-STS policy of the recipient domain (RFC 8461 §3.3); only a {@code Connector}
         * meets it.
         */
        POLICY_HOST,
        /** No MTA: a web server that takes TLS reports for the recipient domain (RFC 8460 §3); only a {@code Connector} meets it. */
        REPORT_HOST;

        /** Whether mail goes there. */
        public boolean isMta() {
            return this != POLICY_HOST && this != REPORT_HOST;
        }
    }

    public RemoteMta {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("The port " + port + " is not between 1 and 65535");
        }
    }

    public Family family() {
        return address.family();
    }

    /** {@code mx.example.org[192.0.2.1]:25}. */
    @Override
    public String toString() {
        return (host instanceof HostName ? host.toString() : "") + "[" + address + "]:" + port;
    }
}
