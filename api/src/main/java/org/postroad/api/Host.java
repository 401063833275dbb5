// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.Optional;
import java.util.function.Function;

/** A host to connect to: a name, whose addresses are looked up in DNS, or an IP address. */
public sealed interface Host permits HostName, IpAddress {

    /**
     * {@return the host with this text: a host name, a bare IP address, or an address literal in square brackets}
     *
     * @throws IllegalArgumentException if the text is none of these
     */
    static Host parse(String text) {
        if (text.startsWith("[")) {
            return IpAddress.parseLiteral(text);
        }
        return IpAddress.tryParse(text)
                .<Host>map(address -> address)
                .orElseGet(() -> nameOrAddress(HostName.parse(text)));
    }

    /** Keeps an address with a final dot, such as {@code 192.0.2.1.}, from becoming a host name. */
    private static Host nameOrAddress(HostName name) {
        return IpAddress.tryParse(name.text()).<Host>map(address -> address).orElse(name);
    }

    /** {@return the result of the function for the actual kind of host; the other one is not called} */
    default <R> R fold(Function<HostName, R> ifName, Function<IpAddress, R> ifAddress) {
        return this instanceof HostName name ? ifName.apply(name) : ifAddress.apply((IpAddress) this);
    }

    /** {@return the host name, or empty if this is an address} */
    default Optional<HostName> name() {
        return fold(Optional::of, address -> Optional.empty());
    }
}
