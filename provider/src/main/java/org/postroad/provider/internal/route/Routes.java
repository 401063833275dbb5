// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import java.util.Map;
import java.util.Optional;
import org.postroad.api.Domain;
import org.postroad.api.HostName;

/**
 * The configured next hops ({@code mail.mx.routes}). The most specific pattern wins: the domain itself, then its nearest parent domain,
 * then everything.
 *
 * @param byPattern the next hop of each pattern
 * @param port port of the mail exchangers of all other domains
 */
public record Routes(Map<Routes.Pattern, NextHop> byPattern, int port) {

    public Routes {
        byPattern = Map.copyOf(byPattern);
    }

    /** The domains to which a route applies. */
    public sealed interface Pattern {}

    /** One domain. */
    public record Only(Domain domain) implements Pattern {}

    /** The domains below this one, not itself. */
    public record Below(HostName parent) implements Pattern {}

    /** Every domain. */
    public record Everything() implements Pattern {}

    /** Returns the next hop for a domain: its own mail exchangers if no pattern matches. */
    public NextHop nextHop(Domain domain) {
        if (byPattern.isEmpty()) {
            return NextHop.of(domain, port);
        }
        return find(new Only(domain))
                .or(() -> domain.host().fold(this::findAbove, address -> Optional.empty()))
                .or(() -> find(new Everything()))
                .orElseGet(() -> NextHop.of(domain, port));
    }

    private Optional<NextHop> findAbove(HostName name) {
        String text = name.text();
        for (int dot = text.indexOf('.'); dot != -1; dot = text.indexOf('.', dot + 1)) {
            Optional<NextHop> found = find(new Below(HostName.parse(text.substring(dot + 1))));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private Optional<NextHop> find(Pattern pattern) {
        return Optional.ofNullable(byPattern.get(pattern));
    }
}
