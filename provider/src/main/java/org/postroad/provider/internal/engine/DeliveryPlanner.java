// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import java.util.Optional;
import java.util.concurrent.Executor;
import org.postroad.api.Deadline;
import org.postroad.api.IpAddress;
import org.postroad.provider.internal.config.Settings;
import org.postroad.provider.internal.config.Settings.Plugins;
import org.postroad.provider.internal.config.SettingsException;
import org.postroad.provider.internal.connect.AddressOrders;
import org.postroad.provider.internal.connect.CheckedOrder;
import org.postroad.provider.internal.connect.DialRules;
import org.postroad.provider.internal.connect.DiallerFactory;
import org.postroad.provider.internal.connect.OwnAddresses;
import org.postroad.provider.internal.connect.SocketConnector;
import org.postroad.provider.internal.connect.SourceAddresses;
import org.postroad.provider.internal.deliver.BrokenExtensions;
import org.postroad.provider.internal.deliver.ConnectionPool;
import org.postroad.provider.internal.deliver.ContactTools;
import org.postroad.provider.internal.deliver.DomainDelivery;
import org.postroad.provider.internal.deliver.HybridGroupFailures;
import org.postroad.provider.internal.deliver.MailObject;
import org.postroad.provider.internal.deliver.RecentCredentials;
import org.postroad.provider.internal.deliver.SendScope;
import org.postroad.provider.internal.deliver.TlsPreferences;
import org.postroad.provider.internal.deliver.TlsPreferences.StsSource;
import org.postroad.provider.internal.dns.CachedMailDns;
import org.postroad.provider.internal.engine.Resolvers.Resolving;
import org.postroad.provider.internal.route.AddressPolicy;
import org.postroad.provider.internal.route.ErrorPolicy;
import org.postroad.provider.internal.route.RoutingRequest;
import org.postroad.provider.internal.route.RoutingSettings;
import org.postroad.provider.internal.smtp.RepetitionRules;
import org.postroad.provider.internal.smtp.SmtpSettings;
import org.postroad.provider.internal.smtp.Watchdog;
import org.postroad.provider.internal.tls.JvmTrust;
import org.postroad.provider.internal.tls.TlsHandshakes;
import org.postroad.provider.internal.tlsrpt.TlsCounts;
import org.postroad.spi.Connector;
import org.postroad.spi.DeliveryListener;
import org.postroad.spi.RelaySelector;

/** Wires up one send: settings, the send's plug-ins, and the current state of the local network. Thread-safe. */
final class DeliveryPlanner {

    private final Settings settings;
    private final Executor helpers;
    private final Resolvers resolvers;
    private final ConnectionPool connections;
    private final Optional<TlsCounts> tlsCounts;
    private final OwnAddresses ownAddresses;
    private final SourceAddresses sources;
    private final Connector ownConnector;
    private final DiallerFactory diallers;
    private final RelaySelector ownRelays;
    private final TlsHandshakes tls;
    private final BrokenExtensions broken = new BrokenExtensions(Deadline.MONOTONIC);
    private final HybridGroupFailures hellos = new HybridGroupFailures(Deadline.MONOTONIC);
    private final RecentCredentials credentials = new RecentCredentials(Deadline.MONOTONIC);

    /**
     * @param helpers has a free thread for every task
     * @param trust the trust store
     * @param tlsCounts counts the TLS results of every delivery
     */
    DeliveryPlanner(
            Settings settings,
            Executor helpers,
            Resolvers resolvers,
            ConnectionPool connections,
            JvmTrust trust,
            Optional<TlsCounts> tlsCounts) {
        this.settings = settings;
        this.helpers = helpers;
        this.resolvers = resolvers;
        this.connections = connections;
        this.tlsCounts = tlsCounts;
        this.ownAddresses = new OwnAddresses(settings.identity().ownAddresses(), Deadline.MONOTONIC);
        this.sources = new SourceAddresses(settings.connect().local(), Deadline.MONOTONIC);
        this.ownConnector = new SocketConnector(settings.connect().socks());
        this.diallers = new DiallerFactory(settings.connect(), helpers, Deadline.MONOTONIC);
        this.ownRelays = new ConfiguredRelays(settings.relays(), Optional.empty());
        this.tls = TlsHandshakes.with(settings.handshakes(), trust);
    }

