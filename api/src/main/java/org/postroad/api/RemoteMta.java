// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/**
 * One address of a host that is or was contacted.
 *
 * @param role the role of the host
 * @param host the mail exchanger, the relay, or the address literal
 * @param address the address contacted; the synthesized one if NAT64 is used
 * @param port 1 to 65535
 */
public record RemoteMta(Role role, Host host, IpAddress address, int port) {

    /** The role in which a host is contacted. */
    public enum Role {
        /** A mail exchanger of the recipient domain, from an MX record or implicit. */
        MAIL_EXCHANGER,
        /** A next hop from {@code mail.mx.routes}. */
        ROUTE,
        /** An external relay. */
        RELAY,
        /**
         * Not an MTA: the web server that publishes the MTA-STS policy of the recipient domain (RFC 8461 §3.3). Only a
         * {@code Connector} receives it.
         */
        POLICY_HOST,
        /**
         * Not an MTA: a web server that accepts TLS reports for the recipient domain (RFC 8460 §3). Only a {@code Connector}
         * receives it.
         */
        REPORT_HOST;

        /** {@return whether mail is sent to this host} */
        public boolean isMta() {
            return this != POLICY_HOST && this != REPORT_HOST;
        }
    }

    /**
     * Checks the port.
     *
     * @throws IllegalArgumentException if the port is out of range
     */
    public RemoteMta {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("The port " + port + " is not between 1 and 65535");
        }
    }

    /** {@return the family of the address} */
    public Family family() {
        return address.family();
    }

    /** {@return {@code mx.example.org[192.0.2.1]:25}} */
    @Override
    public String toString() {
        return (host instanceof HostName ? host.toString() : "") + "[" + address + "]:" + port;
    }
}
