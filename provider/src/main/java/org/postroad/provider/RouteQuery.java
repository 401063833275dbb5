// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.postroad.api.AuditOptions;
import org.postroad.api.AuditReport;
import org.postroad.api.Domain;
import org.postroad.api.DomainRoute;
import org.postroad.api.Host;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Mailbox;
import org.postroad.api.ProbeOptions;
import org.postroad.api.ProbeReport;
import org.postroad.api.ProbedDomain;
import org.postroad.api.RoutePlan;
import org.postroad.api.TlsDemand;
import org.postroad.provider.internal.config.Settings;
import org.postroad.provider.internal.config.SettingsException;
import org.postroad.provider.internal.engine.Engine;
import org.postroad.provider.internal.engine.PluginDiscovery;
import org.postroad.provider.internal.engine.SendOptions;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.jakarta.DebugOutput;
import org.postroad.provider.internal.jakarta.Recipients;

/** Finds out where mail would go, or what the hosts there do, with the settings and plug-ins of a Session. Used once. */
final class RouteQuery {

    /** Name in EHLO for a plan, which does not need it. A host without a name of its own can plan, too. */
    private static final Host UNUSED_NAME = IpAddress.parse("127.0.0.1");

    private final Session session;
    private final Recipients recipients;
    private final Properties properties;
    private final Engine engine;

    private RouteQuery(Session session, Address[] addresses) throws MessagingException {
        this.session = session;
        this.recipients = Recipients.read(addresses);
        this.properties = Engines.properties(session);
        this.engine = Engines.engine(properties);
    }

    /** A question to the engine. */
    @FunctionalInterface
    private interface EngineCall {
        void ask(SendOptions options) throws InterruptedException;
    }

    /** @throws MessagingException as {@link Postroad#route} */
    static RoutePlan route(Session session, Address[] addresses) throws MessagingException {
        RouteQuery query = new RouteQuery(session, addresses);
        List<DomainRoute> domains = new ArrayList<>();
        if (!query.recipients.mailboxes().isEmpty()) {
            Envelope envelope = query.envelope();
            query.ask(UNUSED_NAME, options -> domains.addAll(query.engine.route(envelope, options)));
        }
        return new RoutePlan(domains, query.recipients.invalid());
    }

    /** @throws MessagingException as {@link Postroad#probe} */
    static ProbeReport probe(Session session, ProbeOptions choice, Address[] addresses) throws MessagingException {
        RouteQuery query = new RouteQuery(session, addresses);
        List<ProbedDomain> domains = new ArrayList<>();
        if (!query.recipients.mailboxes().isEmpty()) {
            Envelope envelope = query.envelope();
            query.ask(OwnName.of(query.engine.settings()), options -> {
                for (List<Mailbox> some : envelope.byDomain().values()) {
                    domains.add(query.engine.probe(envelope.only(some), options, choice));
                }
            });
        }
        return new ProbeReport(domains, query.recipients.invalid());
    }

    /** @throws MessagingException as {@link Postroad#audit} */
    static AuditReport audit(Session session, Domain domain, AuditOptions choice) throws MessagingException {
        if (!(domain.host() instanceof HostName)) {
            throw new IllegalArgumentException("The domain " + domain
                    + " is an address literal; an audit needs a domain name such as example.org");
        }
        InternetAddress postmaster = new InternetAddress();
        postmaster.setAddress("postmaster@" + domain);
        RouteQuery query = new RouteQuery(session, new Address[] {postmaster});
        if (query.recipients.mailboxes().isEmpty()) { // the domain leaves no room for the local part
            throw new IllegalArgumentException(query.recipients.invalid().get(0).toString());
        }
        List<AuditReport> reports = new ArrayList<>();
        Envelope envelope = query.envelope();
        Host self = choice.connectionsPerAddress() > 0 ? OwnName.of(query.engine.settings()) : UNUSED_NAME;
        query.ask(self, options -> reports.add(query.engine.audit(envelope, options, choice)));
        return reports.get(0);
    }

    private void ask(Host self, EngineCall call) throws MessagingException {
        Engines.asMessagingException(() -> {
            try (PluginDiscovery implementations = new PluginDiscovery(properties)) {
                call.ask(new SendOptions(
                        self,
                        true,
                        DebugOutput.of(session),
                        implementations.plugins(),
                        Optional.empty(),
                        SendOptions.Retry.NONE));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new MessagingException("The question was interrupted", e);
            }
        });
    }

    private Envelope envelope() throws MessagingException {
        return Engines.read(() -> envelope(engine.settings(), recipients.mailboxes()));
    }

    private static Envelope envelope(Settings settings, List<Mailbox> recipients) {
        return new Envelope(
                sender(settings),
                recipients.stream().map(Envelope.Recipient::of).toList(),
                Optional.empty(),
                Optional.empty(),
                settings.sending().requireTls() ? TlsDemand.REQUIRED : TlsDemand.NONE);
    }

    /** Returns the reverse-path that {@code mail.mx.from} names: it may decide about a relay. */
    private static Optional<Mailbox> sender(Settings settings) {
        try {
            return settings.identity()
                    .from()
                    .filter(from -> !from.equals(Settings.NULL_SENDER))
                    .map(Recipients::mailbox);
        } catch (IllegalArgumentException e) {
            throw new SettingsException("The property mail.mx.from cannot be used: " + e.getMessage(), e);
        }
    }
}
