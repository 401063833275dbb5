// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.enterprise.inject.Vetoed;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.mail.MessagingException;
import java.util.List;
import java.util.Properties;
import org.postroad.api.Relay;
import org.postroad.provider.internal.engine.ConfiguredRelays;
import org.postroad.provider.internal.engine.PluginDiscovery;
import org.postroad.spi.RelaySelector;


/**
 * Chooses the relays of {@code mail.mx.relay}, {@code mail.mx.relay.ipv4} and {@code mail.mx.relay.ipv6}, as Postroad does if an application
 * has no selector, for applications that put their own {@link RelaySelector} around it. The source of credentials
 * ({@code mail.mx.relay.credentials}) is looked up when it is created. Thread-safe.
 */
@Singleton
@Vetoed // a producer makes it in CDI containers, without the type of the interface: it must not compete with the application's bean
public final class BuiltInRelaySelector implements RelaySelector {

    private final RelaySelector relays;

    /**
     * Creates it.
     *
     * @param settings properties as those of a Session
     * @throws MessagingException if a property is wrong, or there are several sources of credentials
     */
    @Inject
    public BuiltInRelaySelector(@Mx Properties settings) throws MessagingException {
        this.relays = Engines.builtIn(settings,
                read -> new ConfiguredRelays(read.relays(), PluginDiscovery.relayCredentials(settings)));
    }

    @Override
    public List<Relay> select(Question question) {
        return relays.select(question);
    }
}
