// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import java.util.Map;
import java.util.Optional;
import org.postroad.api.Domain;
import org.postroad.api.HostName;

/**
 * The next hops that configuration names ({@code mail.mx.routes}). The most particular pattern decides: the domain itself, then the
 * nearest domain above it, then everything.
 *
 * @param byPattern what to do with which domains
 * @param port where the mail exchangers of all other domains listen
 */
public record Routes(Map<Routes.Pattern, NextHop> byPattern, int port) {

    public Routes {
        byPattern = Map.copyOf(byPattern);
    }

    /** Which domains. */
    public sealed interface Pattern {}

    /** One domain. */
    public record Only(Domain domain) implements Pattern {}

    /** The domains below this one, not itself. */
    public record Below(HostName parent) implements Pattern {}

    /** Every domain. */
    public record Everything() implements Pattern {}

    /** Where the mail for a domain goes: to its own mail exchangers where no pattern fits. */
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
