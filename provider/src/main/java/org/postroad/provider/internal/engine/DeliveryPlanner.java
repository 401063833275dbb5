// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import org.postroad.api.Deadline;
import org.postroad.api.Domain;
import org.postroad.api.IpAddress;
import org.postroad.api.Mailbox;
import org.postroad.provider.internal.config.Settings;
import org.postroad.provider.internal.config.Settings.Plugins;
import org.postroad.provider.internal.connect.CheckedOrder;
import org.postroad.provider.internal.connect.DialRules;
import org.postroad.provider.internal.connect.DiallerFactory;
import org.postroad.provider.internal.connect.HintedOrder;
import org.postroad.provider.internal.connect.OwnAddresses;
import org.postroad.provider.internal.connect.SocketConnector;
import org.postroad.provider.internal.connect.SourceAddresses;
import org.postroad.provider.internal.deliver.BrokenExtensions;
import org.postroad.provider.internal.deliver.ConnectionPool;
import org.postroad.provider.internal.deliver.ContactTools;
import org.postroad.provider.internal.deliver.DomainDelivery;
import org.postroad.provider.internal.deliver.DomainDelivery.Terms;
import org.postroad.provider.internal.deliver.LargeHellos;
import org.postroad.provider.internal.deliver.MailObject;
import org.postroad.provider.internal.deliver.TlsPreferences;
import org.postroad.provider.internal.deliver.TlsPreferences.StsSource;
import org.postroad.provider.internal.dns.CachedMailDns;
import org.postroad.provider.internal.engine.Resolvers.Resolving;
import org.postroad.provider.internal.route.AddressPolicy;
import org.postroad.provider.internal.route.ErrorPolicy;
import org.postroad.provider.internal.route.LocalHost;
import org.postroad.provider.internal.route.RoutingRequest;
import org.postroad.provider.internal.route.RoutingSettings;
import org.postroad.provider.internal.smtp.Repetition;
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
    private final LargeHellos hellos = new LargeHellos(Deadline.MONOTONIC);

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
        this.tls = TlsHandshakes.with(settings.tls(), trust);
    }

    /** What the deliveries of one send share. */
    record SendPlan(
            DeliveryPlanner planner,
            MailObject mail,
            ContactTools tools,
            DialRules.Now rules,
            RoutingSettings routing,
            DomainDelivery.Services asked,
            Terms terms) {

        RoutingRequest request(Domain domain, List<Mailbox> own) {
            return planner.request(
                    new RoutingRequest.Addressees(domain, mail.envelope().sender(), own), rules, routing);
        }

        DomainDelivery delivery(RoutingRequest request) {
            return new DomainDelivery(request, asked, tools, mail, terms);
        }
    }

    /** Prepares one send. Waits for DNS if a NAT64 prefix may be needed and is not known. */
    SendPlan plan(MailObject mail, SendOptions manner, Terms terms, Watchdog waits) throws InterruptedException {
        Resolving resolving = resolvers.of(manner.plugins());
        return new SendPlan(
                this,
                mail,
                tools(mail, manner, resolving, waits),
                resolving.rules().now(terms.deadline()),
                routing(manner),
                asked(manner.retry().freshDns() ? resolving.dns().fresh() : resolving.dns(), manner.plugins()),
                terms);
    }

    private RoutingRequest request(RoutingRequest.Addressees envelope, DialRules.Now rules, RoutingSettings routing) {
        return new RoutingRequest(
                envelope,
                settings.routes().nextHop(envelope.domain()),
                new LocalHost(rules.families(), settings.identity().localNames(), ownAddresses.current()),
                addressRules(rules),
                routing,
                ThreadLocalRandom.current().nextLong());
    }

    private RoutingSettings routing(SendOptions manner) {
        RoutingSettings configured = settings.routing();
        RoutingSettings wished = manner.plugins()
                .addressOrder()
                .map(order -> configured.with(new CheckedOrder(order)))
                .orElse(configured);
        return manner.retry()
                .firstAddress()
                .map(first -> wished.with(new HintedOrder(first, wished.addressOrder())))
                .orElse(wished);
    }

    private static AddressPolicy addressRules(DialRules.Now rules) {
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
     * @throws IllegalArgumentException if there is a SOCKS proxy as well, which the connector of the plug-ins would silently bypass
     */
    Connector connector(Plugins plugins) {
        if (plugins.connector().isPresent() && settings.connect().socks().isPresent()) {
            throw new IllegalArgumentException("The property mail.mx.socks.host is set, and the connector "
                    + plugins.connector().get().getClass().getName()
                    + " would go around that proxy; allowed is one of the two");
        }
        return plugins.connector().orElse(ownConnector);
    }

    private ContactTools tools(MailObject mail, SendOptions manner, Resolving resolving, Watchdog waits) {
        Connector connector = connector(manner.plugins());
        SmtpSettings smtp = new SmtpSettings(
                        manner.self(),
                        settings.wire().replyTimeout(),
                        settings.wire().finalReplyTimeout(),
                        settings.wire().writeTimeout(),
                        settings.wire().pipelining(),
                        settings.wire().chunking())
                .with(new Repetition(ErrorPolicy::isCommandRefused, ErrorPolicy::mayMeanParameters));
        return new ContactTools(
                diallers.through(connector).withLog(line -> manner.log().note(() -> line)),
                tls,
                smtp,
                waits,
                manner.log(),
                Deadline.MONOTONIC,
                policy(
                        mail,
                        manner,
                        settings.trust().mtaSts() ? resolving.policies().through(connector) : StsSource.NONE),
                settings.wire().maxRecipients(),
                connections,
                broken,
                hellos);
    }

    private TlsPreferences policy(MailObject mail, SendOptions manner, StsSource policies) {
        Settings.Tls trust = settings.trust();
        return new TlsPreferences(
                trust.startTls(),
                trust.fallback() && manner.retry().allowPlaintext(),
                trust.dane(),
                policies,
                mail.envelope().tls());
    }

    private DomainDelivery.Services asked(CachedMailDns dns, Plugins plugins) {
        DeliveryListener listener = event -> {
            tlsCounts.ifPresent(counts -> counts.on(event));
            plugins.listener().ifPresent(told -> tell(told, event));
        };
        return new DomainDelivery.Services(
                dns, helpers, sources, relays(plugins), listener);
    }

    private RelaySelector relays(Plugins plugins) {
        if (plugins.relaySelector().isPresent()) {
            return plugins.relaySelector().get();
        }
        return plugins.relayCredentials().isPresent()
                ? new ConfiguredRelays(settings.relays(), plugins.relayCredentials())
                : ownRelays;
    }

    /** Passes an event to a listener. An exception of the listener is logged and does not stop the delivery. */
    static void tell(DeliveryListener listener, org.postroad.api.DeliveryEvent event) {
        try {
            listener.on(event);
        } catch (RuntimeException | LinkageError e) {
            System.getLogger(Engine.class.getName()).log(System.Logger.Level.WARNING, "A delivery listener failed", e);
        }
    }
}
