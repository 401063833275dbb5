// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.https;

import java.util.Optional;
import java.util.function.Function;
import org.postroad.api.IpAddress;

/** Rules of a dual-stack host, which connects to permitted addresses as published. */
public record TestRules(Function<IpAddress, Optional<String>> guard) implements WebAddresses.Rules {

    public static WebAddresses.RulesSource guardedBy(Function<IpAddress, Optional<String>> guard) {
        return deadline -> new TestRules(guard);
    }

    @Override
    public Optional<String> refusal(IpAddress address) {
        return guard.apply(address);
    }

    @Override
    public Optional<IpAddress> addressToDial(IpAddress address) {
        return Optional.of(address);
    }

    @Override
    public Optional<String> nat64Failure() {
        return Optional.empty();
    }
}
