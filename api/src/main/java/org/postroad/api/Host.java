// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.Optional;
import java.util.function.Function;

/** Something that can be connected to: a name, whose addresses DNS knows, or an address that needs no DNS. */
public sealed interface Host permits HostName, IpAddress {

    /**
     * Reads a host name, a bare address, or an address literal in square brackets.
     *
     * @throws IllegalArgumentException if the text is none of them
     */
    static Host parse(String text) {
        if (text.startsWith("[")) {
            return IpAddress.parseLiteral(text);
        }
        return IpAddress.tryParse(text)
                .<Host>map(address -> address)
                .orElseGet(() -> nameOrAddress(HostName.parse(text)));
    }

    /** A final dot, which is allowed, makes no name of an address. */
    private static Host nameOrAddress(HostName name) {
        return IpAddress.tryParse(name.text()).<Host>map(address -> address).orElse(name);
    }

    /** The result of the function that fits. */
    default <R> R fold(Function<HostName, R> ifName, Function<IpAddress, R> ifAddress) {
        return this instanceof HostName name ? ifName.apply(name) : ifAddress.apply((IpAddress) this);
    }

    /** The name, if this is one. */
    default Optional<HostName> name() {
        return fold(Optional::of, address -> Optional.empty());
    }
}
