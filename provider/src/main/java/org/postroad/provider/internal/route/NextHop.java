// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import org.postroad.api.Domain;
import org.postroad.api.Host;
import org.postroad.api.HostName;
import org.postroad.api.RemoteMta.Role;

/**
 * Where the mail for a domain is sent, before DNS is queried.
 *
 * @param host the name to look up, or the address
 * @param lookUpMx whether MX records are looked up; never for an address
 * @param port of its hosts
 * @param role in which its hosts are contacted
 */
public record NextHop(Host host, boolean lookUpMx, int port, Role role) {

    public NextHop {
        if (lookUpMx && !(host instanceof HostName)) {
            throw new IllegalArgumentException("MX records are looked up for names, not for the address " + host);
        }
    }

    /** Returns the domain's own mail exchangers (LOOKUP-01), or the address of its literal (LOOKUP-06). */
    public static NextHop of(Domain domain, int port) {
        return new NextHop(domain.host(), domain.host() instanceof HostName, port, Role.MAIL_EXCHANGER);
    }

    /** Returns whether the configuration names this host itself, so that neither the address guard nor ORDER-08 applies. */
    boolean isConfiguredHost() {
        return role == Role.ROUTE && !lookUpMx;
    }
}
