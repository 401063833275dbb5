// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.postroad.api.Domain;
import org.postroad.api.Host;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Printable;
import org.postroad.api.RemoteMta;
import org.postroad.provider.internal.dns.Idna;
import org.postroad.provider.internal.route.NextHop;
import org.postroad.provider.internal.route.Routes;
import org.postroad.provider.internal.route.Routes.Pattern;

/**
 * Reads {@code mail.mx.routes}: {@code example.org=[mx.internal]:2525; .example.net=hub.example.com; *=...}. A next hop in brackets is a
 * host or an address; without brackets it is a name whose mail exchangers are looked up, as in Postfix's transport table.
 */
final class RouteReader {

    static final String ALLOWED =
            "routes such as example.org=[mx.internal]:2525; .example.net=hub.example.com; *=[192.0.2.1]";

    private static final int MAX_PORT = 65535;

    private final int standardPort;

    /** @param standardPort the port of next hops without one */
    RouteReader(int standardPort) {
        this.standardPort = standardPort;
    }

    /**
     * Parses all routes.
     *
     * @throws IllegalArgumentException naming the entry that is wrong
     */
    Routes read(String text) {
        Map<Pattern, NextHop> routes = new HashMap<>();
        for (String entry : text.split(";")) {
            if (!entry.isBlank()) {
                int equals = entry.indexOf('=');
                if (equals < 0) {
                    throw new IllegalArgumentException("the entry " + Printable.quote(entry.strip()) + " has no =");
                }
                Pattern pattern = pattern(entry.substring(0, equals).strip());
                if (routes.put(pattern, nextHop(entry.substring(equals + 1).strip())) != null) {
                    throw new IllegalArgumentException("there are two routes for "
                            + Printable.quote(entry.substring(0, equals).strip()));
                }
            }
        }
        return new Routes(routes, standardPort);
    }

    private static Pattern pattern(String text) {
        if (text.equals("*")) {
            return new Routes.Everything();
        }
        if (text.startsWith(".")) {
            return new Routes.Below(Idna.toHostName(text.substring(1)));
        }
        return new Routes.Only(text.startsWith("[") ? Domain.parse(text) : new Domain(Idna.toHostName(text)));
    }

    private NextHop nextHop(String text) {
        if (!text.startsWith("[")) {
            int colon = text.indexOf(':');
            HostName name = Idna.toHostName(colon < 0 ? text : text.substring(0, colon));
            return new NextHop(name, true, port(colon < 0 ? "" : text.substring(colon)), RemoteMta.Role.ROUTE);
        }
        int close = text.indexOf(']');
        if (close < 0) {
            throw new IllegalArgumentException("the next hop " + Printable.quote(text) + " has no ]");
        }
        Host host = host(text.substring(1, close));
        return new NextHop(host, false, port(text.substring(close + 1)), RemoteMta.Role.ROUTE);
    }

    private static Host host(String text) {
        return text.indexOf(':') >= 0
                ? IpAddress.parseLiteral("[" + text + "]")
                : Host.parse(Idna.toHostName(text).text());
    }

    private int port(String text) {
        if (text.isEmpty()) {
            return standardPort;
        }
        return Optional.of(text.substring(1))
                .filter(digits -> text.startsWith(":"))
                .flatMap(digits -> PropertyReader.number(digits, 1, MAX_PORT))
                .orElseThrow(() -> new IllegalArgumentException(
                        "the port " + Printable.quote(text) + " is not : and a number from 1 to " + MAX_PORT));
    }
}
