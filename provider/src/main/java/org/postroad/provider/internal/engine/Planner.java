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
import org.postroad.provider.internal.connect.Diallers;
import org.postroad.provider.internal.connect.HintedOrder;
import org.postroad.provider.internal.connect.OwnAddresses;
import org.postroad.provider.internal.connect.SocketConnector;
import org.postroad.provider.internal.connect.SourceAddresses;
import org.postroad.provider.internal.deliver.BrokenExtensions;
import org.postroad.provider.internal.deliver.Connections;
import org.postroad.provider.internal.deliver.DomainDelivery;
import org.postroad.provider.internal.deliver.DomainDelivery.Terms;
import org.postroad.provider.internal.deliver.LargeHellos;
import org.postroad.provider.internal.deliver.MailObject;
import org.postroad.provider.internal.deliver.TlsPolicy;
import org.postroad.provider.internal.deliver.TlsPolicy.StsSource;
import org.postroad.provider.internal.deliver.Tools;
import org.postroad.provider.internal.dns.KeepingMailDns;
import org.postroad.provider.internal.engine.Resolvers.Resolving;
import org.postroad.provider.internal.route.AddressRules;
import org.postroad.provider.internal.route.ErrorPolicy;
import org.postroad.provider.internal.route.Request;
import org.postroad.provider.internal.route.RoutingSettings;
import org.postroad.provider.internal.route.Standpoint;
import org.postroad.provider.internal.smtp.Repetition;
import org.postroad.provider.internal.smtp.SmtpSettings;
import org.postroad.provider.internal.smtp.Watchdog;
import org.postroad.provider.internal.tls.JvmTrust;
import org.postroad.provider.internal.tls.TlsUpgrade;
import org.postroad.provider.internal.tlsrpt.TlsCounts;
import org.postroad.spi.Connector;
import org.postroad.spi.DeliveryListener;
import org.postroad.spi.RelaySelector;

/** Wires up one send: settings, the send's plug-ins, and the current state of the local network. Thread-safe. */
final class Planner {

    private final Settings settings;
    private final Executor helpers;
    private final Resolvers resolvers;
    private final Connections connections;
    private final Optional<TlsCounts> tlsCounts;
    private final OwnAddresses ownAddresses;
    private final SourceAddresses sources;
    private final Connector ownConnector;
    private final Diallers diallers;
    private final RelaySelector ownRelays;
    private final TlsUpgrade tls;
    private final BrokenExtensions broken = new BrokenExtensions(Deadline.STEADY);
    private final LargeHellos hellos = new LargeHellos(Deadline.STEADY);

    /**
     * @param helpers has a free thread for every task
     * @param trust the trust store
     * @param tlsCounts counts the TLS results of every delivery
     */
    Planner(
            Settings settings,
            Executor helpers,
            Resolvers resolvers,
            Connections connections,
            JvmTrust trust,
            Optional<TlsCounts> tlsCounts) {
        this.settings = settings;
        this.helpers = helpers;
        this.resolvers = resolvers;
        this.connections = connections;
        this.tlsCounts = tlsCounts;
        this.ownAddresses = new OwnAddresses(settings.identity().ownAddresses(), Deadline.STEADY);
        this.sources = new SourceAddresses(settings.connect().local(), Deadline.STEADY);
        this.ownConnector = new SocketConnector(settings.connect().socks());
        this.diallers = new Diallers(settings.connect(), helpers, Deadline.STEADY);
        this.ownRelays = new ConfiguredRelays(settings.relays());
        this.tls = TlsUpgrade.with(settings.tls(), trust);
    }

    /** What the deliveries of one send share. */
    record Plan(
            Planner planner,
            MailObject mail,
            Tools tools,
            DialRules.Now rules,
            RoutingSettings routing,
            DomainDelivery.Sources asked,
            Terms terms) {

        Request request(Domain domain, List<Mailbox> own) {
            return planner.request(new Request.Envelope(domain, mail.envelope().sender(), own), rules, routing);
        }

        DomainDelivery delivery(Request request) {
            return new DomainDelivery(request, asked, tools, mail, terms);
        }
    }

    /** Prepares one send. Waits for DNS if a NAT64 prefix may be needed and is not known. */
    Plan plan(MailObject mail, Manner manner, Terms terms, Watchdog waits) throws InterruptedException {
        Resolving resolving = resolvers.of(manner.plugins());
        return new Plan(
                this,
                mail,
                tools(mail, manner, resolving, waits),
                resolving.rules().now(terms.deadline()),
                routing(manner),
                asked(manner.retry().anew() ? resolving.dns().fresh() : resolving.dns(), manner.plugins()),
                terms);
    }

    private Request request(Request.Envelope envelope, DialRules.Now rules, RoutingSettings routing) {
        return new Request(
                envelope,
                settings.routes().nextHop(envelope.domain()),
                new Standpoint(rules.families(), settings.identity().localNames(), ownAddresses.current()),
                addressRules(rules),
                routing,
                ThreadLocalRandom.current().nextLong());
    }

    private RoutingSettings routing(Manner manner) {
        RoutingSettings configured = settings.routing();
        RoutingSettings wished = manner.plugins()
                .addressOrder()
                .map(order -> configured.with(new CheckedOrder(order)))
                .orElse(configured);
        return manner.retry()
                .first()
                .map(first -> wished.with(new HintedOrder(first, wished.addressOrder())))
                .orElse(wished);
    }

    private static AddressRules addressRules(DialRules.Now rules) {
        return new AddressRules() {
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

    private Tools tools(MailObject mail, Manner manner, Resolving resolving, Watchdog waits) {
        Connector connector = connector(manner.plugins());
        SmtpSettings smtp = new SmtpSettings(
                        manner.self(),
                        settings.wire().replyTimeout(),
                        settings.wire().finalReplyTimeout(),
                        settings.wire().writeTimeout(),
                        settings.wire().pipelining(),
                        settings.wire().chunking())
                .with(new Repetition(ErrorPolicy::isCommandRefused, ErrorPolicy::mayMeanParameters));
        return new Tools(
                diallers.through(connector).withLog(line -> manner.log().note(() -> line)),
                tls,
                smtp,
                waits,
                manner.log(),
                Deadline.STEADY,
                policy(
                        mail,
                        manner,
                        settings.trust().mtaSts() ? resolving.policies().through(connector) : StsSource.NONE),
                settings.wire().maxRecipients(),
                connections,
                broken,
                hellos);
    }

    private TlsPolicy policy(MailObject mail, Manner manner, StsSource policies) {
        Settings.Trust trust = settings.trust();
        return new TlsPolicy(
                trust.startTls(),
                trust.fallback() && manner.retry().inTheClear(),
                trust.dane(),
                policies,
                mail.envelope().tls());
    }

    private DomainDelivery.Sources asked(KeepingMailDns dns, Plugins plugins) {
        DeliveryListener listener = event -> {
            tlsCounts.ifPresent(counts -> counts.on(event));
            plugins.listener().ifPresent(told -> tell(told, event));
        };
        return new DomainDelivery.Sources(
                dns, helpers, sources, plugins.relaySelector().orElse(ownRelays), listener);
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