    /** Returns the diallers, which know the addresses that did not answer. */
    DiallerFactory diallers() {
        return diallers;
    }

    /** Returns the servers that fail on extensions. */
    BrokenExtensions brokenExtensions() {
        return broken;
    }

    /** Prepares one send. Waits for DNS if a NAT64 prefix may be needed and is not known. */
    OneSend plan(SendScope scope, SendOptions options, Watchdog waits) throws InterruptedException {
        Resolving resolving = resolvers.of(options.plugins());
        ContactTools tools = tools(scope.mail(), options, resolving, waits);
        DialRules.Now rules = resolving.rules().now(scope.deadline());
        return new OneSend(
                scope,
                settings.routes(),
                new RoutingRequest.LocalHost(
                        rules.families(), settings.identity().localNames(), ownAddresses.current()),
                addressPolicy(rules),
                routing(options),
                services(options.retry().freshDns() ? resolving.dns().fresh() : resolving.dns(), options.plugins()),
                tools);
    }

    private RoutingSettings routing(SendOptions options) {
        RoutingSettings configured = settings.routing();
        RoutingSettings ordered = options.plugins()
                .addressOrder()
                .map(order -> configured.with(new CheckedOrder(order)))
                .orElse(configured);
        return options.retry()
                .firstAddress()
                .map(first -> ordered.with(AddressOrders.withFirst(first, ordered.addressOrder())))
                .orElse(ordered);
    }

    private static AddressPolicy addressPolicy(DialRules.Now rules) {
        return new AddressPolicy() {
            @Override
            public Optional<String> refusal(IpAddress address) {
                return rules.refusal(address);
            }

            @Override
            public Optional<IpAddress> dialled(IpAddress address) {
                return rules.dialled(address);
            }

            @Override
            public boolean hasNat64() {
                return rules.hasNat64();
            }

            @Override
            public Optional<String> nat64Failure() {
                return rules.nat64Failure();
            }
        };
    }

    /**
     * Returns the connector of the plug-ins, or the built-in one.
     *
     * @throws SettingsException if there is a SOCKS proxy as well, which the connector of the plug-ins would silently bypass
     */
    Connector connector(Plugins plugins) {
        if (plugins.connector().isPresent() && settings.connect().socks().isPresent()) {
            throw new SettingsException("The property mail.mx.socks.host is set, and the connector "
                    + plugins.connector().get().getClass().getName()
                    + " would go around that proxy; allowed is one of the two");
        }
        return plugins.connector().orElse(ownConnector);
    }

    private ContactTools tools(MailObject mail, SendOptions options, Resolving resolving, Watchdog waits) {
        Connector connector = connector(options.plugins());
        SmtpSettings smtp = new SmtpSettings(options.self(), settings.smtp())
                .with(new RepetitionRules(ErrorPolicy::isCommandRefused, ErrorPolicy::mayMeanParameters));
        return new ContactTools(
                diallers.through(connector).withLog(line -> options.log().note(() -> line)),
                tls,
                smtp,
                waits,
                options.log(),
                Deadline.MONOTONIC,
                policy(
                        mail,
                        options,
                        settings.tls().mtaSts() ? resolving.policies().through(connector) : StsSource.NONE),
                settings.delivery().maxRecipients(),
                connections,
                broken,
                hellos,
                credentials);
    }

    private TlsPreferences policy(MailObject mail, SendOptions options, StsSource policies) {
        Settings.Tls configured = settings.tls();
        return new TlsPreferences(
                configured.startTls(),
                configured.fallback() && options.retry().allowPlaintext(),
                configured.dane(),
                policies,
                mail.envelope().tls());
    }

    private DomainDelivery.Services services(CachedMailDns dns, Plugins plugins) {
        Optional<FailsafeListener> ofPlugins = plugins.listener().map(FailsafeListener::new);
        DeliveryListener listener = event -> {
            tlsCounts.ifPresent(counts -> counts.on(event));
            ofPlugins.ifPresent(receiver -> receiver.on(event));
        };
        return new DomainDelivery.Services(dns, helpers, sources, relays(plugins), listener);
    }

    private RelaySelector relays(Plugins plugins) {
        if (plugins.relaySelector().isPresent()) {
            return plugins.relaySelector().get();
        }
        return plugins.relayCredentials().isPresent()
                ? new ConfiguredRelays(settings.relays(), plugins.relayCredentials())
                : ownRelays;
    }
}
