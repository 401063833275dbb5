// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.postroad.api.DomainRoute;
import org.postroad.api.Host;
import org.postroad.api.IpAddress;
import org.postroad.api.Mailbox;
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

/** Finds out where mail would go, with the settings and plug-ins of a Session. */
final class RouteQuery {

    /** Name in EHLO, which is not said here. A host without a name of its own can plan, too. */
    private static final Host UNUSED_NAME = IpAddress.parse("127.0.0.1");

    private RouteQuery() {}

    /** @throws MessagingException as {@link Postroad#route} */
    static RoutePlan ask(Session session, Address[] addresses) throws MessagingException {
        Recipients recipients = Recipients.read(addresses);
        Properties properties = Engines.properties(session);
        Engine engine = Engines.engine(properties);
        List<DomainRoute> domains = new ArrayList<>();
        if (!recipients.mailboxes().isEmpty()) {
            Envelope envelope = Engines.read(() -> envelope(engine.settings(), recipients.mailboxes()));
            Engines.asMessagingException(() -> {
                try (PluginDiscovery implementations = new PluginDiscovery(properties)) {
                    SendOptions options = new SendOptions(
                            UNUSED_NAME,
                            true,
                            DebugOutput.of(session),
                            implementations.plugins(),
                            Optional.empty(),
                            SendOptions.Retry.NONE);
                    domains.addAll(engine.route(envelope, options));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new MessagingException("Finding the route was interrupted", e);
                }
            });
        }
        return new RoutePlan(domains, recipients.invalid());
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
